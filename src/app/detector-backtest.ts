import { textOf } from "#base/members.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { Config } from "#schema/config.ts";
import type { TriedFinding } from "#schema/detector.ts";
import { capturesOf } from "./captures.ts";
import { KindListener } from "./kind-listener.ts";
import { checkQuery, openQuery } from "./query.ts";
import { readFiles } from "./read.ts";

export interface DetectorBacktestOptions {
  /** Captures, or folders of captures. */
  readonly paths: readonly string[];
  readonly config: Config;
  /** The same with what is to be tried; `undefined` to tell only what there is. */
  readonly tried: Config | undefined;
  /** Directory of a store whose findings are compared; `undefined` for none. */
  readonly history?: string | undefined;
  readonly filter?: string | undefined;
  readonly onProgress?: (share: number | undefined, packets: number) => void;
}

/** What one detector tells. */
export interface DetectorOutcome {
  readonly detector: string;
  readonly category: string;
  /** Findings as it is configured, and with what is tried. */
  readonly now: number;
  readonly tried: number;
  /** Most findings on one day of packet time (UTC), with what is tried. */
  readonly mostPerDay: number;
  /** Hosts that are accused, with what is tried. */
  readonly hosts: number;
  /** Findings of the history at that time. */
  readonly history: number;
  readonly added: readonly TriedFinding[];
  readonly lost: readonly TriedFinding[];
}

export interface DetectorBacktestReport {
  readonly captures: readonly string[];
  readonly packets: number;
  readonly from: number;
  readonly to: number;
  readonly detectors: readonly DetectorOutcome[];
}

/** Findings told as added or lost, of one detector. */
const examplesMax = 20;

interface Found extends TriedFinding {
  readonly id: string;
  readonly host: string;
}

/** Reads captures with the detectors as they are, and as they would be, and says what changes. */
export async function backtestDetectors(options: DetectorBacktestOptions): Promise<DetectorBacktestReport> {
  const captures = capturesOf(options.paths);
  const [now, summary] = await findingsOf(captures, options.config, options);
  const tried = options.tried === undefined ? now : (await findingsOf(captures, options.tried, options))[0];
  const history = options.history === undefined ? [] : await findingsIn(options.history, summary);
  const names = new Map(
    [...now.values(), ...tried.values()].map(({ detector, category }) => [`${detector} ${category}`, { detector, category }]),
  );
  return {
    captures,
    packets: summary.packets,
    from: summary.from,
    to: summary.to,
    detectors: [...names.entries()]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, name]) => outcome(name.detector, name.category, now, tried, history)),
  };
}

/** The findings of a run by what makes them the same in another run, and its summary. */
async function findingsOf(
  files: readonly string[],
  config: Config,
  { filter, onProgress }: DetectorBacktestOptions,
): Promise<[ReadonlyMap<string, Found>, { readonly packets: number; readonly from: number; readonly to: number }]> {
  const found = new Map<string, Found>();
  const summary = await readFiles({
    files,
    out: "",
    config,
    filter,
    store: false,
    eve: false,
    listener: new KindListener("finding", (event) => keep(found, event)),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return [found, summary];
}

function keep(found: Map<string, Found>, event: OddwireEvent): void {
  const one = foundOf(event);
  // The first telling of a cause stands for it: later ones only count its signs.
  if (!found.has(one.id)) found.set(one.id, one);
}

function foundOf(event: OddwireEvent): Found {
  const finding = (event["finding"] ?? {}) as Readonly<Record<string, unknown>>;
  const host = textOf(event["src_ip"]);
  const ends = `${host} ${textOf(event["dest_ip"])}`;
  const detector = textOf(finding["detector"]);
  return {
    // An earlier or later first packet gives another id: who is accused of what stays the same.
    id: `${detector} ${textOf(finding["category"])} ${ends}`,
    host,
    detector,
    category: textOf(finding["category"]),
    severity: textOf(finding["severity"]),
    title: textOf(finding["title"]),
    time: textOf(event["timestamp"]),
  };
}

const iso = (micros: number): string => new Date(micros / 1000).toISOString();

async function findingsIn(directory: string, time: { readonly from: number; readonly to: number }): Promise<readonly Found[]> {
  await using query = await openQuery(directory);
  const expression = `time >= ${iso(time.from - 1e6)} and time <= ${iso(time.to + 1e6)}`;
  const { plan } = checkQuery({ kind: "finding", expression, limit: 0 }, Date.now() * 1000);
  const found: Found[] = [];
  for await (const page of query.pages(plan, 0)) for (const event of page) found.push(foundOf(event));
  return found;
}

function outcome(
  detector: string,
  category: string,
  now: ReadonlyMap<string, Found>,
  tried: ReadonlyMap<string, Found>,
  history: readonly Found[],
): DetectorOutcome {
  const mine = (found: Found): boolean => found.detector === detector && found.category === category;
  const ofTried = [...tried.values()].filter(mine);
  const ofNow = [...now.values()].filter(mine);
  const days = new Map<string, number>();
  for (const { time } of ofTried) days.set(time.slice(0, 10), (days.get(time.slice(0, 10)) ?? 0) + 1);
  const told = ({ detector: by, category: about, severity, title, time }: Found): TriedFinding => ({
    detector: by,
    category: about,
    severity,
    title,
    time,
  });
  return {
    detector,
    category,
    now: ofNow.length,
    tried: ofTried.length,
    mostPerDay: Math.max(0, ...days.values()),
    hosts: new Set(ofTried.map(({ host }) => host)).size,
    history: history.filter(mine).length,
    added: ofTried
      .filter(({ id }) => !now.has(id))
      .slice(0, examplesMax)
      .map(told),
    lost: ofNow
      .filter(({ id }) => !tried.has(id))
      .slice(0, examplesMax)
      .map(told),
  };
}
