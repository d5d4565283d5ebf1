import { Random } from "#base/random.ts";
import type { DetectorDefinition, Finding } from "#contract/detector.ts";
import dnsAnswers from "#detectors/dns-answers/index.ts";
import dnsTunnel from "#detectors/dns-tunnel/index.ts";
import missingNames from "#detectors/missing-names/index.ts";
import { benignName } from "#engine/names/dga/benign.ts";
import { randomFamilies, wordFamilies } from "#engine/names/dga/families.ts";
import { words } from "#engine/names/words.ts";
import { isAttackCategory } from "#schema/finding.ts";
import { fakeStart, findingsOf, type Heard, messageFact } from "#test/fake/fake-facts.ts";
import { type Leak, leakLookups, leaks } from "./leaks.ts";
import { type Lookup, OfficeNames } from "./office-names.ts";

const seeds = [101, 102, 103, 104, 105];
const hours = 9;
/** When the leak begins, and how long it may take to be found. */
const leakBegins = 3 * 3600;
const foundWithin = 900;

const plugins = [dnsTunnel, missingNames, dnsAnswers];
const definitions = plugins.flatMap(({ detectors }) => detectors ?? []);
const tunnel = definitions.find(({ name }) => name === "dns-tunnel") as DetectorDefinition;

/** Question and answer as the detectors hear them. */
function* heard(lookups: Iterable<Lookup>): Generator<Heard> {
  let id = 0;
  for (const { at, client, name, type, answer } of lookups) {
    const flow = { client, server: client === "10.0.0.53" ? "198.51.100.53" : "10.0.0.53", serverPort: 53, protocol: 17 };
    const question = { version: 2, opcode: 0, id: id++ & 0xffff, rrname: name, rrtype: type };
    yield { message: messageFact("dns", { ...question, type: "query" }, { ...flow, at }) };
    const answers = answer === undefined ? [] : [{ rrname: name, rrtype: type, ttl: 60, rdata: answer }];
    const rcode = answer === undefined && type === "A" ? "NXDOMAIN" : "NOERROR";
    yield { message: messageFact("dns", { ...question, type: "answer", rcode, answers }, { ...flow, at: at + 0.02, side: 1 }) };
  }
}

/** All detectors as one, so that an office is made up once; each says its name before the title. */
const everyDetector: DetectorDefinition = {
  name: "all",
  summary: "All detectors of names.",
  category: "observation",
  reads: ["dns"],
  create: ({ report, seed, saved }) => {
    const detectors = definitions.map((definition) => {
      const { name, category, settings = {} } = definition;
      return definition.create({
        report: (finding) => report({ category, ...finding, title: `${name}: ${finding.title}` }),
        settings: Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.default])) as never,
        seed,
        saved,
      });
    });
    return {
      onTransaction: (fact) => {
        for (const detector of detectors) detector.onTransaction?.(fact);
      },
      onEnd: (time) => {
        for (const detector of detectors) detector.onTick?.(time);
        for (const detector of detectors) detector.onEnd?.(time);
      },
      onTick: (time) => {
        // Blocks end now and then, not behind each message.
        if (time % 16 === 0) for (const detector of detectors) detector.onTick?.(time);
      },
    };
  },
};

const secondsOf = ({ time }: Finding): number => (time - fakeStart) / 1e6;

/** The detector's first word against the client after the leak began, in seconds; undefined when there was none in time. */
function foundAfter(leak: Leak, rate: number, benign: readonly Lookup[], seed: number): number | undefined {
  const random = new Random(seed * 7 + leak.letters);
  const domains = Array.from({ length: Math.min(leak.domains, 4000) }, () => `${benignName(random, words)}.com`);
  const client = benign[Math.floor(benign.length / 2)]?.client ?? "10.0.1.10";
  const evil = leakLookups(leak, rate, random, leakBegins, 3600, client, domains);
  const all = [...benign, ...evil]
    .filter(({ at }) => at > leakBegins - 1800 && at < leakBegins + foundWithin)
    .toSorted((a, b) => a.at - b.at);
  const evilDomains = new Set(evil.map(({ name }) => name.split(".").slice(-2).join(".")));
  const hit = findingsOf(tunnel, heard(all)).find((finding) => finding.source === client && isAbout(finding, evilDomains));
  return hit === undefined ? undefined : secondsOf(hit) - leakBegins;
}

/** A finding about the leak's domain, or about domains in turn most of which are the leak's. */
function isAbout({ cause = "", why }: Finding, domains: ReadonlySet<string>): boolean {
  const turns = String(why.find(({ feature }) => feature === "domains in turn")?.value ?? "").split(", ");
  return domains.has(cause) || turns.filter((domain) => domains.has(domain)).length * 2 > turns.length;
}

const officeOf = (seed: number, isBehindResolver: boolean): readonly Lookup[] =>
  new OfficeNames(new Random(seed), words, { clients: 60, hours, isBehindResolver }).lookups();

/** What offices ask for from half an hour before the leak on: at the clients, and behind the resolver. */
export const leakOffices = (): readonly (readonly (readonly Lookup[])[])[] =>
  [false, true].map((isBehindResolver) =>
    seeds.map((seed) => officeOf(seed, isBehindResolver).filter(({ at }) => at > leakBegins - 1800 && at < leakBegins + foundWithin)),
  );

/** Leaks found within 15 minutes, in an office seen at its clients and behind its resolver. */
export function leakTable(rate: number, views: ReturnType<typeof leakOffices>): string[] {
  const rows = leaks.map((leak) => [leak.name] as string[]);
  for (const offices of views) {
    for (const [i, leak] of leaks.entries()) {
      const times = offices.map((benign, at) => foundAfter(leak, rate, benign, seeds[at] as number));
      const found = times.filter((time) => time !== undefined).toSorted((a, b) => a - b);
      rows[i]?.push(
        `${found.length} of ${seeds.length}`,
        found.length === 0 ? "–" : `${Math.round((found[found.length >> 1] as number) / 6) / 10} min`,
      );
    }
  }
  return [
    `Data let out in names at ${rate} B/s, found within 15 min (five offices of 60 clients; median time):`,
    ...tableLines([["", "at the clients", "", "behind the resolver", ""], ...rows]),
  ];
}

/** What is said in offices where nothing is wrong. */
export function officeTable(): string[] {
  const lines = [`Nothing wrong: five offices of 60 clients for ${hours} h each:`];
  for (const isBehindResolver of [false, true]) {
    let lookups = 0;
    const found: string[] = [];
    for (const seed of seeds) {
      const benign = officeOf(seed, isBehindResolver);
      lookups += benign.length;
      const said = Map.groupBy(
        findingsOf(everyDetector, heard(benign)),
        ({ title, cause, source, target }) => `${title.split(":")[0]} ${cause ?? `${source}>${target}`}`,
      );
      for (const [first] of said.values())
        if (first !== undefined)
          found.push(`    ${isAttackCategory(first.category ?? "observation") ? "accuses" : "tells"} ${first.title}`);
    }
    const where = isBehindResolver ? "behind the resolver" : "at the clients";
    const days = (seeds.length * hours) / 24;
    const accused = found.filter((line) => line.includes("accuses")).length;
    lines.push(
      `  ${where}: ${lookups.toLocaleString("en")} questions, ${found.length} findings, ${(accused / days).toFixed(1)} accusations a day`,
      ...found,
    );
  }
  return lines;
}

/** Machines that seek their master by made-up names within an office. */
export function dgaTable(): string[] {
  const dga = definitions.find(({ name }) => name === "dga") as DetectorDefinition;
  const offices = seeds.map((seed) => officeOf(seed, true).filter(({ at }) => at > leakBegins && at < leakBegins + 1800));
  const rows = Object.entries({ ...randomFamilies, ...wordFamilies }).map(([name, family]) => {
    const times = seeds.map((seed, i) => {
      const names = family(seed, 200).map((label) => (label.includes(".") ? label : `${label}.com`));
      const evil = names.map((host, k) => ({ at: leakBegins + k * 8, client: "10.0.1.77", name: host, type: "A" }));
      const hit = findingsOf(dga, heard([...(offices[i] ?? []), ...evil].toSorted((a, b) => a.at - b.at))).find(
        ({ source }) => source === "10.0.1.77",
      );
      return hit === undefined ? undefined : (secondsOf(hit) - leakBegins) / 8;
    });
    const found = times.filter((time) => time !== undefined).toSorted((a, b) => a - b);
    return [
      name,
      `${found.length} of ${seeds.length}`,
      found.length === 0 ? "–" : `${Math.round(found[found.length >> 1] as number) + 1} names`,
    ];
  });
  return ["Machines that seek by made-up names, one every 8 s (found; median number of names until then):", ...tableLines(rows)];
}

const tableLines = (rows: readonly (readonly string[])[]): string[] =>
  rows.map((cells) => `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(40) : cell.padStart(i % 2 === 1 ? 20 : 10))).join("")}`);
