import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact, many } from "#test/fake/fake-facts.ts";
import portScan from "./index.ts";

const findings = (flows: readonly FlowWords[]): Finding[] => {
  const [definition] = portScan.detectors ?? [];
  return definition === undefined
    ? []
    : findingsOf(
        definition,
        flows.map((words) => ({ end: flowFact({ at: 1, ...words }) })),
      );
};

describe("port scan", () => {
  test.each<[string, FlowWords[], number]>([
    ["many ports of one host without an answer", many(60, (i) => ({ serverPort: i })), 1],
    ["one port of many hosts without an answer", many(60, (i) => ({ server: `10.0.1.${i}` })), 1],
    ["the same door again and again is no scan", many(600, () => ({})), 0],
    ["a busy client whose servers answer is no scan", many(600, (i) => ({ server: `10.0.1.${i & 255}`, answered: true })), 0],
    ["a client with some failures is no scan", many(600, (i) => ({ server: `10.0.${i >> 8}.${i & 255}`, answered: i % 4 !== 0 })), 0],
    ["knocks that are far apart are forgotten", many(60, (i) => ({ serverPort: i, at: i * 400 })), 0],
    ["ICMP has no ports", many(600, (i) => ({ protocol: 1, server: `10.0.1.${i & 255}` })), 0],
  ])("%s", (_case, flows, expected) => {
    expect(findings(flows)).toHaveLength(expected);
  });

  test("says why, with numbers", () => {
    const [finding] = findings(many(60, (i) => ({ serverPort: i })));
    expect(finding).toMatchObject({ source: "10.0.0.1", target: "10.0.0.2", severity: "medium" });
    expect(finding?.why[0]).toEqual({ feature: "distinct targets without an answer", value: 40, threshold: 40, sample: 40 });
  });
});
