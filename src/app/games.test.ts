import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { parseLines, temporary } from "#test/e2e/oddwire.ts";
import { firstDifference } from "#test/e2e/reading.ts";
import { complaints } from "#test/e2e/schema-complaints.ts";
import { loadConfig } from "./config.ts";
import { demoGame, gameReaderOf, judged } from "./games.ts";
import { readFiles } from "./read.ts";

/** Reads the game's traffic with the example game's plugin in this process. */
async function read(file: string, out: string, workers: number, settings: readonly string[] = []): Promise<Buffer> {
  const { config } = await loadConfig({ settings: [`engine.workers=${workers}`, ...settings] });
  const reader = gameReaderOf(config, await judged(config, await demoGame()));
  await readFiles({ files: [file], out, config, store: false, eve: true, reader });
  return readFileSync(`${out}/eve.json`);
}

type Of<T> = OddwireEvent & { readonly [member: string]: T };
const of = (events: readonly OddwireEvent[], kind: string): readonly Of<Record<string, never>>[] =>
  events.filter(({ event_type }) => event_type === kind) as readonly Of<Record<string, never>>[];

interface Bot {
  readonly verdict: string;
  readonly sample: number;
  readonly evidence: readonly { kind: string; text: string; names?: readonly string[]; counts?: readonly number[] }[];
}

describe("players of the example game, judged", () => {
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

  test("every event holds against the published schema, verdicts and evidence included", () => {
    expect(complaints(events)).toEqual([]);
  });

  test("four workers give the same verdicts, byte for byte", async () => {
    expect(firstDifference(eve, await read(file, folder.at("four"), 4))).toBeUndefined();
  });

  const findings = (detector: string): readonly string[] =>
    of(events, "finding")
      .filter(({ finding }) => finding?.["detector"] === detector)
      .map(({ finding }) => String(finding?.["title"]));

  test("the client that runs too fast is found, and nobody else's", () => {
    expect(findings("game-movement")).toEqual(["The client of hasty (lantern:393) runs faster than time"]);
  });

  test("the programs are found, the two with one macro are told together, and of people nothing is said", () => {
    expect(new Set(findings("game-bot"))).toEqual(
      new Set([
        "A program seems to play farmer-1 (lantern:390)",
        "A program seems to play farmer-2 (lantern:391)",
        "A program seems to play parrot (lantern:392)",
        "farmer-1 (lantern:390) and farmer-2 (lantern:391) play the same macro",
        "farmer-2 (lantern:391) and farmer-1 (lantern:390) play the same macro",
      ]),
    );
  });

  test("a game master can read why: sentences, the looped sequence by name, and numbers for plots", () => {
    const told = of(events, "player").findLast(({ player }) => player?.["name"] === "farmer-1") as unknown as { player: { bot: Bot } };
    const { verdict, sample, evidence } = told.player.bot;
    expect([verdict, sample > 200]).toEqual(["bot", true]);
    for (const { text } of evidence) expect(text.length).toBeGreaterThan(10);
    expect(evidence.find(({ kind }) => kind === "sequence")?.names).toContain("CMSG_ATTACK");
    expect(evidence.find(({ kind }) => kind === "intervals")?.counts?.length).toBeGreaterThan(4);
  });

  test("of a player on the whitelist nothing is found", async () => {
    const lines = parseLines((await read(file, folder.at("white"), 1, ["game.whitelist=lantern:392"])).toString());
    const told = of(lines, "finding").filter(({ finding }) => finding?.["player"] === "lantern:392");
    expect(told).toEqual([]);
  });
});
