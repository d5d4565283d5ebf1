import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compressedFlag, crypt, headerBytes, Opcode } from "#capture/scenario/lantern/packet.ts";
import { sampleSession } from "#capture/scenario/lantern/sample.ts";
import type { DecryptRequest, DecryptResult, GamePluginHost } from "#contract/game-plugin.ts";
import { headerFolder, request } from "#game/native/testing.ts";
import { LanternHost, lanternInfo } from "#game/reader/testing.ts";
import { openScriptPlugin, openWasmPlugin } from "./open.ts";

const folder = join(headerFolder, "example");
const kinds: readonly (readonly [kind: string, open: () => Promise<GamePluginHost>])[] = [
  ["typescript", () => openScriptPlugin(join(folder, "typescript/lantern.ts"))],
  ["wasm", () => openWasmPlugin(join(folder, "wasm/lantern.wasm"))],
];
let session = 1;

const told = (results: readonly DecryptResult[]): string[] =>
  results.map((result) => (result.status === "ok" ? Buffer.from(result.bytes).toString("hex") : result.status));

/** The same numbers always: xorshift32. */
function dice(seed: number): (sides: number) => number {
  let x = seed;
  return (sides) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % sides;
  };
}

/** The sample session in pieces of any size, with bytes that are changed, missing or too many now and then. */
function damaged(seed: number): Pick<DecryptRequest, "side" | "bytes">[] {
  const roll = dice(seed);
  return sampleSession().flatMap(({ side, wire }) => {
    const bytes = [...wire];
    if (roll(6) === 0) bytes[roll(bytes.length)] = roll(256);
    if (roll(8) === 0) bytes.splice(roll(bytes.length), roll(20));
    if (roll(8) === 0) bytes.splice(roll(bytes.length), 0, roll(256), roll(256));
    const at = roll(bytes.length);
    return [bytes.slice(0, at), bytes.slice(at)].map((part) => ({ side, bytes: Uint8Array.from(part) }));
  });
}

const KEY = 7;

/** A session whose bodies are packed by zlib, in all block types, some with a bit changed. */
function packed(seed: number): Pick<DecryptRequest, "side" | "bytes">[] {
  const roll = dice(seed);
  const key = { side: 1 as const, bytes: Uint8Array.from([12, 0, Opcode.key, 0, 1, 0, 0, 0, KEY, 0, 0, 0]) };
  const packets = Array.from({ length: 6 }, (_, index) => {
    const values = 1 + roll(200);
    const clear = Uint8Array.from({ length: roll(1500) }, () => roll(values));
    const body = Uint8Array.from(deflateRawSync(clear, { level: roll(10) }));
    if (roll(5) === 0) body[roll(body.length)] = roll(256);
    crypt(body, KEY, index + 1, 0);
    const header = Buffer.alloc(headerBytes);
    header.writeUInt16LE(headerBytes + body.length, 0);
    header.writeUInt16LE(Opcode.worldState | compressedFlag, 2);
    header.writeUInt32LE(index + 1, 4);
    return { side: 0 as const, bytes: Uint8Array.from(Buffer.concat([header, body])) };
  });
  return [key, ...packets];
}

describe.each(kinds)("the example game's plugin, %s", (kind, open) => {
  let host: GamePluginHost;
  const expected = new LanternHost();
  beforeAll(async () => {
    host = await open();
  });
  afterAll(() => host[Symbol.asyncDispose]());

  async function compare(pieces: readonly Pick<DecryptRequest, "side" | "bytes">[]): Promise<string[]> {
    session++;
    const batch = pieces.map((piece, index) => request(0, { session, time: index * 1000, ...piece }));
    const ours = told(await host.decrypt(batch));
    expect(ours).toEqual(told(await expected.decrypt(batch)));
    return ours;
  }

  test("it says of itself what the protocol does", () => {
    const { file: _file, version: _version, tracksPlayers, ...info } = host.info;
    const { file: _file2, version: _version2, tracksPlayers: _tracks, ...wanted } = lanternInfo;
    expect(info).toEqual({ ...wanted, kind });
    expect(tracksPlayers).toBe(true);
  });

  test("the sample session gives what the sample says, and its player", async () => {
    const lines = readFileSync(join(folder, "sample.hex"), "utf8").trim().split("\n");
    const pieces = lines.map((line) => ({ side: Number(line[0]) as 0 | 1, bytes: Uint8Array.from(Buffer.from(line.slice(2), "hex")) }));
    expect(await compare(pieces)).toEqual(JSON.parse(readFileSync(join(folder, "sample.json"), "utf8")));
    expect((await host.players()).filter((player) => player.session === session)).toEqual([
      {
        session,
        name: "Ada",
        id: "42",
        level: 7,
        position: { x: 12, y: 20.5, z: -3, map: "meadow" },
        health: { now: 95, most: 100 },
        connection: { packetsIn: 6, packetsOut: 4 },
      },
    ]);
    host.sessionClosed(session, "finished");
    expect((await host.players()).filter((player) => player.session === session)).toEqual([]);
  });

  test("bodies that are packed at any level, and damaged here and there, give what the reference gives", async () => {
    for (let seed = 1; seed <= 150; seed++) await compare(packed(seed));
  });

  test("damaged sessions, cut anywhere, give what the reference gives", async () => {
    for (let seed = 1; seed <= 300; seed++) await compare(damaged(seed));
  });
});
