import { describe, expect, test } from "vitest";
import type { Micros } from "#base/time.ts";
import type { Finding, FlowFact } from "#contract/detector.ts";
import { defaultLimits, PortScan } from "./port-scan.ts";

const hashOf = (text: string): number => Array.from(text).reduce((h, letter) => Math.imul(h, 31) + letter.charCodeAt(0), 7) | 0;

const fact = (more: Partial<FlowFact>): FlowFact => ({
  clientHash: 1,
  serverHash: hashOf(more.server ?? ""),
  number: 1,
  time: 1_000_000 as Micros,
  flowId: 1,
  client: "10.0.0.1",
  server: "10.0.0.2",
  clientPort: 40_000,
  serverPort: 80,
  protocol: 6,
  packetsToServer: 1,
  packetsToClient: 0,
  bytesToServer: 60,
  bytesToClient: 0,
  answered: false,
  refused: false,
  ...more,
});

function findings(facts: readonly FlowFact[]): Finding[] {
  const all: Finding[] = [];
  const detector = new PortScan(defaultLimits, (finding) => all.push(finding));
  for (const one of facts) {
    detector.onFlowEnd(one);
    detector.onTick(one.time);
  }
  return all;
}

const many = (count: number, more: (i: number) => Partial<FlowFact>): FlowFact[] => Array.from({ length: count }, (_, i) => fact(more(i)));

describe("port scan", () => {
  test.each<[string, FlowFact[], number]>([
    ["many ports of one host without an answer", many(60, (i) => ({ serverPort: i })), 1],
    ["one port of many hosts without an answer", many(60, (i) => ({ server: `10.0.1.${i}` })), 1],
    ["the same door again and again is no scan", many(600, () => ({})), 0],
    ["a busy client whose servers answer is no scan", many(600, (i) => ({ server: `10.0.1.${i}`, answered: true })), 0],
    ["a client with some failures is no scan", many(600, (i) => ({ server: `10.0.${i >> 8}.${i & 255}`, answered: i % 4 !== 0 })), 0],
    ["knocks that are far apart are forgotten", many(60, (i) => ({ serverPort: i, time: (i * 400_000_000) as Micros })), 0],
    ["ICMP has no ports", many(600, (i) => ({ protocol: 1, server: `10.0.1.${i}` })), 0],
  ])("%s", (_case, facts, expected) => {
    expect(findings(facts)).toHaveLength(expected);
  });

  test("says why, with numbers", () => {
    const [finding] = findings(many(60, (i) => ({ serverPort: i })));
    expect(finding).toMatchObject({ source: "10.0.0.1", target: "10.0.0.2", severity: "medium", techniques: ["T1046"] });
    expect(finding?.why[0]).toEqual({ feature: "distinct targets without an answer", value: 40, threshold: 40, sample: 40 });
  });
});
