import type { OddwireEvent } from "#schema/event.ts";
import type { CounterGroup } from "#schema/suricata.ts";
import { counterGroups } from "./counter-groups.ts";
import { alertOf, type Foreign, flowOfEve, foreignOf, objectOf, textOf, timeOf } from "./foreign-alert.ts";
import type { JoinQueue } from "./join-queue.ts";

export interface EveReaderOptions {
  readonly join: JoinQueue;
  /** Kinds that are told beside alerts: `dns`, `tls` …, or `all`. */
  readonly tell: readonly string[];
  /** Gets what becomes an event of ours. */
  readonly onEvent: (event: OddwireEvent) => void;
}

/** Kinds whose names are counted one by one; the rest is `other`. */
const KINDS_MAX = 64;

/** Reads Suricata's events: alerts become ours, counters are kept, the others are counted and told when they are wanted. */
export class EveReader {
  readonly kinds = new Map<string, number>();
  lines = 0;
  bad = 0;
  alerts = 0;
  /** Time of the process at which the newest event came, milliseconds of `performance.now()`; 0 before the first. */
  lastAt = 0;
  /** The same of the newest `stats` event, and how far the two newest stood apart, seconds. */
  statsAt = 0;
  statsInterval: number | undefined;
  /** The newest counters, and their time as Suricata wrote it. */
  stats: Foreign | undefined;
  statsTime: string | undefined;
  readonly #options: EveReaderOptions;

  constructor(options: EveReaderOptions) {
    this.#options = options;
  }

  /** Newest counters in groups. */
  get counters(): readonly CounterGroup[] | undefined {
    return this.stats === undefined ? undefined : counterGroups(this.stats);
  }

  line(text: string): void {
    this.lines++;
    const event = parsed(text);
    const kind = textOf(event?.["event_type"]);
    if (event === undefined || kind === undefined) {
      this.bad++;
      return;
    }
    this.lastAt = performance.now();
    const counted = this.kinds.has(kind) || this.kinds.size < KINDS_MAX ? kind : "other";
    this.kinds.set(counted, (this.kinds.get(counted) ?? 0) + 1);
    if (kind === "alert") this.#alert(event);
    else if (kind === "stats") this.#stats(event);
    else if (this.#wanted(kind)) this.#foreign(kind, event);
  }

  #wanted(kind: string): boolean {
    return this.#options.tell.includes(kind) || this.#options.tell.includes("all");
  }

  #alert(event: Foreign): void {
    this.alerts++;
    this.#options.join.add(flowOfEve(event), (joined) => this.#options.onEvent(alertOf(event, joined)));
  }

  #foreign(kind: string, event: Foreign): void {
    this.#options.join.add(flowOfEve(event), (joined) => this.#options.onEvent(foreignOf("suricata", kind, event, joined, timeOf(event))));
  }

  #stats(event: Foreign): void {
    const now = performance.now();
    if (this.statsAt > 0) this.statsInterval = (now - this.statsAt) / 1000;
    this.statsAt = now;
    this.stats = objectOf(event["stats"]);
    this.statsTime = textOf(event["timestamp"]);
  }
}

function parsed(text: string): Foreign | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Foreign) : undefined;
  } catch {
    return undefined;
  }
}
