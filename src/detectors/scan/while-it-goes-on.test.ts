import { describe, expect, test } from "vitest";
import type { DetectorDefinition, Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many } from "#test/fake/fake-facts.ts";
import scan from "./index.ts";

const named = (name: string): DetectorDefinition => scan.detectors?.find((one) => one.name === name) as DetectorDefinition;
/** What is told of flows that have waited, and then of their ends a minute later, which may be other than the wait. */
function told(name: string, flows: readonly FlowWords[], end: (words: FlowWords, i: number) => FlowWords | undefined): Finding[] {
  const waiting = flows.map((words, i): Heard => ({ unanswered: flowFact({ at: i / 100, ...words, waited: true }) }));
  const ended = flows.flatMap((words, i): Heard[] => {
    const more = end(words, i);
    return more === undefined ? [] : [{ end: flowFact({ at: i / 100, ...words, waited: true, ...more }) }];
  });
  return findingsOf(named(name), [...waiting, ...ended]);
}
const never = (): undefined => undefined;
const same = (): FlowWords => ({});
const stranger = (i: number): string => `${20 + ((i * 37) % 150)}.${(i * 91) % 256}.${(i * 53) % 256}.${1 + (i % 250)}`;
const open: FlowWords = { answered: true, established: true, packetsToServer: 4, packetsToClient: 4, flagsToServer: 0x1b };

describe("a scan that goes on", () => {
  test.each<[string, string, FlowWords[], number]>([
    ["ports of one host in silence", "scan", many(30, (i) => ({ serverPort: i })), 1],
    ["a port of a network's hosts", "scan", many(30, (i) => ({ server: `10.0.1.${i}`, serverPort: 445 })), 1],
    ["ports that forty sources share", "distributed-scan", many(200, (i) => ({ client: `203.0.113.${i % 40}`, serverPort: i, at: i })), 1],
    ["a dead server, tried again and again", "scan", many(300, () => ({})), 0],
    ["scattered hosts may be a program's without a way out", "scan", many(300, (i) => ({ server: stranger(i), serverPort: 443 })), 0],
  ])("%s is told by %s before a flow has ended: %#", (_case, name, flows, expected) => {
    expect(told(name, flows, never).slice(0, 1)).toHaveLength(expected);
  });

  test("scattered hosts are told when it is known that the knocks were brief", () => {
    const flows = many(300, (i) => ({ server: stranger(i), serverPort: 443 }));
    expect(told("scan", flows, same)).not.toEqual([]);
    expect(told("scan", flows, () => ({ packetsToServer: 4 }))).toEqual([]);
  });

  test("a knock is counted once, while it waits or at its end", () => {
    expect(
      told(
        "scan",
        many(24, (i) => ({ serverPort: i })),
        same,
      ),
    ).toEqual([]);
    const shared = many(49, (i) => ({ client: `203.0.113.${i % 40}`, serverPort: i, at: i }));
    expect(told("distributed-scan", shared, same)).toEqual([]);
  });

  test("what is answered late is taken back", () => {
    const slow = many(24, (i) => ({ serverPort: i }));
    const then = many(12, (i): Heard => ({ end: flowFact({ at: 90 + i, serverPort: 100 + i }) }));
    const waiting = slow.map((words): Heard => ({ unanswered: flowFact({ ...words, waited: true }) }));
    const late = slow.map((words): Heard => ({ end: flowFact({ ...words, ...open, waited: true, at: 60 }) }));
    expect(findingsOf(named("scan"), [...waiting, ...then])).not.toEqual([]);
    expect(findingsOf(named("scan"), [...waiting, ...late, ...then])).toEqual([]);
  });
});
