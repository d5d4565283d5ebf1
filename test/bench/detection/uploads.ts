import { Random } from "#base/random.ts";
import type { DetectorDefinition } from "#contract/detector.ts";
import exfiltrationPlugin from "#detectors/exfiltration/index.ts";
import { findingsOf, flowFact, type Heard } from "#test/fake/fake-facts.ts";
import { areaUnderCurve } from "../beacon/curve.ts";
import { uploadOfficeTable } from "./upload-offices.ts";

const seeds = [402, 403, 404, 405, 406];
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

interface Row {
  readonly accused: number;
  readonly area: number;
  readonly plain: number;
}

/** One seed: stolen data by amount, then harmless weeks. */
function rowsOf(detector: DetectorDefinition, seed: number): ReadonlyMap<string, Row> {
  const random = new Random(seed);
  const told = (history: readonly Heard[]): boolean => findingsOf(detector, history).some(({ category }) => category === "exfiltration");
  const low = { "bytes-min": mega, "hours-min": 24 };
  const score = (history: readonly Heard[]): number => Math.max(0, ...findingsOf(detector, history, low).map((finding) => finding.score));
  const weeks = (name: string, week: Week, extra: (random: Random) => number) =>
    Array.from({ length: clientsOfKind }, (_, i) => {
      const own = random.fork(`${name} ${i}`);
      const history = heard(week, own, extra(own));
      return { isTold: told(history), score: score(history), most: most(history) };
    });
  const benign = Object.entries(benignWeeks).map(([name, week]) => [name, weeks(name, week, () => 0)] as const);
  const all = benign.flatMap(([, list]) => list);
  const row = (list: typeof all): Row => ({
    accused: list.filter(({ isTold }) => isTold).length,
    area: areaUnderCurve(
      list.map((one) => one.score),
      all.map((one) => one.score),
    ),
    plain: areaUnderCurve(
      list.map((one) => one.most),
      all.map((one) => one.most),
    ),
  });
  const thefts = Object.entries(stolen).map(([name, extra]) => [name, weeks(name, browsing, extra)] as const);
  return new Map([...thefts, ...benign].map(([name, list]) => [name, row(list)]));
}

/** How often large uploads are accused, by kind of week, and how well they rank against plain bytes: the worst of five seeds. */
export function uploadTable(): string[] {
  const detector = exfiltrationPlugin.detectors?.find(({ name }) => name === "exfiltration");
  if (detector === undefined) return [];
  const runs = seeds.map((seed) => rowsOf(detector, seed));
  const values = (name: string, key: keyof Row): readonly number[] => runs.flatMap((run) => run.get(name)?.[key] ?? []);
  const accused = (name: string, pick: (...counts: number[]) => number): string =>
    `${pick(...values(name, "accused"))} of ${clientsOfKind}`.padEnd(12);
  const least = (name: string, key: keyof Row): string => Math.min(...values(name, key)).toFixed(3);
  return [
    `Made-up weeks of a client and a server, through the detector "exfiltration", worst of seeds ${seeds.join(", ")}:`,
    "  stolen beside web pages          accused      area under curve   plain bytes",
    ...Object.keys(stolen).map(
      (name) => `  ${name.padEnd(32)} ${accused(name, Math.min)} ${least(name, "area").padEnd(18)} ${least(name, "plain")}`,
    ),
    "  harmless",
    ...Object.keys(benignWeeks).map((name) => `  ${name.padEnd(32)} ${accused(name, Math.max).trim()}`),
    ...uploadOfficeTable(detector),
  ];
}
