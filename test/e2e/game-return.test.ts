import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "#app/config.ts";
import { demoGame, gameReaderOf, judged } from "#app/games.ts";
import { readFiles } from "#app/read.ts";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { parseLines, temporary } from "./oddwire.ts";
import { firstDifference } from "./reading.ts";

interface Told {
  readonly id: string;
  readonly session: number;
  readonly state: string;
  readonly bot?: { readonly sample: number };
}

/** Reads the game's traffic with its players judged. */
async function read(file: string, out: string, workers: number): Promise<Buffer> {
  const { config } = await loadConfig({ settings: [`engine.workers=${workers}`] });
  const reader = gameReaderOf(config, await judged(config, await demoGame()));
  await readFiles({ files: [file], out, config, store: false, eve: true, reader });
  return readFileSync(`${out}/eve.json`);
}

describe("players of the example game who come back", () => {
  const folder = temporary();
  const file = folder.at("game.pcap");
  let eve: Buffer = Buffer.alloc(0);
  let told: readonly Told[] = [];
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(async () => {
    writeScenario(file, { seed: 3, seconds: 900, actors: ["game-people", "game-bots"] });
    eve = await read(file, folder.at("one"), 1);
    told = parseLines(eve.toString()).flatMap((event) => (event.event_type === "player" ? [event["player"] as Told] : []));
  });

  test("have sessions one behind the other, and a sample that only grows", () => {
    const byPlayer = Map.groupBy(told, ({ id }) => id);
    const back = [...byPlayer.values()].filter((events) => new Set(events.map(({ session }) => session)).size > 1);
    expect(back.length).toBeGreaterThan(3);
    for (const events of back) {
      const sessions = events.map(({ session }) => session);
      expect(sessions).toEqual(sessions.toSorted((a, b) => a - b));
      const samples = events.map(({ bot }) => bot?.sample ?? 0);
      expect(samples).toEqual(samples.toSorted((a, b) => a - b));
    }
  });

  test("are the same, with their verdicts, on 3 workers", async () => {
    expect(firstDifference(eve, await read(file, folder.at("three"), 3))).toBeUndefined();
  });
});
