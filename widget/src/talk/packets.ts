// Socket.IO's packets as docs/protocol.md has them: JSON in the one namespace "/", nothing binary. The build puts this in the
// place of the library's own parser, which can do much more.

import { Emitter } from "@socket.io/component-emitter";

export const protocol = 5;

export enum PacketType {
  CONNECT,
  DISCONNECT,
  EVENT,
  ACK,
  CONNECT_ERROR,
  BINARY_EVENT,
  BINARY_ACK,
}

interface Packet {
  nsp: string;
  type: PacketType;
  id?: number | undefined;
  data?: unknown;
}

export class Encoder {
  encode({ type, id, data }: Packet): string[] {
    return [`${type}${id ?? ""}${data === undefined ? "" : JSON.stringify(data)}`];
  }
}

export class Decoder extends Emitter<
  Record<string, never>,
  Record<string, never>,
  { decoded: (packet: Packet) => void }
> {
  add(text: string): void {
    const [, type, id, json] = /^([0-4])(?:\/,)?(\d*)(.*)$/s.exec(text) ?? [];
    if (!type) throw new Error("unknown packet");
    const data = json ? JSON.parse(json) : undefined;
    this.emitReserved("decoded", { nsp: "/", type: Number(type), id: id ? Number(id) : undefined, data });
  }

  destroy(): void {}
}

export function isPacketValid({ type, data }: Packet): boolean {
  return (type !== PacketType.EVENT && type !== PacketType.ACK) || Array.isArray(data);
}
