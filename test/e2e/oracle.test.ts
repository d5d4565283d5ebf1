import { describe, expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { type CorpusFile, chosen, type NdpiFlow, withoutCorpora } from "./corpora.ts";
import { address, FlowSums } from "./flow-sums.ts";
import { eventsIn, reading } from "./reading.ts";

/**
 * What independent tools say of real captures: packets and bytes of each flow (nDPI), TLS client hellos, DNS names and
 * HTTP requests (tshark). Their lists end at 40 entries and 200 flows; longer ones are left out.
 */
const namesMax = 40;
const flowsMax = 200;
/** Longer addresses of requests are cut in the list. */
const urlCharsMax = 200;
/** Captures for each of the four questions. */
const captures = 200;
/** Most failures that a message lists. */
const shownMax = 20;

interface Score {
  passed: number;
  readonly failed: string[];
}

type Judge = (file: CorpusFile, events: readonly OddwireEvent[]) => readonly (readonly [string, boolean])[];

async function score(files: readonly CorpusFile[], judge: Judge): Promise<Score> {
  const result: Score = { passed: 0, failed: [] };
  for (const file of files) {
    const events = eventsIn(await reading([file.path], { settings: ["capture.checksum-validation=no"] }));
    for (const [what, holds] of judge(file, events)) {
      if (holds) result.passed++;
      else result.failed.push(`${file.file}: ${what}`);
    }
  }
  return result;
}

const ndpiFlows = (file: CorpusFile): readonly NdpiFlow[] => {
  const flows = file.expected.find(({ kind }) => kind === "ndpi")?.flows ?? [];
  return flows.length >= flowsMax ? [] : flows.filter(({ l4 }) => /^(?:tcp|udp)$/i.test(l4));
};
const namesOf = (file: CorpusFile): readonly string[] => limited(file.tshark_ref?.dns?.names);
const requestsOf = (file: CorpusFile) => limited(file.tshark_ref?.http?.list);
const hellosOf = (file: CorpusFile) => (file.tshark_ref?.tls ?? []).filter(({ ja4 }) => ja4?.startsWith("t") === true);

function limited<T>(list: readonly T[] | undefined): readonly T[] {
  return list === undefined || list.length >= namesMax ? [] : list;
}

const judgeFlows: Judge = (file, events) => {
  const found = FlowSums.of(events);
  const wanted = new FlowSums();
  for (const { l4, a, b, ap, bp, pk, by } of ndpiFlows(file)) wanted.add(l4, [end(a, ap), end(b, bp)], [pk[0], pk[1], by[0], by[1]]);
  return [...wanted].map(([key, counts]) => [
    `flow ${key}: ${found.get(key)?.join(" ")} instead of ${counts.join(" ")}`,
    found.get(key)?.join() === counts.join(),
  ]);
};

/** One end of nDPI's flow: `10.0.0.1:80`, `[fe80::1]:80`, or the port in a member of its own. */
function end(text: string, port: number | undefined): string {
  const at = text.lastIndexOf(":");
  const [host, number] = port === undefined ? [text.slice(0, at), text.slice(at + 1)] : [text, String(port)];
  return `${address(host.replace(/^\[|\]$/g, ""))} ${number}`;
}

const judgeHellos: Judge = (file, events) => {
  const found = new Set(events.flatMap(({ tls }) => (isObject(tls) ? [`${textOf(tls["sni"])} ${textOf(tls["ja4"])}`] : [])));
  const wanted = new Set(hellosOf(file).map(({ sni, ja4 }) => `${sni ?? ""} ${ja4 ?? ""}`));
  return [...wanted].map((hello) => [`client hello ${hello}`, found.has(hello)]);
};

const judgeNames: Judge = (file, events) => {
  const names = namesOf(file);
  if (names.length === 0) return [];
  const found = new Set<string>();
  for (const { dns } of events) {
    if (!isObject(dns)) continue;
    const queries = Array.isArray(dns["queries"]) ? (dns["queries"] as { rrname?: string }[]) : [];
    for (const name of [dns["rrname"], ...queries.map(({ rrname }) => rrname)]) if (typeof name === "string") found.add(name.toLowerCase());
  }
  const missing = names.filter((name) => !found.has(plain(name)));
  return [[`DNS names ${missing.join(", ")}`, missing.length === 0]];
};

/** tshark's name: the root has a word, odd bytes are in octal. */
const plain = (name: string): string =>
  name.toLowerCase() === "<root>"
    ? ""
    : name.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))).toLowerCase();

const judgeRequests: Judge = (file, events) => {
  const wanted = requestsOf(file).map((request) => [textOf(request[0]), textOf(request[2])] as const);
  if (wanted.length === 0) return [];
  const found = new Set(
    events.flatMap(({ http }) => (isObject(http) ? [`${textOf(http["http_method"])} ${textOf(http["url"]).slice(0, urlCharsMax)}`] : [])),
  );
  // Requests of UPnP are no conversation over TCP.
  const asked = wanted.filter(([method]) => method !== "M-SEARCH" && method !== "NOTIFY").map((request) => request.join(" "));
  const missing = asked.filter((request) => !found.has(request));
  return [[`HTTP requests ${missing.join(", ")}`, missing.length === 0]];
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

describe.skipIf(withoutCorpora !== undefined)(
  `other tools say the same${withoutCorpora === undefined ? "" : ` (skipped: ${withoutCorpora})`}`,
  () => {
    test.each<[string, number, (file: CorpusFile) => readonly unknown[], Judge]>([
      ["packets and bytes of flows (nDPI)", 0.985, ndpiFlows, judgeFlows],
      ["TLS client hellos (tshark)", 0.98, hellosOf, judgeHellos],
      ["DNS names (tshark)", 0.95, namesOf, judgeNames],
      ["HTTP requests (tshark)", 0.95, requestsOf, judgeRequests],
    ])(
      "%s, at least %d of them",
      async (_what, share, about, judge) => {
        const files = chosen(captures, (file) => about(file).length > 0);
        const { passed, failed } = await score(files, judge);
        expect(passed + failed.length).toBeGreaterThan(captures / 4);
        const reached = passed / (passed + failed.length);
        expect(reached < share ? [`${(100 * reached).toFixed(1)} %`, ...failed.slice(0, shownMax)] : []).toEqual([]);
      },
      60_000,
    );
  },
);
