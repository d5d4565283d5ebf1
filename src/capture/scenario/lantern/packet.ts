import { deflate } from "./deflate.ts";

/** Opcodes of Lantern, as `catalog/example/lantern.h` has them. */
export const Opcode = {
  hello: 0x01,
  key: 0x02,
  login: 0x03,
  welcome: 0x04,
  ping: 0x05,
  pong: 0x06,
  move: 0x10,
  attack: 0x11,
  useItem: 0x12,
  loot: 0x13,
  chat: 0x14,
  trade: 0x15,
  harvest: 0x16,
  emote: 0x17,
  logout: 0x18,
  worldState: 0x20,
  playerStats: 0x21,
  damage: 0x22,
  saidBy: 0x23,
  item: 0x24,
} as const;

export const headerBytes = 8;
export const compressedFlag = 0x8000;
const sequenceMix = 0x9e3779b1;
const serverMix = 0x5bd1e995;

/** XORs a body with its keystream; doing it twice gives the body back. */
export function crypt(body: Uint8Array, key: number, sequence: number, side: 0 | 1): void {
  let x = (key ^ Math.imul(sequence, sequenceMix) ^ (side === 1 ? serverMix : 0)) >>> 0 || 1;
  for (let i = 0; i < body.length; i++) {
    if ((i & 3) === 0) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
    }
    body[i] = (body[i] as number) ^ ((x >>> ((i & 3) * 8)) & 255);
  }
}

/** What one side of a session sends: numbers its packets and seals their bodies (plugins/example/PROTOCOL.md). */
export class LanternSender {
  readonly #side: 0 | 1;
  readonly #key: number;
  #sequence = 0;

  constructor(side: 0 | 1, key: number) {
    this.#side = side;
    this.#key = key;
  }

  /** A packet as it goes over the wire. */
  packet(opcode: number, body: Uint8Array, compressed = false): Uint8Array {
    const sequence = ++this.#sequence;
    const open = opcode === Opcode.hello || opcode === Opcode.key;
    const packed = compressed && !open ? deflate(body) : body;
    const packet = new Uint8Array(headerBytes + packed.length);
    const view = new DataView(packet.buffer);
    view.setUint16(0, packet.length, true);
    view.setUint16(2, packed === body ? opcode : opcode | compressedFlag, true);
    view.setUint32(4, sequence, true);
    packet.set(packed, headerBytes);
    if (!open) crypt(packet.subarray(headerBytes), this.#key, sequence, this.#side);
    return packet;
  }
}
