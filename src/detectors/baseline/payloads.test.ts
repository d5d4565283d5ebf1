import { describe, expect, test } from "vitest";
import type { Detector, Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many } from "#test/fake/fake-facts.ts";
import plugin from "./index.ts";
import { days } from "./simulated-days.common.ts";

const [definition] = plugin.detectors ?? [];
if (definition === undefined) throw new Error("the plugin has a detector");

const binary: FlowWords = {
  payloadToServer: 128,
  payloadToClient: 128,
  payloadBitsToServer: 6.4,
  payloadBitsToClient: 6.9,
  payloadTextToServer: 0.45,
  payloadTextToClient: 0.36,
};
const text: FlowWords = {
  payloadToServer: 90,
  payloadToClient: 128,
  payloadBitsToServer: 5,
  payloadBitsToClient: 5.1,
  payloadTextToServer: 1,
  payloadTextToClient: 1,
};
const half: FlowWords = { ...text, payloadToClient: 0, payloadTextToClient: 0, payloadBitsToClient: 0 };

/** Three days of a service that always begins in one way, then one connection. */
function history(usual: FlowWords, then: FlowWords, place: FlowWords): Heard[] {
  const flow = (at: number, words: FlowWords): Heard => ({
    end: flowFact({ at, answered: true, established: true, packetsToServer: 9, packetsToClient: 9, ...place, ...words }),
  });
  return [...many(2000, (i) => flow(i * 130, { ...usual, flowId: i + 1 })), flow(2000 * 130, { ...then, flowId: 9999 })];
}
const inside: FlowWords = { server: "10.0.0.9", serverPort: 8443 };
const outside: FlowWords = { server: "198.51.100.7", serverPort: 443 };

const told = (flows: Iterable<Heard>, settings: Readonly<Record<string, unknown>> = {}): Finding[] =>
  findingsOf(definition, flows, settings).filter(({ cause }) => cause?.startsWith("payload"));

describe("first payloads", () => {
  test.each<[string, FlowWords, FlowWords, FlowWords, number]>([
    ["clear text at a service that was always encrypted", binary, text, inside, 1],
    ["clear text at a port of the Internet that was always encrypted", binary, text, outside, 1],
    ["bytes that are no text at a service that always spoke text", text, binary, inside, 1],
    ["more of the same", binary, binary, inside, 0],
    ["a server that has not said enough", binary, half, inside, 0],
    ["a connection whose beginning is missing", binary, { ...text, midstream: true }, inside, 0],
  ])("%s", (_case, usual, then, place, expected) => {
    expect(told(history(usual, then, place))).toHaveLength(expected);
  });

  test("a service that has always had both has nothing odd", () => {
    const flows = history(binary, text, inside);
    const mixed = flows.map((heard, i) => (i % 500 === 7 && "end" in heard ? { end: { ...heard.end, ...text } } : heard));
    expect(told(mixed)).toEqual([]);
  });

  test("says what was usual, what was not, and how sure that is", () => {
    const [finding] = told(history(binary, text, inside));
    expect(finding?.title).toBe(
      "10.0.0.1 and 10.0.0.9 speak clear text on tcp/8443; all 2000 connections before began with bytes that are no text",
    );
    expect(finding?.why[0]).toMatchObject({ feature: "surprise, bits", threshold: 10, sample: 2000 });
  });

  test("a switch turns it off", () => {
    expect(told(history(binary, text, inside), { "unusual-payload": false })).toEqual([]);
  });

  test("what was learnt survives a restart", () => {
    const flows = history(binary, text, inside);
    const first = make(undefined);
    for (const heard of flows.slice(0, 2000)) if ("end" in heard) first.detector.onFlowEnd?.(heard.end);
    const second = make(JSON.parse(JSON.stringify(first.detector.save?.())));
    for (const heard of flows.slice(2000)) if ("end" in heard) second.detector.onFlowEnd?.(heard.end);
    expect(second.found.map(({ cause }) => cause)).toContain("payload 10.0.0.9 tcp/8443");
    const [row] = second.detector.learnt?.baselines({ name: "10.0.0.9 tcp/8443", limit: 1 }).baselines ?? [];
    expect(row?.payload_bits).toBeCloseTo(6.65, 1);
  });

  test("days without payload are judged as before", () => {
    expect(told(days({ days: 3 }))).toEqual([]);
  });
});

function make(saved: unknown): { readonly detector: Detector; readonly found: Finding[] } {
  const found: Finding[] = [];
  const settings = Object.fromEntries(Object.entries(definition?.settings ?? {}).map(([name, key]) => [name, key.default]));
  const report = (finding: Finding): void => void found.push(finding);
  return { found, detector: definition?.create({ report, settings: settings as never, seed: 1, saved }) as Detector };
}
