import { inflateRawSync } from "node:zlib";
import type { DecryptRequest, DecryptResult, GamePluginHost, GamePluginInfo, PluginPlayer } from "#contract/game-plugin.ts";
import { compressedFlag, crypt, headerBytes, Opcode } from "./packet.ts";

const packetBytesMax = 8192;
const bodyBytesMax = 16_384;
const stepMax = 4096;
const known = new Set<number>(Object.values(Opcode));

/** `useItem` → `USE_ITEM`. */
const upper = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const toServer = new Set(["hello", "login", "ping", "move", "attack", "useItem", "loot", "chat", "trade", "harvest", "emote", "logout"]);
const renamed: Readonly<Record<string, string>> = { saidBy: "SMSG_CHAT" };

const opcodeNames = (ofServer: boolean): ReadonlyMap<number, string> =>
  new Map(
    Object.entries(Opcode)
      .filter(([name]) => toServer.has(name) !== ofServer)
      .map(([name, value]) => [value, renamed[name] ?? `${ofServer ? "SMSG" : "CMSG"}_${upper(name)}`]),
  );

export const lanternInfo: GamePluginInfo = {
  kind: "typescript",
  file: "lantern.ts",
  name: "Lantern",
  gameId: "lantern",
  version: "1.0",
  abi: 5,
  transports: ["tcp", "udp"],
  ports: [7777, 7778],
  header: {
    bytes: headerBytes,
    bigEndian: false,
    opcode: { offset: 2, bytes: 2 },
    length: { offset: 0, bytes: 2, counts: "packet", adjust: 0 },
    fields: [{ name: "sequence", offset: 4, bytes: 4, type: "unsigned" }],
  },
  opcodes: [opcodeNames(false), opcodeNames(true)],
  tracksPlayers: false,
};

interface Sides {
  key: number | undefined;
  readonly rest: [Uint8Array, Uint8Array];
  readonly last: [number, number];
}

/**
 * The plugin of Lantern as plugins/example/PROTOCOL.md has it, in this process: it reads the demo, and the shipped plugins
 * are compared with it.
 */
export class LanternHost implements GamePluginHost {
  readonly info = lanternInfo;
  readonly health = { state: "running", restarts: 0, deadlinesMissed: 0, requests: 0, failures: 0 } as const;
  readonly #sessions = new Map<number, Sides>();

  async decrypt(batch: readonly DecryptRequest[]): Promise<readonly DecryptResult[]> {
    return batch.map((request) => this.#open(request));
  }

  sessionOpened(session: number): void {
    this.#sessions.set(session, { key: undefined, rest: [new Uint8Array(0), new Uint8Array(0)], last: [0, 0] });
  }

  sessionClosed(session: number): void {
    this.#sessions.delete(session);
  }

  async players(): Promise<readonly PluginPlayer[]> {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sessions.clear();
  }

  #open({ session, side, bytes }: DecryptRequest): DecryptResult {
    if (!this.#sessions.has(session)) this.sessionOpened(session);
    const sides = this.#sessions.get(session) as Sides;
    const given = Buffer.concat([sides.rest[side], bytes]);
    const out: Uint8Array[] = [];
    let at = 0;
    while (at + headerBytes <= given.length) {
      const length = given.readUInt16LE(at);
      const coded = given.readUInt16LE(at + 2);
      const opcode = coded & ~compressedFlag;
      const sequence = given.readUInt32LE(at + 4);
      const step = (sequence - sides.last[side]) >>> 0;
      if (length < headerBytes || length > packetBytesMax || !known.has(opcode) || step < 1 || step > stepMax) {
        at++;
        continue;
      }
      if (at + length > given.length) break;
      const body = Uint8Array.from(given.subarray(at + headerBytes, at + length));
      const open = opcode === Opcode.hello || opcode === Opcode.key;
      if (opcode === Opcode.key) sides.key = given.readUInt32LE(at + headerBytes);
      at += length;
      sides.last[side] = sequence;
      if (!open && sides.key === undefined) continue;
      if (!open) crypt(body, sides.key ?? 0, sequence, side);
      const clear = (coded & compressedFlag) === 0 ? body : unpacked(body);
      if (clear !== undefined) out.push(rewritten(opcode, sequence, clear));
    }
    sides.rest[side] = Uint8Array.from(given.subarray(at)).subarray(0, packetBytesMax);
    if (out.length === 0 && sides.key === undefined) return { status: "skip" };
    return { status: "ok", bytes: Uint8Array.from(Buffer.concat(out)) };
  }
}

function unpacked(body: Uint8Array): Uint8Array | undefined {
  try {
    return Uint8Array.from(inflateRawSync(body, { maxOutputLength: bodyBytesMax }));
  } catch {
    return undefined;
  }
}

function rewritten(opcode: number, sequence: number, body: Uint8Array): Uint8Array {
  const packet = Buffer.alloc(headerBytes + body.length);
  packet.writeUInt16LE(packet.length, 0);
  packet.writeUInt16LE(opcode, 2);
  packet.writeUInt32LE(sequence, 4);
  packet.set(body, headerBytes);
  return packet;
}
