import { Random } from "#base/random.ts";
import type { DetectorDefinition } from "#contract/detector.ts";
import beaconPlugin from "#detectors/beacon/index.ts";
import { findingsOf, flowFact, type Heard } from "#test/fake/fake-facts.ts";
import { areaUnderCurve } from "../beacon/curve.ts";
import { beacon, benignKinds, type Contacts, type Kind, sleeps } from "../beacon/traffic.ts";

const seeds = [401, 402, 403, 404, 405];
const pairsOfKind = 20;
/** Contacts without which the detector does not judge. */
const contactsMin = 20;

/** Somebody else's connection, since the network is watched before and behind the contacts. */
const other = (at: number): Heard => ({ end: flowFact({ at, client: "10.0.0.99" }) });

/** The contacts as connections to an HTTPS server outside. */
const heard = ({ times, bytes, until }: Contacts): Heard[] => [
  other(0),
  ...times.map((at, i) => ({
    end: flowFact({
      at: at + 0.5,
      began: at,
      flowId: i,
      server: "203.0.113.7",
      serverPort: 443,
      service: "tls",
      answered: true,
      established: true,
      bytesToServer: 1000,
      bytesToClient: bytes[i] ?? 0,
    }),
  })),
  other(until),
];

function draw(kind: Kind, random: Random): Contacts[] {
  const drawn: Contacts[] = [];
  for (let i = 0; drawn.length < pairsOfKind && i < 20 * pairsOfKind; i++) {
    const contacts = kind(random.fork(String(i)));
    if (contacts.times.length >= contactsMin) drawn.push(contacts);
  }
  return drawn;
}

/** Best score that the whole detector gives a pair, and whether it is told by default. */
function judge(detector: DetectorDefinition, contacts: Contacts): { score: number; told: boolean } {
  const score = Math.max(
    0,
    ...findingsOf(detector, heard(contacts), { "score-min": 0, "irregular-min-s": 0 }).map((finding) => finding.score),
  );
  return { score, told: findingsOf(detector, heard(contacts)).length > 0 };
}

/** The trivial score: how even the gaps are, by their coefficient of variation. */
function evenness({ times }: Contacts): number {
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return -Math.sqrt(variance) / mean;
}

interface Row {
  readonly told: number;
  readonly of: number;
  readonly area: number;
  readonly plain: number;
}

/** One seed: beacons by how they sleep, then people and their programs. */
function rowsOf(detector: DetectorDefinition, seed: number): readonly (readonly [name: string, row: Row])[] {
  const random = new Random(seed);
  const judged = (name: string, kind: Kind) =>
    draw(kind, random.fork(name)).map((one) => ({ ...judge(detector, one), plain: evenness(one) }));
  const benign = Object.entries(benignKinds).map(([name, kind]) => [name, judged(name, kind)] as const);
  const all = benign.flatMap(([, list]) => list);
  const row = (list: typeof all): Row => ({
    told: list.filter(({ told }) => told).length,
    of: list.length,
    area: areaUnderCurve(
      list.map(({ score }) => score),
      all.map(({ score }) => score),
    ),
    plain: areaUnderCurve(
      list.map(({ plain }) => plain),
      all.map(({ plain }) => plain),
    ),
  });
  const beacons = Object.entries(sleeps).map(([name, sleep]) => [name, row(judged(name, beacon(sleep, "tasked", 0.2)))] as const);
  return [...beacons, ...benign.map(([name, list]) => [name, row(list)] as const)];
}

/** How much of made-up beacons the detector tells, and of people and their programs, by kind: the worst of five seeds. */
export function beaconTable(): string[] {
  const detector = beaconPlugin.detectors?.find(({ name }) => name === "beacon");
  if (detector === undefined) return [];
  const runs = seeds.map((seed) => new Map(rowsOf(detector, seed)));
  const rows = (name: string): readonly Row[] => runs.flatMap((run) => run.get(name) ?? []);
  const told = (name: string, pick: (...counts: number[]) => number): string => {
    const list = rows(name);
    return `${pick(...list.map((row) => row.told))} of ${Math.max(...list.map((row) => row.of))}`;
  };
  const least = (name: string, key: "area" | "plain"): string => Math.min(...rows(name).map((row) => row[key])).toFixed(3);
  return [
    `Made-up contacts with one server, through the detector "beacon", worst of seeds ${seeds.join(", ")}:`,
    "  beacons                          told         area under curve   CV of gaps",
    ...Object.keys(sleeps).map(
      (name) => `  ${name.padEnd(32)} ${told(name, Math.min).padEnd(12)} ${least(name, "area").padEnd(18)} ${least(name, "plain")}`,
    ),
    "  people and their programs",
    ...Object.keys(benignKinds).map((name) => `  ${name.padEnd(32)} ${told(name, Math.max)}`),
  ];
}
