import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { MarkovModel, type MarkovOptions, type SequenceVerdict } from "./markov.ts";
import { ModelRefused } from "./model-file.ts";

/** A client that says hello, logs in, asks some things and leaves. */
function session(random: Random): string[] {
  const names = ["hello", random.chance(0.1) ? "login-again" : "login"];
  for (let i = random.between(1, 6); i > 0; i--) names.push(random.chance(0.7) ? "get" : "list");
  return [...names, "quit"];
}
function taught(options: MarkovOptions = {}): { model: MarkovModel; random: Random } {
  const random = new Random(1);
  const model = new MarkovModel(options);
  for (let i = 0; i < 400; i++) model.observe("ftp >", session(random));
  return { model, random };
}

/** Bits of the rarest step when what follows x depends on what came before it. */
const surprise = (order: number): number => {
  const model = new MarkovModel({ order });
  for (let i = 0; i < 200; i++) model.observe("c", i % 2 === 0 ? ["a", "x", "b"] : ["c", "x", "d"]);
  return model.observe("c", ["a", "x", "d"])?.rarest.bits ?? 0;
};

describe("a Markov model of messages", () => {
  test.each<[string, readonly string[], readonly string[], string]>([
    ["a step that nobody takes", ["hello", "get", "get", "quit"], ["hello"], "get"],
    ["a name that nobody uses", ["hello", "login", "site-exec", "quit"], ["login"], "site-exec"],
    ["a start in the middle", ["get", "quit"], [], "get"],
  ])("finds %s and says which", (_case, sequence, after, name) => {
    const { model } = taught();
    const verdict = model.observe("ftp >", sequence) as SequenceVerdict;
    expect(verdict.z).toBeGreaterThan(4);
    expect([verdict.rarest.after, verdict.rarest.name]).toEqual([after, name]);
    expect(verdict.rarest.bits).toBeGreaterThan(8);
  });

  test("does not mind what is usual", () => {
    const { model, random } = taught();
    const zs = Array.from({ length: 300 }, () => model.observe("ftp >", session(random))?.z ?? 99);
    expect(zs.filter((z) => z > 4).length).toBeLessThan(3);
    expect(Math.abs(zs.reduce((sum, z) => sum + z, 0) / 300)).toBeLessThan(0.3);
  });

  test("counts surprise in bits", () => {
    const model = new MarkovModel({ smoothing: 1, sequencesMin: 1 });
    model.observe("c", ["a", "b"]);
    // Names a, b and one to come: "a" first has (1+1)/(1+3) = 1 bit, then "a" after "a" (0+1)/(1+3) = 2 bits.
    expect(model.observe("c", ["a", "a"])).toMatchObject({ bits: 1.5, rarest: { after: ["a"], name: "a", bits: 2, at: 1 }, sequences: 1 });
  });

  test("sees with order 2 what order 1 does not", () => {
    expect(surprise(1)).toBeLessThan(2);
    expect(surprise(2)).toBeGreaterThan(8);
  });

  test("says nothing before it knows a channel", () => {
    const { model } = taught();
    expect(model.observe("ftp <", ["220", "331"])).toBeUndefined();
    expect(model.observe("ftp >", [])).toBeUndefined();
  });

  test("stays within its limits and counts what it leaves out", () => {
    const model = new MarkovModel({ channelsMax: 3, namesMax: 10, stepsMax: 20, sequencesMin: 2 });
    for (let i = 0; i < 200; i++) model.observe(`c${i % 5}`, [`n${i}`, `n${i * 7}`, "x".repeat(1000)]);
    expect(model.evictedChannels).toBe(197);
    for (let i = 0; i < 200; i++) model.observe("c", [`n${i}`, `n${i * 7}`]);
    expect(model.unlearnedSteps).toBeGreaterThan(0);
    expect(JSON.stringify(model.state()).length).toBeLessThan(6000);
  });
});

describe("a saved Markov model", () => {
  test("goes on alike", () => {
    const { model, random } = taught();
    const again = MarkovModel.from(JSON.parse(JSON.stringify(model.state())));
    for (let i = 0; i < 50; i++) {
      const sequence = session(random);
      expect(again.observe("ftp >", sequence)).toEqual(model.observe("ftp >", sequence));
    }
  });

  test("is refused with other parameters", () => {
    expect(() => MarkovModel.from(taught().model.state(), { order: 2 })).toThrow(/order was 1 and is 2/);
  });

  test("is refused or usable whatever its fields are", () => {
    const good = taught().model.state();
    const channel = (good.body as { channels: object[] }).channels[0] as object;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(channel)), fc.jsonValue(), (field, value) => {
        try {
          const model = MarkovModel.from({ ...good, body: { channels: [{ ...channel, [field]: value }], evicted: 0, unlearned: 0 } });
          expect(model.observe("ftp >", ["hello", "quit"])?.bits ?? 0).not.toBeNaN();
        } catch (error) {
          expect(error).toBeInstanceOf(ModelRefused);
        }
      }),
    );
  });
});
