import type { Finding, Reason } from "#contract/detector.ts";
import { PeaksOverThreshold } from "#engine/learn/threshold.ts";
import { cellOf, M, measures } from "./profile.ts";
import type { Scope } from "./scope.ts";
import { type ScopeName, scopeNames, type Traffic } from "./traffic.ts";

export interface VolumeLimits {
  readonly intervalMicros: number;
  readonly learningMicros: number;
  /** By what share a level, and the limit of deviations, may move within a day of packet time. */
  readonly driftShare: number;
  readonly factorMin: number;
  readonly deviationsMin: number;
  readonly bytesMin: number;
  readonly silenceBits: number;
  readonly alertsPerDay: number;
  readonly spike: boolean;
  readonly silence: boolean;
  readonly hours: boolean;
}

/** What an interval brought, not yet told. */
export interface Candidate {
  readonly sort: "spike" | "silence" | "hours";
  readonly scope: ScopeName;
  readonly score: number;
  readonly finding: Omit<Finding, "time" | "number">;
}

/** Intervals with traffic until a row is judged. */
const activeMin = 24;
/** Below these an interval is no spike, however quiet it was before. Bytes are a setting. */
const floors = { [M.connections]: 200, [M.peers]: 50, [M.failures]: 100 } as const;
const judged = [M.bytes, M.connections, M.peers, M.failures] as const;
const units = ["bytes", "packets", "connections", "peers", "failed connections"] as const;
/** Hours that are idle more often than this say nothing by being idle. */
const idleChanceMax = 0.1;
/** Days of an hour until traffic in it is odd, active intervals elsewhere, and bytes that count as activity. */
const hourDaysMin = 5;
const activeElsewhereMin = 100;
const hourBytesMin = 100_000;
/** Part of the budget that may be expected to be used by chance. */
const aim = 0.5;

/**
 * Judges each interval by what is usual: too much, nothing at all, or at an hour that never saw any. How many deviations
 * are too many is learnt from the deviations of all rows, so that the spikes of a usual day stay within the budget.
 */
export class Volumes {
  readonly #limits: VolumeLimits;
  readonly #traffic: Traffic;
  #calibration = new PeaksOverThreshold();
  /** Deviations that the budget asks for, as far as they may have moved; 0 until they are known. */
  #limit = 0;

  constructor(limits: VolumeLimits, traffic: Traffic) {
    this.#limits = limits;
    this.#traffic = traffic;
  }

  /** Ends an interval that began at `start`: what is odd in it, the most particular first, and what is broader left out. */
  close(start: number, clock: number, isSettled: boolean): Candidate[] {
    const cell = cellOf(start);
    const spikes: Candidate[] = [];
    const others: Candidate[] = [];
    const scores: number[] = [];
    for (const name of scopeNames) {
      const scope = this.#traffic.scopes[name];
      for (const row of scope.rows()) {
        scope.close(row);
        const spike = scope.isActive(row) ? this.#spike(name, scope, row, cell, clock, scores) : undefined;
        if (spike !== undefined) spikes.push(spike);
        const other = scope.isActive(row) ? this.#hour(name, scope, row, cell) : this.#silent(name, scope, row, cell);
        if (other !== undefined) others.push(other);
      }
      scope.makeRoom();
      for (const row of scope.rows()) scope.turn(row, cell);
    }
    return [...this.#admitted(spikes, scores, isSettled), ...broadest(others)];
  }

  /** Nothing at all was captured from `start` to `end`. */
  gap(start: number, end: number): Candidate | undefined {
    const scope = this.#traffic.scopes.interface;
    const row = scope.rowOf(0);
    if (!this.#limits.silence || row === undefined) return undefined;
    const { intervalMicros, silenceBits } = this.#limits;
    let bits = 0;
    // A week of silence says no more than a day of it.
    const last = Math.min(end, start + 86_400e6);
    for (let at = start; at < last; at += intervalMicros) bits += silenceOf(scope, row, cellOf(at));
    return bits < silenceBits ? undefined : silence("interface", scope, row, bits, silenceBits, Math.round((end - start) / 60e6));
  }

  forget(): void {
    this.#calibration = new PeaksOverThreshold();
    this.#limit = 0;
  }

  state(): unknown {
    return { peaks: this.#calibration.state(), limit: this.#limit };
  }

  /** What cannot be used is learnt anew. */
  fromState(saved: unknown): void {
    try {
      const { peaks, limit } = saved as { readonly peaks?: unknown; readonly limit?: unknown };
      this.#calibration = PeaksOverThreshold.from(peaks);
      this.#limit = typeof limit === "number" ? Math.max(0, limit) : 0;
    } catch {
      this.#calibration = new PeaksOverThreshold();
    }
  }

  #spike(name: ScopeName, scope: Scope, row: number, cell: number, clock: number, scores: number[]): Candidate | undefined {
    const { learningMicros, factorMin, deviationsMin, bytesMin } = this.#limits;
    const { active } = scope.profiles.totals(row);
    if (active < activeMin) return undefined;
    let [worst, best] = [0, -1];
    for (const measure of judged) {
      const value = scope.sums[row * measures.length + measure] as number;
      const expected = scope.profiles.expected(row, measure, cell);
      if (expected === undefined) continue;
      const z = (Math.log1p(value) - expected.level) / expected.deviation;
      const floor = measure === M.bytes ? bytesMin : floors[measure];
      if (value >= floor && z > worst && Math.log1p(value) - expected.level >= Math.log(factorMin)) [worst, best] = [z, measure];
      else if (measure === M.bytes || value >= floor) worst = Math.max(worst, Math.min(z, deviationsMin));
    }
    scores.push(worst);
    if (!this.#limits.spike || best < 0 || worst < deviationsMin || clock - (scope.born[row] as number) < learningMicros) return undefined;
    return this.#spikeOf(name, scope, row, cell, best, worst);
  }

  #spikeOf(name: ScopeName, scope: Scope, row: number, cell: number, measure: number, z: number): Candidate | undefined {
    const expected = scope.profiles.expected(row, measure, cell);
    if (expected === undefined) return undefined;
    const value = scope.sums[row * measures.length + measure] as number;
    const usual = Math.round(Math.expm1(expected.level));
    const factor = value / Math.max(1, usual);
    const unit = units[measure] as string;
    const minutes = this.#limits.intervalMicros / 60e6;
    const why: Reason[] = [
      { feature: `${unit} in ${minutes} min`, value, threshold: Math.round(usual * this.#limits.factorMin), sample: expected.sample },
      {
        feature: expected.isSeasonal ? `usual ${unit} at this hour` : `usual ${unit} of the busiest hour`,
        value: usual,
        sample: expected.sample,
      },
      { feature: "deviations above what is usual", value: z, threshold: this.#limits.deviationsMin, sample: expected.sample },
    ];
    return {
      sort: "spike",
      scope: name,
      score: z,
      finding: {
        ...subject(name, scope, row),
        cause: `spike ${name} ${scope.names[row]}`,
        title: `${described(name, scope, row)} had ${numberText(value)} ${unit} in ${minutes} min, ${factor < 100 ? factor.toPrecision(2) : numberText(factor)} times the usual ${numberText(usual)}`,
        severity: factor >= 20 && name !== "port" && name !== "protocol" ? "medium" : "low",
        score: Math.min(1, 0.4 + z / 50),
        why,
      },
    };
  }

  /** Those that are rarer than the budget allows. Once a host or service is told, what is broader is the same spike. */
  #admitted(spikes: readonly Candidate[], scores: readonly number[], isSettled: boolean): Candidate[] {
    const perDay = scores.length * (86_400e6 / this.#limits.intervalMicros);
    const chance = (aim * this.#limits.alertsPerDay) / Math.max(perDay, 1);
    const limit = this.#moved(this.#calibration.limit(chance), isSettled);
    const told: Candidate[] = [];
    for (const spike of spikes.toSorted((a, b) => scopeNames.indexOf(a.scope) - scopeNames.indexOf(b.scope) || b.score - a.score)) {
      if (limit === undefined || spike.score < limit) continue;
      if (told.length > 0 && told[0]?.scope !== spike.scope) break;
      told.push(spike);
    }
    // What is over the limit teaches only that something was at it.
    for (const score of scores) this.#calibration.learn(limit === undefined ? score : Math.min(score, limit));
    return told;
  }

  /** A ramp raises the tail of the deviations too: once learning is over, the limit follows it no faster than levels move. */
  #moved(wanted: number | undefined, isSettled: boolean): number | undefined {
    if (wanted === undefined) return undefined;
    const { driftShare, intervalMicros, deviationsMin } = this.#limits;
    const faster = Math.max(this.#limit, deviationsMin) * (1 + driftShare) ** (intervalMicros / 86_400e6);
    this.#limit = isSettled && this.#limit > 0 ? Math.min(wanted, faster) : wanted;
    return this.#limit;
  }

  #silent(name: ScopeName, scope: Scope, row: number, cell: number): Candidate | undefined {
    if (!this.#limits.silence || name === "port" || name === "protocol") return undefined;
    const before = scope.quiet[row] as number;
    const bits = silenceOf(scope, row, cell);
    if (before < 0 || bits === 0) return undefined;
    // People go home: only machines that are always on are missed.
    if (name === "host") {
      const { known, active } = scope.profiles.totals(row);
      if (active < 0.95 * known) return undefined;
    }
    scope.quiet[row] = before + bits;
    if (before + bits < this.#limits.silenceBits) return undefined;
    scope.quiet[row] = -1;
    return silence(name, scope, row, before + bits, this.#limits.silenceBits, undefined);
  }

  #hour(name: ScopeName, scope: Scope, row: number, cell: number): Candidate | undefined {
    scope.quiet[row] = 0;
    if (!this.#limits.hours || name !== "host") return undefined;
    const { profiles } = scope;
    const known = profiles.known(row, cell);
    const day = cell < 24 ? 0 : 24;
    const near = [-1, 0, 1].some((hours) => profiles.active(row, day + ((cell - day + hours + 24) % 24)) > 0);
    const needed = hourDaysMin * (3_600e6 / this.#limits.intervalMicros);
    const bytes = scope.sums[row * measures.length + M.bytes] as number;
    if (near || known < needed || bytes < hourBytesMin) return undefined;
    const { active } = profiles.totals(row);
    if (active < activeElsewhereMin) return undefined;
    const hour = `${String(cell - day).padStart(2, "0")}:00 UTC ${day === 0 ? "of a weekday" : "at the weekend"}`;
    return {
      sort: "hours",
      scope: name,
      score: Math.log2(known + 1),
      finding: {
        ...subject(name, scope, row),
        cause: `hours ${scope.names[row]}`,
        title: `${scope.names[row]} is active at ${hour} (${numberText(bytes)} bytes), when it never was in ${known} intervals`,
        severity: "low",
        score: 0.4,
        why: [
          { feature: "bytes in the interval", value: bytes, threshold: hourBytesMin },
          { feature: "intervals of this hour and its neighbours with traffic until now", value: 0, sample: known },
          { feature: "intervals of other hours with traffic", value: active },
        ],
      },
    };
  }
}

/** Bits of surprise that an interval without traffic holds; 0 where it is not known or not unusual. */
function silenceOf(scope: Scope, row: number, cell: number): number {
  if (!scope.profiles.isKnown(row, cell)) return 0;
  const chance = scope.profiles.idleChance(row, cell);
  return chance > idleChanceMax ? 0 : -Math.log2(chance);
}

function silence(name: ScopeName, scope: Scope, row: number, bits: number, limit: number, minutes: number | undefined): Candidate {
  const { known, active } = scope.profiles.totals(row);
  const who = described(name, scope, row);
  return {
    sort: "silence",
    scope: name,
    score: bits,
    finding: {
      ...subject(name, scope, row),
      // A host and its services fall silent together.
      cause: `silence ${(scope.names[row] as string).split(" ", 1)[0]}`,
      title:
        minutes === undefined
          ? `${who} has fallen silent; it had traffic in ${active} of ${known} intervals until now`
          : `nothing was captured for ${minutes} min; there was traffic in ${active} of ${known} intervals until now`,
      severity: "low",
      score: Math.min(1, bits / 40),
      why: [
        { feature: "surprise of the silence, bits", value: bits, threshold: limit, sample: known },
        { feature: "share of intervals with traffic", value: active / Math.max(1, known), sample: known },
      ],
    },
  };
}

const broadness: readonly ScopeName[] = ["interface", "network", "host", "service"];

/** Of silences only the broadest: the hosts of a silent network are no news. */
function broadest(found: readonly Candidate[]): Candidate[] {
  const silences = found.filter(({ sort }) => sort === "silence");
  const scope = broadness.find((name) => silences.some((one) => one.scope === name));
  return [...silences.filter((one) => one.scope === scope), ...found.filter(({ sort }) => sort !== "silence")];
}

const described = (name: ScopeName, scope: Scope, row: number): string => {
  if (name === "interface") return "the whole capture";
  return name === "host" || name === "service" ? (scope.names[row] as string) : `${name} ${scope.names[row]}`;
};

/** Hosts and services are somebody; the rest is about all. */
function subject(name: ScopeName, scope: Scope, row: number): { readonly source?: string } {
  return name === "host" || name === "service" ? { source: (scope.names[row] as string).split(" ", 1)[0] as string } : {};
}

/** 12,345,678 as 12.3 M. */
const numberText = (value: number): string => {
  if (value >= 1e9) return `${(value / 1e9).toPrecision(3)} G`;
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  return value >= 1e4 ? `${(value / 1e3).toPrecision(3)} k` : String(Math.round(value));
};
