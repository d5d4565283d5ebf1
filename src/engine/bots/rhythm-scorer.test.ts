import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { type BotConfig, defaultBotConfig } from "./bot-config.ts";
import { type BotScorer, createBotScorer, createBotScorers, rawOpcode } from "./bot-scorer.ts";

const start = 1_700_000_000_000_000;
const ping = 99;
const config: BotConfig = { ...defaultBotConfig, ignoredOpcodes: [ping] };

/** A loop of six actions with some jitter, the same for each seed. */
function playLoop(scorer: BotScorer, seed: number, actions: number, opcode = (i: number) => i % 6, places = true): void {
  const random = new Random(seed);
  let time = start;
  for (let i = 0; i < actions; i++) {
    time += 800_000 * (0.7 + random.unit() * 0.6);
    scorer.action(Math.round(time), opcode(i), 20, 0, places ? Float64Array.of((i % 6) * 10, (i % 6) * 7) : undefined);
  }
}

/** States of different pace, pauses, and a choice of actions that depends on the state. */
function playPerson(scorer: BotScorer, seed: number, actions: number, kinds = 100): void {
  const random = new Random(seed);
  let [time, pace, drift] = [start, 0, 0];
  for (let i = 0; i < actions; i++) {
    if (random.chance(0.08)) pace = random.between(0, 4);
    drift = drift * 0.95 + random.normal(0, 0.2);
    time += 1e6 * Math.exp(-0.3 + pace * 0.55 + drift + random.normal(0, 0.9)) + (random.chance(0.02) ? 15e6 : 0);
    scorer.action(Math.round(time), (pace * 4 + Math.floor(random.unit() ** 3 * 4)) % kinds, 20, 0);
  }
}

/** Of a loop, with or without the places where it is played. */
function evidenceOf(places: boolean): ReturnType<BotScorer["verdict"]>["evidence"] {
  const scorer = createBotScorer(config);
  playLoop(scorer, 1, 400, undefined, places);
  const { evidence } = JSON.parse(JSON.stringify(scorer.verdict())) as ReturnType<BotScorer["verdict"]>;
  return evidence;
}

describe("rhythm scorer", () => {
  test.each([1, 2, 3])("a loop with ±30 %% jitter is a bot (seed %i)", (seed) => {
    const scorer = createBotScorer(config);
    playLoop(scorer, seed, 400);
    expect(scorer.verdict()).toMatchObject({ says: "bot", coverage: "opcodes", actions: 399 });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("somebody with moods and pauses is no bot (seed %i)", (seed) => {
    const scorer = createBotScorer(config);
    playPerson(scorer, seed, 900);
    expect(scorer.verdict().says).not.toBe("bot");
  });

  test("between evaluations a verdict tells the measures of the last one, and the waits of now", () => {
    const scorer = createBotScorer(config);
    const told: ReturnType<BotScorer["verdict"]>[] = [];
    const listener = Object.create(scorer, {
      action: {
        value: (...packet: Parameters<BotScorer["action"]>) => {
          scorer.action(...packet);
          told.push(scorer.verdict());
        },
      },
    }) as BotScorer;
    playPerson(listener, 2, 261);
    const at = (actions: number) => told.find((verdict) => verdict.actions === actions);
    const measures = (actions: number) => at(actions)?.parts.slice(0, 3);
    expect(measures(230)).toEqual(measures(200));
    expect(measures(250)).not.toEqual(measures(200));
    expect(at(230)?.evidence).toContainEqual(expect.objectContaining({ kind: "intervals", text: expect.stringContaining("230 actions") }));
  });

  test.each([400, 440, 499])("a loop is drawn where it stands: after %i actions", (actions) => {
    const scorer = createBotScorer(config);
    const random = new Random(5);
    let time = start;
    for (let i = 0; i <= actions; i++) {
      time += 1e6 * Math.exp(random.normal(0, 1));
      const isLoop = i > 300 && i <= 360;
      scorer.action(Math.round(time), isLoop ? (i - 1) % 20 : random.between(0, 23), 20, 0);
    }
    const drawn = scorer.verdict().evidence.find(({ kind }) => kind === "sequence");
    expect(drawn).toMatchObject({ opcodes: Array.from({ length: 20 }, (_, i) => i), repeats: 3 });
  });

  test("raw packets never give a bot, and the verdict says why", () => {
    const scorer = createBotScorer(config);
    playLoop(scorer, 1, 800, () => rawOpcode);
    const verdict = scorer.verdict();
    expect(verdict.says).toBe("undecided");
    expect(verdict.missing.join()).toContain("no plugin names the opcodes");
  });

  test("packets without a name beside few that have one prove nothing either", () => {
    const scorer = createBotScorer(config);
    playLoop(scorer, 1, 800, (i) => (i % 6 < 2 ? i % 6 : rawOpcode));
    expect(scorer.verdict()).toMatchObject({ says: "undecided", coverage: "packets" });
  });

  test("a stream that the network shakes is the client's, not the player's", () => {
    const scorer = createBotScorer(config);
    const random = new Random(4);
    let time = start;
    for (let walk = 0; walk < 60; walk++) {
      time += 2e6 + random.unit() * 6e6;
      for (let i = 0; i < 40; i++) {
        time += 40_000 + random.unit() * 120_000;
        scorer.action(Math.round(time), 7, 20, 0);
      }
    }
    expect(scorer.verdict().actions).toBeLessThan(30);
  });

  test("one window is not enough to say bot, three are", () => {
    const scorer = createBotScorer(config);
    playLoop(scorer, 1, 151);
    expect(scorer.verdict().says).toBe("undecided");
    const longer = createBotScorer(config);
    playLoop(longer, 1, 201);
    expect(longer.verdict().says).toBe("bot");
  });

  test("evidence names the looped sequence and the waits, as JSON", () => {
    const evidence = evidenceOf(false);
    const sequence = evidence.find((item) => item.kind === "sequence");
    expect(sequence?.kind === "sequence" && sequence.repeats).toBeGreaterThan(30);
    expect(sequence?.kind === "sequence" && sequence.opcodes.length).toBeGreaterThan(0);
    const intervals = evidence.find((item) => item.kind === "intervals");
    expect(intervals?.kind === "intervals" && intervals.counts.reduce((sum, count) => sum + count, 0)).toBe(399);
  });

  test("of who only walks, the path is named, and no sequence of one kind of action", () => {
    const evidence = evidenceOf(true);
    const path = evidence.find((item) => item.kind === "path");
    expect(path?.kind === "path" && path.points).toHaveLength(6);
    expect(evidence.map(({ kind }) => kind)).not.toContain("sequence");
  });

  test.each([1, 2, 3])("people whose game has %i kinds of actions are no bots for that", (kinds) => {
    for (let seed = 1; seed <= 12; seed++) {
      const scorer = createBotScorer(config);
      playPerson(scorer, seed, 900, kinds);
      expect(scorer.verdict().says, `seed ${seed}`).not.toBe("bot");
    }
  });

  test("a clock of the client and named pings leave the actions as they are", () => {
    const plain = createBotScorer(config);
    const ticking = createBotScorer(config);
    const random = new Random(5);
    let next = start;
    for (let tick = 0; tick < 20_000; tick++) {
      const time = start + tick * 50_000;
      ticking.action(time, 50, 12, 0);
      if (tick % 100 === 0) ticking.action(time, ping, 8, 0);
      if (time < next) continue;
      plain.action(time, tick % 7, 20, 0);
      ticking.action(time, tick % 7, 20, 0);
      next = time + 1e6 * Math.exp(random.normal(0, 1));
    }
    expect(ticking.verdict().actions - plain.verdict().actions).toBeLessThanOrEqual(12);
  });

  test("reports of a walk that goes on are no actions", () => {
    const scorer = createBotScorer(config);
    for (let i = 0; i < 1000; i++) scorer.action(start + i * 66_000, 3, 28, 0, Float64Array.of(i, i));
    expect(scorer.verdict()).toMatchObject({ packets: 1000, actions: 0 });
  });

  test("the same packets give the same verdict, alone and among others", () => {
    const alone = createBotScorer(config);
    playPerson(alone, 9, 700);
    const make = createBotScorers(config);
    const [one, two] = [make(), make()];
    playLoop(two, 1, 300);
    playPerson(one, 9, 700);
    two.verdict();
    expect(one.verdict()).toEqual(alone.verdict());
  });

  test("any order of any packets breaks nothing", () => {
    const random = new Random(11);
    for (let round = 0; round < 20; round++) {
      const scorer = createBotScorer(config);
      for (let i = 0; i < 600; i++) {
        const time = random.chance(0.1) ? random.uint32() : start + random.between(-5_000_000, 5_000_000_000);
        const fields = random.chance(0.3)
          ? Float64Array.of(random.chance(0.1) ? Number.NaN : random.unit(), random.chance(0.1) ? Infinity : 1)
          : undefined;
        scorer.action(
          time,
          random.chance(0.1) ? rawOpcode : random.uint32() | 0,
          random.between(0, 70_000),
          random.chance(0.2) ? 1 : 0,
          fields,
        );
        if (random.chance(0.1)) scorer.roundTrip(time, random.between(0, 1e6));
      }
      const verdict = scorer.verdict();
      expect(Number.isFinite(verdict.score)).toBe(true);
      for (const part of verdict.parts) expect(Number.isFinite(part.value)).toBe(true);
    }
  });
});
