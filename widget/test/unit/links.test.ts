import { describe, expect, it } from "vitest";
import { safeImage, safeLink } from "../../src/host/links";
import attacks from "../fixtures/attacks.json";

describe("links", () => {
  it("go to web pages, letters and telephones", () => {
    for (const address of [
      "https://firm.example/",
      "http://firm.example/",
      "mailto:hello@firm.example",
      "tel:+15550100",
    ]) {
      expect(safeLink(address)).toBe(address);
    }
  });

  it("go nowhere that runs", () => {
    for (const attack of attacks.filter((one) => !/^https/.test(one))) expect(safeLink(attack), attack).toBeNull();
    expect(safeLink(undefined)).toBeNull();
    expect(safeLink("")).toBeNull();
  });
});

describe("images", () => {
  it("come over https, or from the assistant's own host", () => {
    expect(safeImage("https://pictures.example/a.png", "http://chat.example/")).toBe("https://pictures.example/a.png");
    expect(safeImage("/a.png", "http://chat.example/x/")).toBe("http://chat.example/a.png");
    expect(safeImage("http://other.example/a.png", "http://chat.example/")).toBeNull();
    expect(safeImage("data:image/svg+xml,<svg/>", "https://chat.example/")).toBeNull();
  });
});
