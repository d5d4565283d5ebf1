import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { DetectorDefinition, Finding } from "#contract/detector.ts";
import { type WrittenModel, writeOnnx } from "#engine/onnx/onnx-writer.common.ts";
import { type FlowWords, fakeStart, findingsOf, flowFact, type Heard } from "#test/fake/fake-facts.ts";
import { flowFeatures } from "./flow-features.ts";
import novelty from "./index.ts";

const definition = novelty.detectors?.find(({ name }) => name === "model") as DetectorDefinition;
const columns = flowFeatures.length;
const daySeconds = 86_400;

const weights = (more: Readonly<Record<number, number>>): number[] => Array.from({ length: columns }, (_, i) => more[i] ?? 0);
/** One number: the sum of the features by their weights. */
const linear = (more: Readonly<Record<number, number>>): WrittenModel => ({
  nodes: [{ operator: "Gemm", inputs: ["x", "w"], outputs: ["y"] }],
  tensors: { w: { shape: [columns, 1], values: weights(more) } },
});
/** Gives the row back, but of one feature always the same. */
const rebuilt: WrittenModel = {
  nodes: [
    { operator: "Mul", inputs: ["x", "w"], outputs: ["m"] },
    { operator: "Add", inputs: ["m", "b"], outputs: ["y"] },
  ],
  tensors: {
    w: { shape: [1, columns], values: Array.from({ length: columns }, (_, i) => (i === 11 ? 0 : 1)) },
    b: { shape: [1, columns], values: weights({ 11: Math.log1p(443) }) },
  },
};

const ended = (words: FlowWords): Heard => ({
  end: flowFact({
    serverPort: 443,
    bytesToServer: 1000,
    bytesToClient: 5000,
    packetsToServer: 5,
    packetsToClient: 5,
    answered: true,
    ...words,
  }),
});
const find = (model: WrittenModel, history: Iterable<Heard>, settings: Readonly<Record<string, unknown>> = {}): Finding[] =>
  findingsOf(definition, history, { file: "a.onnx", ...settings }, undefined, () => writeOnnx(model, columns));

const make = (model: WrittenModel, saved: unknown, report: (finding: Finding) => void) =>
  definition.create({
    report,
    settings: { file: "a", output: "", score: "high", threshold: 0, "alerts-per-day": 3, "learning-h": 24 } as never,
    seed: 1,
    saved,
    readFile: () => writeOnnx(model, columns),
  });

/** Flows of ten days whose sizes vary by a power of ten. */
function* usual(seed: number): Generator<Heard> {
  const random = new Random(seed);
  for (let i = 0; i < 20_000; i++)
    yield ended({ at: i * 43, flowId: i, bytesToServer: Math.round(500 * 10 ** random.unit()), client: `10.0.0.${random.between(1, 50)}` });
}
const upload = ended({ at: 10 * daySeconds, client: "10.0.0.9", server: "198.51.100.7", bytesToServer: 5_000_000_000 });

describe("a model of one's own", () => {
  test("what is over its threshold is told, with what moved the score", () => {
    const small = Array.from({ length: 20 }, (_, i) => ended({ at: i }));
    const [found, ...more] = find(linear({ 0: 1 }), [...small, ended({ at: 30, bytesToServer: 1e9, service: "tls" })], { threshold: 15 });
    expect(more).toEqual([]);
    expect(found?.title).toBe(
      "Your model finds a flow from 10.0.0.1 to 10.0.0.2:443 (tls) odd, above all for its bytes to the server 1000000000",
    );
    expect(found?.why[0]).toEqual({ feature: "score of the model", value: expect.closeTo(Math.log1p(1e9), 3), threshold: 15 });
    expect(found?.why[1]?.feature).toBe("bytes to the server (100 % of what moves the score)");
  });

  test("low scores may be the odd ones", () => {
    const history = [...Array.from({ length: 20 }, (_, i) => ended({ at: i })), ended({ at: 30, bytesToServer: 1e9 })];
    const found = find(linear({ 0: -1 }), history, { score: "low", threshold: -15 });
    expect(found.map(({ why }) => why[0])).toEqual([
      { feature: "score of the model", value: expect.closeTo(-Math.log1p(1e9), 3), threshold: -15 },
    ]);
  });

  test("an autoencoder is judged by the distance of what it rebuilds", () => {
    const found = find(rebuilt, [ended({ at: 1 }), ended({ at: 2, serverPort: 4444 })], { score: "distance", threshold: 0.1 });
    expect(found.map(({ title }) => title)).toEqual([
      expect.stringContaining("10.0.0.2:4444 odd, above all for its port of the server 4444"),
    ]);
  });

  test("without a threshold the budget decides: ten usual days stay within it, an upload is told", () => {
    const found = find(linear({ 0: 1 }), [...usual(1), upload]);
    const days = Map.groupBy(found.slice(0, -1), ({ time }) => Math.floor((time - fakeStart) / (daySeconds * 1e6)));
    expect(days.has(0)).toBe(false);
    for (const [, told] of days) expect(told.length).toBeLessThanOrEqual(3);
    expect(found.at(-1)).toMatchObject({ source: "10.0.0.9", target: "198.51.100.7", severity: "low" });
  });

  test("no more causes a day are told than are wanted; further flows count to theirs", () => {
    const history = Array.from({ length: 50 }, (_, i) => ended({ at: i, server: `198.51.100.${i % 10}`, bytesToServer: 1e9 }));
    expect(new Set(find(linear({ 0: 1 }), history, { threshold: 15 }).map(({ cause }) => cause)).size).toBe(3);
  });

  test("what its scores were like is kept for the same model, and for no other", () => {
    const first = make(linear({ 0: 1 }), undefined, () => undefined);
    for (const heard of usual(2)) if ("end" in heard) first.onFlowEnd?.(heard.end);
    const saved: unknown = JSON.parse(JSON.stringify(first.save?.()));
    const found: string[] = [];
    for (const [name, model] of [
      ["same", linear({ 0: 1 })],
      ["other", linear({ 0: 2 })],
    ] as const)
      make(model, saved, () => found.push(name)).onFlowEnd?.((upload as { end: ReturnType<typeof flowFact> }).end);
    expect(found).toEqual(["same"]);
  });

  test.each<readonly [string, WrittenModel, Readonly<Record<string, unknown>>, RegExp]>([
    ["no file", linear({}), { file: "" }, /cannot use the model of model\.file: there is none/],
    [
      "an operator that is not known",
      { nodes: [{ operator: "LSTM", inputs: ["x"], outputs: ["y"] }] },
      {},
      /a\.onnx: the operator LSTM is not known \(export a model of these: Abs, Add/,
    ],
    ["an output that is not there", linear({}), { output: "p" }, /it has no output p \(set model\.output to one of y\)/],
    ["a distance from one number", linear({}), { score: "distance" }, /its output y has 1 columns/],
  ])("%s is refused with cause and mend", (_case, model, settings, message) => expect(() => find(model, [], settings)).toThrow(message));
});
