import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "#app/config.ts";
import { readFiles } from "#app/read.ts";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { parseLines, temporary } from "./oddwire.ts";
import { firstDifference } from "./reading.ts";

const example = join(import.meta.dirname, "../../plugins/example");

describe("a file with the example game's traffic", () => {
  const folder = temporary();
  const file = folder.at("game.pcap");
  let runs = 0;
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(() => writeScenario(file, { seed: 1, seconds: 120, actors: ["game-people"] }));

  async function read(plugins: readonly string[], workers: number): Promise<Buffer> {
    const settings = [`engine.workers=${workers}`, `plugins.folder=${folder.at("none")}`];
    const { config } = await loadConfig({ file: undefined, environment: {}, settings });
    const out = folder.at(`run-${runs++}`);
    const files = plugins.map((plugin) => join(example, plugin));
    await readFiles({ files: [file], out, config: { ...config, "plugins.files": files }, store: false, eve: true });
    return readFileSync(`${out}/eve.json`);
  }

  test("is read the same with the plugin of each kind, on any number of workers", async () => {
    const script = await read(["typescript/lantern.ts"], 1);
    expect(parseLines(script.toString()).filter(({ event_type }) => event_type === "player").length).toBeGreaterThan(20);
    expect(firstDifference(script, await read(["wasm/lantern.wasm"], 1))).toBeUndefined();
    expect(firstDifference(script, await read(["typescript/lantern.ts"], 3))).toBeUndefined();
  });

  test("has no players without a plugin", async () => {
    expect(parseLines((await read([], 1)).toString()).filter(({ event_type }) => event_type === "player")).toEqual([]);
  });
});
