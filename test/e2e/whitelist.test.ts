import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "#app/config.ts";
import { openPlayerMarks } from "#app/player-marks.ts";
import { type ReadSummary, readFiles } from "#app/read.ts";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { temporary } from "./oddwire.ts";

const plugin = join(import.meta.dirname, "../../plugins/example/typescript/lantern.ts");

describe("a run that keeps nothing, with a plugin in the plugins' folder", () => {
  const folder = temporary();
  const file = folder.at("game.pcap");
  const plugins = folder.at("plugins");
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(() => {
    writeScenario(file, { seed: 1, seconds: 600, actors: ["game-people", "game-bots"] });
    mkdirSync(plugins);
    copyFileSync(plugin, join(plugins, "lantern.ts"));
  });

  async function read(out: string): Promise<ReadSummary> {
    const { config } = await loadConfig({ settings: ["engine.workers=1", `plugins.folder=${plugins}`] });
    return readFiles({ files: [file], out, config, store: false, eve: false });
  }

  test("makes no file and no folder", async () => {
    const out = folder.at("nothing");
    const { events } = await read(out);
    expect(events["player"]).toBeGreaterThan(0);
    expect(events["finding"]).toBeGreaterThan(0);
    expect(existsSync(out)).toBe(false);
  });

  test("keeps to the whitelist that stands beside earlier results, and leaves it as it is", async () => {
    const out = folder.at("earlier");
    mkdirSync(out);
    {
      using marks = openPlayerMarks(out);
      for (const player of [390, 391, 392, 393]) marks.put(`lantern:${player}`, { whitelisted: true });
    }
    const { events } = await read(out);
    expect(events["player"]).toBeGreaterThan(0);
    expect(events["finding"] ?? 0).toBe(0);
    expect(readdirSync(out)).toEqual(["players.db"]);
    using marks = openPlayerMarks(out);
    expect(marks.all()).toHaveLength(4);
  });

  test("says so when the whitelist cannot be read: nobody on it is to be found by accident", async () => {
    const out = folder.at("broken");
    mkdirSync(out);
    writeFileSync(join(out, "players.db"), "this is no database, and long enough to be looked at as one".repeat(20));
    await expect(read(out)).rejects.toThrow(/players\.db/);
  });
});
