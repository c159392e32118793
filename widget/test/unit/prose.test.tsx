import { render } from "preact";
import { describe, expect, it } from "vitest";
import { en } from "../../src/strings/en";
import { Prose } from "../../src/view/Prose";
import { type Setting, Surroundings } from "../../src/view/setting";
import attacks from "../fixtures/attacks.json";

function shown(text: string): HTMLElement {
  const place = document.createElement("div");
  const setting = { strings: en, emit: () => undefined } as unknown as Setting;
  render(
    <Surroundings.Provider value={setting}>
      <Prose text={text} />
    </Surroundings.Provider>,
    place,
  );
  return place;
}

describe("the markup of the protocol", () => {
  it("has paragraphs, lines, items and bold", () => {
    const place = shown("One\ntwo\n\n**Three**\n- four\n- **five**\nsix");
    expect([...place.children].map((child) => child.tagName)).toEqual(["P", "P", "UL", "P"]);
    expect(place.querySelectorAll("br")).toHaveLength(1);
    expect([...place.querySelectorAll("strong")].map((bold) => bold.textContent)).toEqual(["Three", "five"]);
    expect(place.querySelectorAll("li")).toHaveLength(2);
  });

  it("has nothing else: other signs stay as they were written", () => {
    const text = "# no heading, `no code`, _no_ emphasis, [no](https://firm.example/a) link, a < b > c & d";
    expect(shown(text).querySelectorAll("h1, code, em")).toHaveLength(0);
    expect(shown("a < b > c & d").textContent).toBe("a < b > c & d");
  });

  it("makes links of addresses, without the full stop behind them", () => {
    const link = shown("See https://firm.example/a?b=1, or not (http://firm.example/c).").querySelectorAll("a");
    expect([...link].map((one) => one.getAttribute("href"))).toEqual([
      "https://firm.example/a?b=1",
      "http://firm.example/c",
    ]);
    for (const one of link) expect(one.rel).toBe("noopener noreferrer");
  });
});

describe("what somebody wants to smuggle in", () => {
  for (const attack of attacks) {
    it(JSON.stringify(attack), () => {
      for (const text of [attack, `- ${attack}`, `**${attack}**`, `https://firm.example/${attack}`]) {
        const place = shown(text);
        expect(place.querySelectorAll("img, script, svg, iframe, b, style")).toHaveLength(0);
        for (const link of place.querySelectorAll("a")) expect(link.href).toMatch(/^https?:\/\//);
        for (const element of place.querySelectorAll("*")) {
          for (const name of element.getAttributeNames()) expect(name).not.toMatch(/^on|srcdoc|style/);
        }
      }
    });
  }
});
