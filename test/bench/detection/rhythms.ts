import { Random } from "#base/random.ts";
import type { DetectorDefinition } from "#contract/detector.ts";
import beaconPlugin from "#detectors/beacon/index.ts";
import { findingsOf, flowFact, type Heard } from "#test/fake/fake-facts.ts";
import { areaUnderCurve } from "../beacon/curve.ts";
import { beacon, benignKinds, type Contacts, type Kind, sleeps } from "../beacon/traffic.ts";

const seed = 401;
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

const share = (list: readonly { told: boolean }[]): string => `${list.filter(({ told }) => told).length} of ${list.length}`;

/** How much of made-up beacons the detector tells, and of people and their programs, by kind. */
export function beaconTable(): string[] {
  const detector = beaconPlugin.detectors?.find(({ name }) => name === "beacon");
  if (detector === undefined) return [];
  const random = new Random(seed);
  const benign = Object.entries(benignKinds).map(([name, kind]) => ({
    name,
    judged: draw(kind, random.fork(name)).map((one) => judge(detector, one)),
  }));
  const scores = benign.flatMap(({ judged }) => judged.map(({ score }) => score));
  const lines = [
    `Made-up contacts with one server, through the detector "beacon" (seed ${seed}):`,
    "  beacons                          told         area under curve",
  ];
  for (const [name, sleep] of Object.entries(sleeps)) {
    const judged = draw(beacon(sleep, "tasked", 0.2), random.fork(name)).map((one) => judge(detector, one));
    const area = areaUnderCurve(
      judged.map(({ score }) => score),
      scores,
    );
    lines.push(`  ${name.padEnd(32)} ${share(judged).padEnd(12)} ${area.toFixed(3)}`);
  }
  lines.push("  people and their programs");
  for (const { name, judged } of benign) lines.push(`  ${name.padEnd(32)} ${share(judged)}`);
  return lines;
}
