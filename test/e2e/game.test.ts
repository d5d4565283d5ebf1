import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "#app/config.ts";
import { demoGame, type GameParts, gameReaderOf, judged } from "#app/games.ts";
import { readFiles } from "#app/read.ts";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { parseLines, temporary } from "./oddwire.ts";
import { firstDifference } from "./reading.ts";
import { complaints } from "./schema-complaints.ts";

/** The example game without headers, and, when `names` is false, without names of its opcodes. */
async function bare(names: boolean): Promise<GameParts> {
  const demo = await demoGame();
  const nobody = { fieldsOf: () => undefined, unitOf: () => undefined, nameOf: () => undefined };
  const host = demo.hosts.hostFor("lantern");
  if (host === undefined) throw new Error("the demo has a game");
  const { opcodes: _, ...info } = host.info;
  const unnamed = names ? host : Object.create(host, { info: { value: info } });
  return { ...demo, hosts: { claims: demo.hosts.claims, hostFor: () => unnamed as typeof host }, catalogFor: () => nobody };
}

/** Reads the game's traffic with the example game's plugin in this process. */
async function read(file: string, out: string, workers: number): Promise<Buffer> {
  const { config } = await loadConfig({ settings: [`engine.workers=${workers}`] });
  const reader = gameReaderOf(config, await demoGame());
  await readFiles({ files: [file], out, config, store: false, eve: true, reader });
  return readFileSync(`${out}/eve.json`);
}

type Of<T> = OddwireEvent & { readonly [member: string]: T };
const of = (events: readonly OddwireEvent[], kind: string): readonly Of<Record<string, never>>[] =>
  events.filter(({ event_type }) => event_type === kind) as readonly Of<Record<string, never>>[];

describe("the example game", () => {
  const folder = temporary();
  const file = folder.at("game.pcap");
  let eve: Buffer = Buffer.alloc(0);
  let events: readonly OddwireEvent[] = [];
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(async () => {
    writeScenario(file, { seed: 1, seconds: 900, actors: ["game-people", "game-bots"] });
    eve = await read(file, folder.at("one"), 1);
    events = parseLines(eve.toString());
  });

  test.each([2, 4])("gives the same bytes on %i workers", async (workers) => {
    expect(firstDifference(eve, await read(file, folder.at(`workers-${workers}`), workers))).toBeUndefined();
  });

  test("every event holds against the published schema", () => {
    expect(complaints(events)).toEqual([]);
  });

  test("everybody is known by name, and every packet of every session is read", () => {
    const left = of(events, "player").filter(({ player }) => player?.["state"] === "left");
    const names = new Set(left.map(({ player }) => player?.["name"]));
    expect(names.size).toBe(14);
    const closed = of(events, "game_session").filter(({ game_session }) => game_session?.["event"] === "session_closed");
    expect(closed.length).toBeGreaterThan(20);
    expect(closed.filter(({ game_session }) => game_session?.["undecoded"] !== undefined)).toEqual([]);
  });

  const findings = (detector: string): readonly string[] =>
    of(events, "finding")
      .filter(({ finding }) => finding?.["detector"] === detector)
      .map(({ finding }) => String(finding?.["title"]));

  // Their movement came as actions at the client's tick, and all ten people were called programs. Without headers each session
  // is a player of its own: the parrot's are too short to judge.
  test.each([
    ["no header describes its packets", true, ["farmer-1", "farmer-2"]],
    ["nobody names its opcodes either", false, []],
  ])(
    "people are no programs where %s",
    async (_case, hasNames, programs) => {
      const { config } = await loadConfig({ settings: ["engine.workers=1"] });
      const out = folder.at(`bare-${hasNames}`);
      const reader = gameReaderOf(config, await judged(config, await bare(hasNames)));
      await readFiles({ files: [file], out, config, store: false, eve: true, reader });
      const told = of(parseLines(readFileSync(`${out}/eve.json`, "utf8")), "player").filter(({ player }) => player?.["state"] === "left");
      const bots = told.filter(({ player }) => (player?.["bot"] as { verdict?: string } | undefined)?.verdict === "bot");
      expect(told.length).toBeGreaterThan(10);
      // Without headers nobody is known by name: who it is, the other run knows by the address.
      const names = new Map(of(events, "player").map((event) => [event["src_ip"] as unknown, event["player"]?.["name"] as unknown]));
      expect(new Set(bots.map((event) => names.get(event["src_ip"])))).toEqual(new Set(programs));
    },
    30_000,
  );

  test("the client that runs too fast is found, and nobody else's", () => {
    expect(findings("game-movement")).toEqual(["The client of hasty (lantern:393) runs faster than time"]);
  });
});
