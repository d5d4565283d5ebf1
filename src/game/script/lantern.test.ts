import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sampleSession } from "#capture/scenario/lantern/sample.ts";
import type { DecryptRequest, DecryptResult, GamePluginHost } from "#contract/game-plugin.ts";
import { headerFolder, request } from "#game/native/testing.ts";
import { LanternHost, lanternInfo } from "#game/reader/testing.ts";
import { openScriptPlugin } from "./open.ts";

const folder = join(headerFolder, "example");
const kinds: readonly (readonly [kind: string, open: () => Promise<GamePluginHost>])[] = [
  ["typescript", () => openScriptPlugin(join(folder, "typescript/lantern.ts"))],
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

  test("damaged sessions, cut anywhere, give what the reference gives", async () => {
    for (let seed = 1; seed <= 300; seed++) await compare(damaged(seed));
  });
});
