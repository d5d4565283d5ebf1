import { existsSync } from "node:fs";
import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { Config } from "#schema/config.ts";
import { capturesOf } from "./captures.ts";
import { KindListener } from "./kind-listener.ts";
import { recordingOf } from "./outputs.ts";
import { checkQuery, openQuery } from "./query.ts";
import { readFiles } from "./read.ts";

export interface BacktestOptions {
  /** Captures, or folders of captures (a recording). */
  readonly paths: readonly string[];
  /** The rules and keywords to be tried are in `rules.files` and `keywords.files`. */
  readonly config: Config;
  /** Directory of a store whose alerts are compared; `undefined` for none. */
  readonly history?: string | undefined;
  readonly filter?: string | undefined;
  readonly onProgress?: (share: number | undefined, packets: number) => void;
}

/** What one rule would have told. */
export interface RuleOutcome {
  readonly gid: number;
  readonly sid: number;
  readonly signature: string;
  readonly severity: number;
  readonly alerts: number;
  /** Alerts per day of packet time (UTC). */
  readonly days: Readonly<Record<string, number>>;
  /** Hosts that alerts name, each side by itself, most often named first; at most `hostsMax`. */
  readonly hosts: readonly { readonly address: string; readonly alerts: number }[];
  /** How many hosts there were in all. */
  readonly hostCount: number;
  readonly first: string;
  readonly last: string;
  /** Alerts of other rules, or of the history, that name the same flow: what this rule repeats. */
  readonly duplicates: readonly { readonly rule: string; readonly alerts: number }[];
  /** Alerts whose flow nothing else names. */
  readonly alone: number;
}

export interface BacktestReport {
  readonly captures: readonly string[];
  readonly packets: number;
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  readonly alerts: number;
  readonly rules: readonly RuleOutcome[];
}

const hostsMax = 20;
const duplicatesMax = 10;
/** Distinct flows and hosts that are remembered for one rule; more are only counted. */
const namesPerRuleMax = 100_000;

interface Tally {
  readonly alert: { readonly gid: number; readonly sid: number; readonly signature: string; readonly severity: number };
  alerts: number;
  readonly days: Map<string, number>;
  readonly hosts: Map<string, number>;
  /** Alerts by flow. */
  readonly flows: Map<string, number>;
  first: string;
  last: string;
}

/** Runs rules over captures and says what they would have told: by rule, day and host, and what repeats what. */
export async function backtest(options: BacktestOptions): Promise<BacktestReport> {
  const captures = capturesOf(options.paths);
  const tallies = new Map<string, Tally>();
  const summary = await readFiles({
    files: captures,
    out: "",
    config: options.config,
    filter: options.filter,
    store: false,
    eve: false,
    listener: new KindListener("alert", (event) => take(tallies, event)),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const others = rulesByFlow(tallies);
  if (options.history !== undefined) await addHistory(options.history, summary, others);
  return {
    captures,
    packets: summary.packets,
    from: summary.from,
    to: summary.to,
    seconds: summary.seconds,
    alerts: [...tallies.values()].reduce((sum, { alerts }) => sum + alerts, 0),
    rules: [...tallies].map(([name, tally]) => outcome(name, tally, others)).toSorted((a, b) => b.alerts - a.alerts || a.sid - b.sid),
  };
}

/** Folder of the packets that live capture into `out` has kept. Throws ODW_USAGE when there is none. */
export function recordedBy(out: string): string {
  const directory = recordingOf(out);
  if (directory === undefined || !existsSync(directory))
    throw new OddwireError("ODW_USAGE", { cause: `name a capture: the live capture in ${out} has recorded none (oddwire live --record)` });
  return directory;
}

const text = (event: OddwireEvent, member: string): string => {
  const value = event[member];
  return typeof value === "string" ? value : "";
};
const flowOf = (event: OddwireEvent): string => text(event, "community_id") || `${text(event, "src_ip")} ${text(event, "dest_ip")}`;

function take(tallies: Map<string, Tally>, event: OddwireEvent): void {
  const alert = event["alert"] as { gid: number; signature_id: number; signature: string; severity: number };
  const name = `${alert.gid}:${alert.signature_id}`;
  const time = text(event, "timestamp");
  let tally = tallies.get(name);
  if (tally === undefined) {
    tally = {
      alert: { gid: alert.gid, sid: alert.signature_id, signature: alert.signature, severity: alert.severity },
      alerts: 0,
      days: new Map(),
      hosts: new Map(),
      flows: new Map(),
      first: time,
      last: time,
    };
    tallies.set(name, tally);
  }
  tally.alerts++;
  if (time < tally.first) tally.first = time;
  if (time > tally.last) tally.last = time;
  add(tally.days, time.slice(0, 10));
  for (const side of ["src_ip", "dest_ip"]) if (event[side] !== undefined) add(tally.hosts, text(event, side));
  add(tally.flows, flowOf(event));
}

function add(counts: Map<string, number>, name: string): void {
  const before = counts.get(name);
  if (before === undefined && counts.size >= namesPerRuleMax) return;
  counts.set(name, (before ?? 0) + 1);
}

/** Which rules name each flow. */
function rulesByFlow(tallies: ReadonlyMap<string, Tally>): Map<string, Set<string>> {
  const rules = new Map<string, Set<string>>();
  for (const [name, { flows }] of tallies) for (const flow of flows.keys()) addRule(rules, flow, name);
  return rules;
}

function addRule(rules: Map<string, Set<string>>, flow: string, name: string): void {
  const known = rules.get(flow);
  if (known === undefined) rules.set(flow, new Set([name]));
  else known.add(name);
}

const iso = (micros: number): string => new Date(micros / 1000).toISOString();

/** Adds the alerts that the history holds of the same time. */
async function addHistory(directory: string, time: { from: number; to: number }, rules: Map<string, Set<string>>): Promise<void> {
  await using query = await openQuery(directory);
  const expression = `time >= ${iso(time.from - 1e6)} and time <= ${iso(time.to + 1e6)}`;
  const { plan } = checkQuery({ kind: "alert", expression, limit: 0 }, Date.now() * 1000);
  for await (const page of query.pages(plan, 0))
    for (const event of page) {
      const alert = event["alert"] as { gid?: number; signature_id?: number } | undefined;
      addRule(rules, flowOf(event), `history ${alert?.gid ?? 1}:${alert?.signature_id ?? 0}`);
    }
}

function outcome(name: string, tally: Tally, others: ReadonlyMap<string, ReadonlySet<string>>): RuleOutcome {
  const duplicates = new Map<string, number>();
  let alone = 0;
  for (const [flow, alerts] of tally.flows) {
    const rules = [...(others.get(flow) ?? [])].filter((rule) => rule !== name);
    if (rules.length === 0) alone += alerts;
    for (const rule of rules) duplicates.set(rule, (duplicates.get(rule) ?? 0) + alerts);
  }
  const { gid, sid, signature, severity } = tally.alert;
  return {
    gid,
    sid,
    signature,
    severity,
    alerts: tally.alerts,
    days: Object.fromEntries([...tally.days].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    hosts: most(tally.hosts, hostsMax).map(([address, alerts]) => ({ address, alerts })),
    hostCount: tally.hosts.size,
    first: tally.first,
    last: tally.last,
    duplicates: most(duplicates, duplicatesMax).map(([rule, alerts]) => ({ rule, alerts })),
    alone,
  };
}

const most = (counts: ReadonlyMap<string, number>, limit: number): [string, number][] =>
  [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, limit);
