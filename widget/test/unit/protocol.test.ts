import Ajv from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import schema from "../../../docs/protocol.schema.json";
import { kept, readEntry, readReply } from "../../src/talk/messages";
import cards from "../fixtures/cards.json";
import odd from "../fixtures/odd.json";

const isValid = new Ajv({ strict: false }).compile(schema);
const NOT_SHOWN = "This message can't be shown here.";

describe("every card of the protocol", () => {
  for (const [type, message] of Object.entries(cards)) {
    it(`${type} is as the schema says, and is understood`, () => {
      expect(isValid(message), JSON.stringify(isValid.errors)).toBe(true);
      expect(readReply(message)?.card?.type).toBe(message.custom.type);
    });

    it(`${type} comes back from storage as it was`, () => {
      const reply = readReply(message);
      expect(reply && readEntry(JSON.parse(JSON.stringify(kept(reply))))).toMatchObject({
        card: reply?.card,
        text: reply?.text,
      });
    });

    it(`${type} without any one of its fields is shown as words`, () => {
      for (const field of Object.keys(message.custom)) {
        const { [field]: _, ...rest } = message.custom as Record<string, unknown>;
        const broken = { ...message, custom: rest };
        if (isValid(broken) || field === "fallback_text") continue;
        expect(readReply(broken)?.card, `without ${field}`).toBeUndefined();
        expect(readReply(broken)?.text).toBe(message.text);
      }
    });
  }
});

it("answers that may be chosen together come as words or as buttons", () => {
  const several = (given: unknown) => {
    const message = { ...cards.several, custom: { ...cards.several.custom, several: given } };
    return { valid: isValid(message), card: readReply(message)?.card };
  };
  expect(several([{ title: "A CRM", payload: "/answer" }, "A website"])).toMatchObject({
    valid: true,
    card: { several: ["A CRM", "A website"] },
  });
  expect(several([{ payload: "/answer" }])).toEqual({ valid: false, card: undefined });
});

describe("a message that is not as it should be", () => {
  for (const { name, shows, message, broken } of odd) {
    it(`${name}: shows its words`, () => {
      const reply = readReply(message);
      if (shows === null) expect(reply).toBeUndefined();
      else expect(reply?.text || NOT_SHOWN).toBe(shows);
      expect(reply?.card).toBeUndefined();
    });

    it(`${name}: ${broken ? "is against" : "is within"} the schema`, () => {
      expect(isValid(message)).toBe(!broken);
    });
  }
});

it("a visitor's message in a history is read, and anything else is left out", () => {
  expect(readEntry({ id: "1", ts: 1, from: "visitor", text: "hello" })).toMatchObject({
    from: "visitor",
    delivery: "stored",
  });
  for (const nothing of [null, 1, "x", [], {}, { from: "visitor" }]) expect(readEntry(nothing)).toBeUndefined();
});
