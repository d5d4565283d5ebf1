import { expect, test } from "vitest";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { AlertFact, Finding, ToldFinding } from "#contract/detector.ts";
import { fakeStart, many } from "#test/fake/fake-facts.ts";
import { HostRisk } from "./host-risk.ts";

const at = (seconds: number): Micros => Math.round(fakeStart + seconds * MICROS_PER_SECOND) as Micros;

const told = (detector: string, seconds = 0, more: Partial<ToldFinding> = {}): { readonly told: ToldFinding } => ({
  told: {
    id: `${detector}1`,
    detector,
    category: "scan",
    time: at(seconds),
    number: 1 + seconds,
    source: "10.0.0.5",
    target: "10.0.0.9",
    title: "many doors",
    severity: "high",
    confidence: 0.9,
    signs: 1,
    why: [],
    techniques: ["T1046"],
    ...more,
  },
});

const alert = (sid: number, seconds = 0, severity = 1, metadata = {}): { readonly alert: AlertFact } => ({
  alert: {
    time: at(seconds),
    number: 1 + seconds,
    flowId: 1,
    source: "10.0.0.5",
    target: "10.0.0.9",
    fields: { gid: 1, signature_id: sid, signature: `rule of ${sid}`, severity, metadata },
  },
});

type Sign = ReturnType<typeof told> | ReturnType<typeof alert>;

function reported(signs: readonly Sign[]): Finding[] {
  const found: Finding[] = [];
  const risk = new HostRisk({ threshold: 1, halfLifeSeconds: 3600, causesMin: 2 }, (finding) => void found.push(finding));
  for (const sign of signs)
    if ("told" in sign) risk.onFinding(sign.told);
    else risk.onAlert(sign.alert);
  return found;
}

test.each<[string, readonly Sign[], readonly string[]]>([
  ["two different attacks make a host suspect", [told("port-scan"), told("password-guessing", 60)], ["10.0.0.5"]],
  ["one attack does not, however severe", [told("port-scan", 0, { severity: "critical", signs: 1000 })], []],
  ["one detector that tells again is one cause", many(9, (i) => told("port-scan", i, { signs: 10 ** i })), []],
  ["what is long ago has faded", [told("port-scan"), told("password-guessing", 4 * 3600)], []],
  ["policy and observations do not count", many(20, (i) => told(`p${i}`, i, { category: i % 2 ? "policy" : "observation" })), []],
  ["weak signs do not", [told("a", 0, { severity: "low" }), told("b", 0, { severity: "low" }), told("c", 0, { severity: "info" })], []],
  ["rules count by their severity", [told("port-scan"), alert(1, 10)], ["10.0.0.5"]],
  ["rules of no consequence do not count", many(50, (i) => alert(i, i, 4)), []],
  ["a rule that is met often is one cause", many(5000, (i) => alert(1, i / 100)), []],
  ["a name is no host", [told("a", 0, { source: "example.com" }), told("b", 0, { source: "example.com" })], []],
  ["a group is no host", many(30, (i) => told(`d${i}`, i, { source: undefined, target: "224.0.0.251" })), []],
])("%s", (_case, signs, hosts) => {
  expect([...new Set(reported(signs).map(({ source }) => source))]).toEqual(hosts);
});

test("a target carries a fifth of it", () => {
  const found = reported(many(8, (i) => told(`d${i}`, i, { source: `10.0.1.${i}` })));
  expect(found.map(({ source }) => source)).toEqual(["10.0.0.9", "10.0.0.9"]);
  expect(found[0]?.why[0]?.value).toBeCloseTo(7 * 0.8 * 0.9 * 0.2, 2);
});

test("says what made it, heaviest first, with the techniques of all", () => {
  const metadata = { mitre_technique_id: ["T1190", "<script>"] };
  const [finding] = reported([alert(7, 0, 2, metadata), told("port-scan", 60), told("password-guessing", 120, { techniques: ["T1110"] })]);
  expect(finding).toMatchObject({
    source: "10.0.0.5",
    severity: "medium",
    techniques: ["T1046", "T1190"],
    title: "10.0.0.5 has a risk of 1.0: 2 different things were found of it within a minute",
  });
  expect(finding?.why.map(({ feature }) => feature)).toEqual(["risk", "port-scan: many doors", "rule 7: rule of 7"]);
});

test("grows more severe with more causes", () => {
  const found = reported(many(8, (i) => told(`d${i}`, i)));
  expect(found.filter(({ source }) => source === "10.0.0.5").map(({ severity }) => severity)).toEqual([
    "medium",
    "high",
    "high",
    "high",
    "critical",
    "critical",
    "critical",
  ]);
});

test("remembers no more hosts and causes than its limits", () => {
  const found = reported(many(40, (i) => told(`d${i}`, 0)));
  expect(found.at(-1)?.title).toContain("32 different things");
  const crowd = [
    told("a", 0, { target: undefined }),
    ...many(10_000, (i) => told("a", 1, { source: `10.${i >> 8}.${i & 255}.7`, target: undefined })),
  ];
  expect(reported([...crowd, told("b", 2, { target: undefined })])).toEqual([]);
});

const limits = { threshold: 1, halfLifeSeconds: 3600, causesMin: 2 };

/** Hosts that the second run tells, after it was given what the first has saved. */
function hostsAfterRestart(
  before: readonly Sign[],
  after: readonly Sign[],
  damage: (saved: unknown) => unknown = (saved) => saved,
): string[] {
  const first = new HostRisk(limits, () => undefined);
  for (const sign of before) if ("told" in sign) first.onFinding(sign.told);
  const found: Finding[] = [];
  const second = new HostRisk(limits, (finding) => void found.push(finding), damage(JSON.parse(JSON.stringify(first.save()))));
  for (const sign of after) if ("told" in sign) second.onFinding(sign.told);
  return [...new Set(found.map(({ source }) => source ?? ""))];
}

test.each<[string, readonly Sign[], readonly Sign[], readonly string[]]>([
  ["risk goes on after a restart", [told("port-scan")], [told("password-guessing", 60)], ["10.0.0.5"]],
  ["it has faded meanwhile", [told("port-scan")], [told("password-guessing", 4 * 3600)], []],
  ["packets from long before are another capture's", [told("port-scan", 9000)], [told("password-guessing", 0)], []],
])("%s", (_case, before, after, hosts) => {
  expect(hostsAfterRestart(before, after)).toEqual(hosts);
});

test.each<[string, (saved: unknown) => unknown]>([
  ["of another version", (saved) => ({ ...(saved as object), version: 99 })],
  ["no object", () => "risk"],
  ["with half a cause", (saved) => ({ ...(saved as object), hosts: [["10.0.0.5", [["a", "a", 1]]]] })],
])("what was saved and is %s is no risk", (_case, damage) => {
  expect(hostsAfterRestart([told("port-scan")], [told("password-guessing", 60)], damage)).toEqual([]);
});

test("of more causes than are saved, those of the hosts that were heard of last are", () => {
  const crowd = many(9_000, (host) =>
    many(3, (i) => told(`d${i}`, host, { source: `10.${host >> 8}.${host & 255}.7`, target: undefined })),
  ).flat();
  const risk = new HostRisk({ ...limits, halfLifeSeconds: 1e6 }, () => undefined);
  for (const sign of crowd) risk.onFinding(sign.told);
  const { hosts } = risk.save() as { readonly hosts: readonly (readonly [string, unknown])[] };
  expect([hosts.length, hosts.at(-1)?.[0]]).toEqual([6666, "10.35.39.7"]);
});

test("who is allowed later is no risk any more, and whoever is not stays one", () => {
  const found: Finding[] = [];
  const risk = new HostRisk(limits, (finding) => void found.push(finding));
  for (const sign of [told("port-scan"), told("dga")]) risk.onFinding(sign.told);
  expect(found.splice(0).map(({ source }) => source)).toEqual(["10.0.0.5"]);
  risk.onAllow((detector, { source }) => detector === "port-scan" && source === "10.0.0.5");
  risk.onFinding(told("dga", 5, { signs: 100 }).told);
  expect(found).toEqual([]);
  risk.onFinding(told("password-guessing", 6).told);
  expect(found.map(({ source }) => source)).toEqual(["10.0.0.5"]);
});
