import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { eventsOf, oddwire, type Running, sleep, start, temporary } from "./oddwire.ts";

const shipped = join(import.meta.dirname, "../../plugins/example/typescript/lantern.ts");

/** Sessions as they ended: who, how many packets of each side, how many bytes were not read. */
const sessionsOf = (directory: string): readonly string[] =>
  eventsOf(directory)
    .filter(({ event_type }) => event_type === "game_session")
    .map((event) => (event as OddwireEvent & { readonly game_session: Readonly<Record<string, unknown>> }).game_session)
    .filter((session) => session["event"] === "session_closed")
    .map(({ player, reason, pkts_toserver, pkts_toclient, undecoded = 0 }) =>
      [player, reason, pkts_toserver, pkts_toclient, undecoded].join(" "),
    )
    .toSorted();

describe("plugins that are loaded anew while their game is played", () => {
  const folder = temporary();
  const file = folder.at("game.pcap");
  const plugins = folder.at("plugins");
  const plugin = join(plugins, "lantern.ts");
  let running: Running | undefined;
  beforeAll(() => {
    mkdirSync(plugins);
    copyFileSync(shipped, plugin);
    writeScenario(file, { seed: 4, seconds: 150, actors: ["game-people", "game-bots"] });
  });
  afterAll(async () => {
    running?.process.kill("SIGTERM");
    await running?.ended;
    folder[Symbol.dispose]();
  });
  const set = ["--set", `plugins.folder=${plugins}`, "--set", `catalog.folder=${folder.at("none")}`];

  test("lose no packet and no session, under load", async () => {
    const out = folder.at("live");
    running = start(["replay", file, "--speed", "16x", "-o", out, "--listen", "127.0.0.1:0", ...set]);
    const url = (await running.says(/the page is at (http:\S+?),/))[1] ?? "";
    const reload = (...args: readonly string[]) => oddwire(["plugin", "reload", ...args, "--url", url]);
    expect((await reload()).out).toBe("kept      lantern (lantern.ts): its file has not changed\n");
    expect((await reload("lantern")).out).toBe("reloaded  lantern (lantern.ts): version 1.0.0 was started anew\n");
    // A new version, a broken one, and the first again, while packets go on coming.
    const text = readFileSync(plugin, "utf8");
    for (const [version, says, code] of [
      // The engine watches the folder too: it may have been there first.
      [
        text.replaceAll("1.0.0", "1.0.1"),
        /^reloaded {2}lantern \(lantern.ts\): version 1.0.(0 was replaced by 1.0.1|1 was started anew)\n$/,
        0,
      ],
      [`${text}\nbroken(`, /^kept {6}lantern \(lantern.ts\): the new version is not used: it cannot be loaded/, 1],
      [text, /^reloaded {2}lantern \(lantern.ts\): version 1.0.(1 was replaced by 1.0.0|0 was started anew)\n$/, 0],
    ] as const) {
      writeFileSync(plugin, version);
      const answer = await reload("lantern");
      expect([answer.out, answer.code]).toEqual([expect.stringMatching(says), code]);
      await sleep(400);
    }
    expect(await reload("chess")).toMatchObject({ code: 1, err: expect.stringMatching(/no plugin is called "chess"/) });
    // Every packet of the file was played.
    await expect.poll(() => played(url), { timeout: 30_000, interval: 200 }).toBe(true);
    running.process.kill("SIGINT");
    expect(await running.ended).toBe(0);
    expect((await oddwire(["read", file, "-o", folder.at("read"), "--no-store", ...set])).code).toBe(0);
    const sessions = sessionsOf(folder.at("read"));
    expect(sessions.length).toBeGreaterThan(5);
    expect(sessionsOf(out)).toEqual(sessions);
  });
});

/** True when the source has come to its end. */
async function played(url: string): Promise<boolean> {
  const health = (await (await fetch(`${url}/api/v1/health`)).json()) as { readonly source?: { readonly finished: boolean } };
  return health.source?.finished === true;
}
