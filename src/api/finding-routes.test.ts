import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OddwireEvent } from "#contract/event.ts";
import { type Severity, severities } from "#schema/finding.ts";
import type { FindingAnswer, FindingMark, FindingsAnswer, HostRisksAnswer, TechniquesAnswer } from "#schema/finding-mark.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import { FAKE_START, type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { answerSchemas } from "./answer-schemas.ts";

let server: FakeServer;
const when = (seconds: number): string => `${new Date(FAKE_START / 1000 + seconds * 1000).toISOString().slice(0, -1)}000+0000`;

const telling = (id: string, seconds: number, more: object = {}, hosts: Partial<OddwireEvent> = {}): OddwireEvent => ({
  timestamp: when(seconds),
  event_type: "finding",
  src_ip: "10.9.0.5",
  dest_ip: "10.9.0.9",
  ...hosts,
  finding: {
    id,
    detector: "port-scan",
    category: "scan",
    title: "knocks at 40 doors",
    severity: "medium",
    score: 0.7,
    confidence: 0.9,
    signs: 1,
    since: "2026-01-01T00:00:01.000Z",
    why: [{ feature: "doors", value: 40, threshold: 40, sample: 40 }],
    techniques: ["T1046"],
    ...more,
  },
});

beforeAll(async () => {
  server = await startFakeServer();
  server.store.add([
    telling("aa01", 1),
    telling("aa01", 20, { signs: 10, severity: "high", title: "knocks at 400 doors" }),
    telling("aa02", 30, { detector: "password-guessing", category: "bruteforce", severity: "high", techniques: ["T1110"] }),
    telling(
      "ab04",
      32,
      {
        detector: "host-risk",
        category: "observation",
        techniques: [],
        why: [
          { feature: "risk", value: 1.4, threshold: 1, sample: 12 },
          { feature: "rule 1001: A script in a request", value: 0.6, sample: 9 },
          { feature: "target of rule 1002: A file that nobody may read", value: 0.1, sample: 1 },
          { feature: "port-scan: knocks at 40 doors", value: 0.7, sample: 2 },
        ],
      },
      { src_ip: "10.9.0.8", dest_ip: "" },
    ),
    telling("aa03", 31, { detector: "expired", category: "policy", techniques: [] }, { src_ip: "10.9.0.7" }),
  ]);
});
afterAll(() => server[Symbol.asyncDispose]());

const ajv = new Ajv2020({ strict: false });
const faults = (name: string, value: unknown): unknown => (ajv.validate(answerSchemas()[name] as SchemaNode, value) ? [] : ajv.errors);
const body = async <T>(path: string): Promise<T> => (await server.get(`/api/v1/${path}`)).body as T;
const idsOf = async (query: string): Promise<readonly string[]> =>
  (await body<FindingsAnswer>(`findings/causes?${query}`)).findings.map(({ id }) => id).filter((id) => id.startsWith("aa"));
const mark = (id: string, change: unknown, headers: { readonly [name: string]: string } = {}) =>
  fetch(`${server.url}/api/v1/findings/${id}/mark`, {
    method: "PUT",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(change),
  });

test("each cause is listed once, as it was told last", async () => {
  const answer = await body<FindingsAnswer>("findings/causes?host=10.9.0.5");
  expect(faults("Findings", answer)).toEqual([]);
  expect(answer.findings.map(({ id }) => id)).toEqual(["aa02", "aa01"]);
  expect(answer.findings[1]).toMatchObject({
    signs: 10,
    severity: "high",
    title: "knocks at 400 doors",
    first: "2026-01-01T00:00:01.000Z",
    last: when(20),
    state: "new",
  });
});

test.each([
  ["a category", "category=bruteforce", ["aa02"]],
  ["a severity, as it is now", "severity=medium&host=10.9.0.5", []],
  ["a host as the target", "host=10.9.0.9", ["aa03", "aa02", "aa01"]],
  ["an expression", "q=detector = expired", ["aa03"]],
])("can be narrowed to %s", async (_case, query, ids) => {
  expect(await idsOf(query)).toEqual(ids);
});

const rank = ({ severity }: { readonly severity: Severity }): number => severities.indexOf(severity);

test("are sorted by severity, the newest first within one, over as many pages as there are", async () => {
  const all = (await body<FindingsAnswer>("findings/causes?limit=1000")).findings;
  for (const [order, sign] of [
    ["-severity", -1],
    ["severity", 1],
  ] as const) {
    const sorted = all.toSorted((a, b) => sign * (rank(a) - rank(b)) || (a.last < b.last ? 1 : -1)).map(({ id }) => id);
    for (const limit of [1, 2, 3, 1000]) {
      const ids: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const place = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const page: FindingsAnswer = await body(`findings/causes?order=${order}&limit=${limit}${place}`);
        ids.push(...page.findings.map(({ id }) => id));
        cursor = page.next;
        pages += 1;
      } while (cursor !== undefined);
      expect([order, limit, ids]).toEqual([order, limit, sorted]);
      expect(pages).toBe(Math.ceil(all.length / limit));
    }
  }
  expect(await idsOf("order=-severity&host=10.9.0.9")).toEqual(["aa02", "aa01", "aa03"]);
  const stale = await server.get("/api/v1/findings/causes?order=-severity&cursor=3.bm9uZQ");
  expect(stale).toMatchObject({ status: 400, body: { error: { code: "ODW_QUERY_BAD" } } });
});

test("a finding has its tellings, and says how to keep it back", async () => {
  const answer = await body<FindingAnswer>("findings/aa01");
  expect(faults("Finding", answer)).toEqual([]);
  expect(answer.tellings.map(({ timestamp }) => timestamp)).toEqual([when(20), when(1)]);
  expect(answer.allow).toEqual([
    "port-scan=10.9.0.5>10.9.0.9",
    "port-scan=10.9.0.5",
    "port-scan=10.9.0.9",
    "10.9.0.5>10.9.0.9",
    "10.9.0.5",
  ]);
  expect(answer.advice).toEqual({ meaning: "Somebody looks around.", next: "Ask who it is." });
  expect((await body<FindingAnswer>("findings/aa03")).advice).toBeUndefined();
  const unknown = await server.get("/api/v1/findings/none");
  expect(unknown).toMatchObject({ status: 404, body: { error: { code: "ODW_FINDING_UNKNOWN" } } });
});

test("techniques are counted over findings and hosts", async () => {
  const answer = await body<TechniquesAnswer>("findings/techniques");
  expect(faults("Techniques", answer)).toEqual([]);
  expect(answer.techniques.find(({ technique }) => technique === "T1110")).toEqual({
    technique: "T1110",
    findings: 1,
    hosts: 1,
    severity: "high",
    detectors: ["password-guessing"],
  });
});

test("what was found of a host adds up to its risk, a target carries less, policy nothing", async () => {
  const answer = await body<HostRisksAnswer>("hosts/risk");
  expect(faults("HostRisks", answer)).toEqual([]);
  const risk = (host: string) => answer.hosts.find((row) => row.host === host);
  expect(risk("10.9.0.5")?.risk).toBeCloseTo(0.8 * 0.9 * 1.25 + 0.8 * 0.9, 1);
  expect(risk("10.9.0.5")).toMatchObject({ severity: "medium", techniques: ["T1046", "T1110"] });
  expect(risk("10.9.0.9")?.risk).toBeLessThan(0.4);
  expect(risk("10.9.0.7")).toBeUndefined();
  // Rules are counted by the finding of the host's risk, which has heard every alert.
  expect(risk("10.9.0.8")?.causes).toEqual([
    { id: "ab04", title: "rule 1001: A script in a request", risk: expect.closeTo(0.6, 1), is_target: false },
    { id: "ab04", title: "rule 1002: A file that nobody may read", risk: expect.closeTo(0.1, 1), is_target: true },
  ]);
});

test("a state is kept, narrows the list, and takes the finding out of the risk", async () => {
  const response = await mark("aa01", { state: "benign", note: "our own scanner", who: "ann" });
  const said = (await response.json()) as FindingMark;
  expect(faults("FindingMark", said)).toEqual([]);
  expect(said).toMatchObject({ finding: "aa01", state: "benign", note: "our own scanner", who: "ann" });
  expect(await idsOf("state=benign")).toEqual(["aa01"]);
  expect(await idsOf("state=open&host=10.9.0.9")).toEqual(["aa03", "aa02"]);
  await mark("aa03", { state: "seen" });
  expect(await idsOf("state=open&host=10.9.0.9")).toEqual(["aa03", "aa02"]);
  expect(await idsOf("state=new&host=10.9.0.9")).toEqual(["aa02"]);
  const { hosts } = await body<HostRisksAnswer>("hosts/risk");
  expect(hosts.find(({ host }) => host === "10.9.0.5")?.risk).toBeCloseTo(0.72, 1);
  const { finding } = await body<FindingAnswer>("findings/aa01");
  expect(finding).toMatchObject({ state: "benign", note: "our own scanner", opinion: { verdict: "benign", alike: 1 } });
});

test.each([
  ["an unknown state", { state: "gone" }, "state must be one of new, seen, closed, false, benign"],
  ["nothing", {}, "nothing is to be changed"],
  ["another member", { state: "seen", score: 1 }, '"score" is no member'],
])("%s is refused", async (_case, change, message) => {
  const response = await mark("aa02", change);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(message.replaceAll('"', '\\"').replaceAll('\\\\"', '\\"'));
});

test("pages of other hosts change nothing, and what is not stored has no mark", async () => {
  expect((await mark("aa02", { state: "closed" }, { origin: "https://evil.example" })).status).toBe(403);
  expect((await mark("none", { state: "closed" })).status).toBe(404);
});
