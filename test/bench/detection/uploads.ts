import { Random } from "#base/random.ts";
import exfiltrationPlugin from "#detectors/exfiltration/index.ts";
import { findingsOf, flowFact, type Heard } from "#test/fake/fake-facts.ts";
import { areaUnderCurve } from "../beacon/curve.ts";

const seed = 402;
const clientsOfKind = 40;
const days = 7;
const hours = days * 24;
const mega = 1e6;

/** Bytes that a client sends one server and gets from it in an hour of the week. */
type Week = (random: Random, hour: number) => readonly [sent: number, got: number];
const isWork = (hour: number): boolean => hour % 24 >= 8 && hour % 24 < 18;
const spread = (random: Random, median: number, deviation: number): number => median * Math.exp(random.normal(0, deviation));
const browsing: Week = (random, hour) => (isWork(hour) ? [spread(random, mega, 1), spread(random, 20 * mega, 1.2)] : [0, 0]);

const benignWeeks: Readonly<Record<string, Week>> = {
  "web pages": browsing,
  "mail with attachments": (random, hour) => (isWork(hour) ? [spread(random, 3 * mega, 1.5), spread(random, 3 * mega, 1.5)] : [0, 0]),
  "video calls": (random, hour) =>
    isWork(hour) && random.chance(0.2) ? [spread(random, 500 * mega, 0.4), spread(random, 700 * mega, 0.4)] : [0, 0],
  "backup each night": (random, hour) => (hour % 24 === 2 ? [spread(random, 400 * mega, 0.5), mega] : [0, 0]),
  "photos now and then": (random) => (random.chance(0.03) ? [spread(random, 150 * mega, 1), mega] : [0, 0]),
  "syncing of files": (random, hour) => (isWork(hour) ? [spread(random, 20 * mega, 1.5), spread(random, 10 * mega, 1.5)] : [0, 0]),
};
const stolen: Readonly<Record<string, (random: Random) => number>> = {
  "2 GB in an hour": () => 2000 * mega,
  "300 MB in an hour": () => 300 * mega,
  "60 MB in an hour": () => 60 * mega,
};

function heard(week: Week, random: Random, extra = 0): Heard[] {
  const at = Math.floor(random.between(48, hours));
  const list: Heard[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const [sent, got] = week(random, hour);
    const more = hour === at ? extra : 0;
    if (sent + got + more === 0) continue;
    list.push({
      end: flowFact({
        at: hour * 3600 + random.unit() * 1800,
        flowId: hour,
        server: "203.0.113.7",
        answered: true,
        established: true,
        bytesToServer: Math.round(sent + more),
        bytesToClient: Math.round(got),
      }),
    });
  }
  return list;
}

const most = (history: readonly Heard[]): number => Math.max(...history.map((one) => ("end" in one ? one.end.bytesToServer : 0)));

/** How often large uploads are accused, by kind of week, and how well they rank against plain bytes. */
export function uploadTable(): string[] {
  const detector = exfiltrationPlugin.detectors?.find(({ name }) => name === "exfiltration");
  if (detector === undefined) return [];
  const random = new Random(seed);
  const told = (history: readonly Heard[]): boolean => findingsOf(detector, history).some(({ category }) => category === "exfiltration");
  const low = { "bytes-min": mega, "hours-min": 24 };
  const score = (history: readonly Heard[]): number => Math.max(0, ...findingsOf(detector, history, low).map((finding) => finding.score));
  const benign = Object.entries(benignWeeks).map(([name, week]) => ({
    name,
    histories: Array.from({ length: clientsOfKind }, (_, i) => heard(week, random.fork(`${name} ${i}`))),
  }));
  const all = benign.flatMap(({ histories }) => histories);
  const lines = [
    `Made-up weeks of a client and a server, through the detector "exfiltration" (seed ${seed}):`,
    "  stolen beside web pages          accused      area under curve   plain bytes",
  ];
  for (const [name, extra] of Object.entries(stolen)) {
    const histories = Array.from({ length: clientsOfKind }, (_, i) => {
      const own = random.fork(`${name} ${i}`);
      return heard(browsing, own, extra(own));
    });
    const area = areaUnderCurve(histories.map(score), all.map(score)).toFixed(3);
    const plain = areaUnderCurve(histories.map(most), all.map(most)).toFixed(3);
    lines.push(`  ${name.padEnd(32)} ${`${histories.filter(told).length} of ${clientsOfKind}`.padEnd(12)} ${area.padEnd(18)} ${plain}`);
  }
  lines.push("  harmless");
  for (const { name, histories } of benign) lines.push(`  ${name.padEnd(32)} ${histories.filter(told).length} of ${clientsOfKind}`);
  return lines;
}
