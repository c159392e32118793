import { Decoder as TheirDecoder, Encoder as TheirEncoder } from "socket.io-parser";
import { describe, expect, it } from "vitest";
import { Decoder, Encoder, isPacketValid, PacketType } from "../../src/talk/packets";

const PACKETS = [
  { nsp: "/", type: PacketType.CONNECT, data: { v: 1, token: "t" } },
  { nsp: "/", type: PacketType.DISCONNECT },
  { nsp: "/", type: PacketType.EVENT, data: ["user_uttered", { message: "12 – “a”\n/b, [3]" }] },
  { nsp: "/", type: PacketType.EVENT, id: 12, data: ["history", {}] },
  { nsp: "/", type: PacketType.ACK, id: 3, data: [{ ok: true }] },
  { nsp: "/", type: PacketType.CONNECT_ERROR, data: { message: "no" } },
];

function decoded(decoder: { on(event: "decoded", act: (packet: object) => void): unknown; add(text: string): void }) {
  return (text: string) => {
    let found: object = {};
    decoder.on("decoded", (packet) => {
      found = packet;
    });
    decoder.add(text);
    return found;
  };
}

describe("packets without the library's parser", () => {
  for (const packet of PACKETS) {
    it(`${PacketType[packet.type]} is written and read as the library does it`, () => {
      const [text] = new Encoder().encode(packet);
      expect(text).toBe(new TheirEncoder().encode({ ...packet })[0]);
      expect(decoded(new Decoder())(text as string)).toEqual(decoded(new TheirDecoder())(text as string));
    });
  }

  it("refuse what is none", () => {
    for (const text of ["", "x", "5", "9[]", "2[", "51-[]"]) expect(() => new Decoder().add(text), text).toThrow();
    expect(isPacketValid({ nsp: "/", type: PacketType.EVENT, data: "no list" })).toBe(false);
  });
});
