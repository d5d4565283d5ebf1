import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "#app/config.ts";
import { demoGame, gameReaderOf, judged } from "#app/games.ts";
import { openPlayerMarks, whitelistOf } from "#app/player-marks.ts";
import { checkQuery, openQuery } from "#app/query.ts";
import { readFiles } from "#app/read.ts";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { temporary } from "./oddwire.ts";

/** Clients of the example game: one that runs faster than time, and one that a program plays. */
const odd = [
  ["runs too fast", "lantern:393", "game-movement"],
  ["is a program", "lantern:390", "game-bot"],
] as const;

/** Reads the game's traffic into a store, with the whitelist that stands beside it. */
async function read(file: string, out: string): Promise<void> {
  const { config } = await loadConfig({ settings: ["engine.workers=1"] });
  using marks = openPlayerMarks(out);
  const reader = gameReaderOf(config, await judged(config, { ...(await demoGame()), isWhitelisted: whitelistOf(marks) }));
  await readFiles({ files: [file], out, config, store: true, eve: false, reader });
}

async function ask(out: string, kind: string, expression = "", order?: string): Promise<readonly OddwireEvent[]> {
  await using query = await openQuery(out);
  const { plan } = checkQuery({ kind, expression, limit: 0, order }, 0);
  const events: OddwireEvent[] = [];
  for await (const page of query.pages(plan, 0)) events.push(...page);
  return events;
}

const playerOf = (event: OddwireEvent): { readonly [member: string]: unknown } => event["player"] as { readonly [member: string]: unknown };

describe("players of the example game", () => {
  const folder = temporary();
  const file = folder.at("game.pcap");
  const out = folder.at("out");
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(async () => {
    writeScenario(file, { seed: 1, seconds: 600, actors: ["game-people", "game-bots"] });
    await read(file, out);
  });

  test("`query players` has each once, `query player` has every event", async () => {
    const players = await ask(out, "players");
    const events = await ask(out, "player");
    const ids = events.map((event) => String(playerOf(event)["id"]));
    expect(events.length).toBeGreaterThan(players.length * 2);
    expect(players.map((event) => String(playerOf(event)["id"])).toSorted()).toEqual([...new Set(ids)].toSorted());
  });

  test("a condition is asked of the newest event of each", async () => {
    const left = await ask(out, "players", "state = left", "name");
    expect(left.length).toBeGreaterThan(10);
    expect(await ask(out, "players", "state = online")).toEqual([]);
  });

  test("who stands on the whitelist is told, judged, and nothing is found of it", async () => {
    const found = async () =>
      Promise.all(odd.map(async ([, id, detector]) => (await ask(out, "findings", `player = "${id}" and detector = ${detector}`)).length));
    expect((await found()).every((findings) => findings > 0)).toBe(true);
    {
      using marks = openPlayerMarks(out);
      for (const [, id] of odd) marks.put(id, { whitelisted: true });
    }
    await read(file, out);
    expect(await found()).toEqual([0, 0]);
    for (const [, id] of odd) {
      const [player] = await ask(out, "players", `id = "${id}"`);
      expect(player && playerOf(player)).toMatchObject({ id, bot: { whitelisted: true } });
    }
  });
});
