import { describe, expect, test } from "vitest";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Finding, ToldFinding } from "#contract/detector.ts";
import type { OddwireEvent } from "#contract/event.ts";
import { defaultConfig } from "#schema/config.ts";
import { fakeStart, many } from "#test/fake/fake-facts.ts";
import { EventLines } from "./event-lines.ts";
import { FindingDesk } from "./finding-desk.ts";

const scan = { name: "port-scan", category: "scan", techniques: ["T1046"] } as const;
const cooldownSeconds = 600;

const finding = (seconds: number, more: Partial<Finding> = {}): Finding => ({
  time: Math.round(fakeStart + seconds * MICROS_PER_SECOND) as Micros,
  number: 1 + Math.round(seconds),
  source: "10.0.0.5",
  target: "10.0.0.9",
  title: "10.0.0.5 knocks",
  severity: "low",
  score: 0.5,
  why: [{ feature: "doors", value: 40.123456789, threshold: 40, sample: 40 }],
  ...more,
});

interface Told {
  readonly id: string;
  readonly signs: number;
  readonly severity: string;
  readonly score: number;
  readonly since: string;
}

function deskOf(allow: readonly string[] = []) {
  const lines = new EventLines(1 << 12);
  const heard: ToldFinding[] = [];
  const config = { ...defaultConfig, "detect.allow": allow, "detect.cooldown-s": cooldownSeconds };
  const desk = new FindingDesk(config, lines, (told) => heard.push(told));
  const events = (): OddwireEvent[] =>
    Buffer.from(lines.json.bytes.subarray(0, lines.json.length))
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as OddwireEvent);
  return { desk, heard, events, told: () => events().map((event) => event["finding"] as Told) };
}

function toldOf(findings: readonly Finding[], allow: readonly string[] = []): Told[] {
  const { desk, told } = deskOf(allow);
  for (const one of findings) desk.take(scan, one);
  return told();
}

describe("one cause is one finding", () => {
  test.each<[string, readonly Finding[], readonly number[]]>([
    ["the first sign is told at once", [finding(0)], [1]],
    ["later ones within the cool-down only count", many(9, (i) => finding(i * 500)), [1]],
    ["it is told again at ten, a hundred and a thousand times the signs", many(1500, (i) => finding(i)), [1, 10, 100, 1000]],
    ["after a silence of the cool-down it is a new one", [finding(0), finding(1), finding(602)], [1, 1]],
    ["another target is another cause", [finding(0), finding(1, { target: "10.0.0.10" })], [1, 1]],
    ["a detector may say what makes a cause", many(5, (i) => finding(i, { target: `10.0.0.${i}`, cause: "10.0.0.5" })), [1]],
    ["more severe is told at once", [finding(0), finding(1), finding(2, { severity: "high" }), finding(3, { severity: "high" })], [1, 3]],
    ["less severe is not", [finding(0, { severity: "high" }), finding(1)], [1]],
    ["a sign with an earlier time does not end it", [finding(600), finding(0), finding(1100)], [1]],
  ])("%s", (_case, findings, signs) => {
    expect(toldOf(findings).map((told) => told.signs)).toEqual(signs);
  });

  test("keeps id, first time, highest severity and score", () => {
    const [first, again] = toldOf([
      finding(0, { severity: "high", score: 0.9 }),
      ...many(8, (i) => finding(1 + i)),
      finding(10, { severity: "critical" }),
    ]);
    expect(again).toMatchObject({ id: first?.id, since: "2026-01-05T00:00:00.000Z", severity: "critical", score: 0.9, signs: 10 });
  });

  test("the same history gives the same ids, another detector another", () => {
    const [one] = toldOf([finding(0)]);
    const [same] = toldOf([finding(0)]);
    const { desk, told } = deskOf();
    desk.take({ ...scan, name: "slow-scan" }, finding(0));
    expect(one?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(same?.id).toBe(one?.id);
    expect(told()[0]?.id).not.toBe(one?.id);
  });

  test("a new finding of an old cause has an id of its own", () => {
    const [first, second] = toldOf([finding(0), finding(5000)]);
    expect(second?.id).not.toBe(first?.id);
  });
});

test("an event has everything that its readers need", () => {
  const { desk, events, heard } = deskOf();
  desk.take(scan, finding(0, { flowId: 77, confidence: 0.75 }));
  expect(events()).toMatchObject([
    {
      event_type: "finding",
      flow_id: 77,
      src_ip: "10.0.0.5",
      dest_ip: "10.0.0.9",
      finding: {
        detector: "port-scan",
        category: "scan",
        severity: "low",
        confidence: 0.75,
        techniques: ["T1046"],
        why: [{ feature: "doors", value: 40.1235, threshold: 40, sample: 40 }],
      },
    },
  ]);
  expect(heard).toMatchObject([
    { detector: "port-scan", source: "10.0.0.5", confidence: 0.75, signs: 1, why: [{ value: 40.1235 }], techniques: ["T1046"] },
  ]);
});

test("who is allowed is not told, and others do not hear of it", () => {
  const { desk, told, heard } = deskOf(["10.0.0.0/24"]);
  desk.take(scan, finding(0));
  desk.take(scan, finding(1, { source: "192.0.2.1", target: "192.0.2.2" }));
  expect(told()).toHaveLength(1);
  expect(heard.map(({ source }) => source)).toEqual(["192.0.2.1"]);
  expect(desk.allowed).toBe(1);
});

test("remembers 20,000 causes; the longest silent goes first", () => {
  const { desk, told } = deskOf();
  desk.take(scan, finding(0, { cause: "old" }));
  desk.take(scan, finding(0, { cause: "busy" }));
  for (let i = 0; i < 19_998; i++) desk.take(scan, finding(1, { cause: `c${i}` }));
  desk.take(scan, finding(2, { cause: "busy" }));
  desk.take(scan, finding(3, { cause: "one more" }));
  desk.take(scan, finding(3, { cause: "and another" }));
  const before = told().length;
  desk.take(scan, finding(4, { cause: "busy" }));
  expect(told()).toHaveLength(before);
  desk.take(scan, finding(4, { cause: "old" }));
  expect(told()).toHaveLength(before + 1);
});

const continued = (before: readonly Finding[], after: readonly Finding[]): { readonly first: Told | undefined; readonly after: Told[] } => {
  const one = deskOf();
  for (const sign of before) one.desk.take(scan, sign);
  const next = deskOf();
  expect(next.desk.restore(JSON.parse(JSON.stringify(one.desk.save())))).toBe(true);
  for (const sign of after) {
    next.desk.take(scan, sign);
  }
  return { first: one.told()[0], after: next.told() };
};

describe("over a restart", () => {
  test.each<[string, readonly Finding[], readonly Finding[], readonly number[]]>([
    ["a cause that goes on is not told again", [finding(0)], [finding(5)], []],
    ["its signs are counted on", many(9, (i) => finding(i)), [finding(20)], [10]],
    ["more severe is told", [finding(0)], [finding(5, { severity: "high" })], [2]],
    ["after the cool-down it is a new one", [finding(0)], [finding(601)], [1]],
    ["packets from long before are another capture's", [finding(5000)], [finding(0)], [1]],
    ["a clock that was set back a little is not", [finding(100)], [finding(60)], []],
  ])("%s", (_case, before, after, signs) => {
    const { first, after: told } = continued(before, after);
    expect(told.map((one) => one.signs)).toEqual(signs);
    if (signs[0] !== undefined) expect(told[0]?.id === first?.id).toBe(signs[0] > 1);
  });

  test.each([
    ["nothing", undefined],
    ["of another version", { version: 99, clock: 1, causes: [] }],
    ["without causes", { version: 1, clock: 1 }],
    ["with half a cause", { version: 1, clock: 1, causes: [["scan x", "0123456789abcdef", 1, 2]] }],
    ["with a severity that there is not", { version: 1, clock: 1, causes: [["scan x", "0123456789abcdef", 1, 2, 1, 10, 9, 0.5]] }],
    ["with a time that is none", { version: 1, clock: 1, causes: [["scan x", "0123456789abcdef", 1, "2", 1, 10, 1, 0.5]] }],
  ])("what was saved and is %s begins anew", (_case, saved) => {
    const { desk, told } = deskOf();
    expect(desk.restore(saved)).toBe(false);
    desk.take(scan, finding(0));
    expect(told()).toHaveLength(1);
  });

  test("a run without a sign keeps what it was given", () => {
    const one = deskOf();
    one.desk.take(scan, finding(0));
    const idle = deskOf();
    idle.desk.restore(one.desk.save());
    expect(idle.desk.save()).toEqual(one.desk.save());
  });

  test("the packets' numbers begin anew, ids do not repeat", () => {
    const one = deskOf();
    one.desk.take(scan, finding(0));
    const next = deskOf();
    next.desk.take(scan, { ...finding(9000), number: finding(0).number });
    expect(next.told()[0]?.id).not.toBe(one.told()[0]?.id);
  });
});
