import { parseAddress } from "#base/address.ts";
import type { Suppression, Threshold } from "#engine/rules/effect.ts";
import type { Action } from "#engine/rules/signature.ts";

/** Counts that are kept, of all rules and hosts together. Beyond it the one whose window began first is dropped. */
export const thresholdCountsMax = 262_144;

const MICROS = 1_000_000;

/** Counted matches of one rule by one host, pair, flow or rule. Times in µs. */
interface Count {
  start: number;
  /** When it may be forgotten. */
  end: number;
  matches: number;
  /** `rate_filter`: when the other action began; -1 while it has not. */
  changed: number;
  /** `backoff`: number of the match that is told next. */
  next: number;
  /** `unique_on`: ports that were met in the window. */
  ports: Set<number> | undefined;
}

/** Ports of the packet that matched, for `unique_on`. */
export interface MatchPorts {
  readonly source: number;
  readonly target: number;
}

/**
 * Decides how often matches become alerts, over all flows, in capture order. Windows are as Suricata has them: one begins
 * with the first match that is in none, lasts `seconds` to the microsecond, its last one included, and a match before its
 * beginning counts as within it.
 *
 *     limit             the first `count` matches of a window
 *     threshold         each `count`th match of a window
 *     both              the `count`th match of a window
 *     detection_filter  all but the first `count` matches of a window
 *     rate_filter       all; behind the first `count` of a window the action is another one for `timeoutSeconds`
 *     backoff           the match number `count`, then that times `multiplier`, and so on
 */
export class Thresholds {
  readonly #countsMax: number;
  readonly #counts = new Map<string, Count>();
  readonly #words = new Int32Array(4);
  #evictions = 0;
  #newAction: Action | undefined = undefined;

  constructor(countsMax = thresholdCountsMax) {
    this.#countsMax = countsMax;
  }

  /** Counts that were dropped although their windows had not ended. */
  get evictions(): number {
    return this.#evictions;
  }

  get size(): number {
    return this.#counts.size;
  }

  /** What a `rate_filter` made of the action of the match that was admitted last; `undefined`: the rule's own. */
  get newAction(): Action | undefined {
    return this.#newAction;
  }

  /** Forgets everything: rules have new numbers. */
  clear(): void {
    this.#counts.clear();
  }

  /** True when the match is told. `signature` is any number that stands for the rule alone. Times in µs, addresses as texts. */
  admit(
    signature: number,
    thresholds: readonly Threshold[],
    suppressions: readonly Suppression[],
    time: number,
    source: string,
    target: string,
    flowId: number,
    ports?: MatchPorts,
  ): boolean {
    this.#newAction = undefined;
    for (const suppression of suppressions) if (this.#suppresses(suppression, source, target)) return false;
    for (let i = 0; i < thresholds.length; i++) {
      const threshold = thresholds[i] as Threshold;
      const key = `${signature} ${i} ${tracked(threshold, source, target, flowId)}`;
      if (!this.#passes(threshold, key, time, ports)) return false;
    }
    return this.#newAction !== "pass";
  }

  #suppresses({ track, addresses }: Suppression, source: string, target: string): boolean {
    if (track === undefined || addresses === undefined) return true;
    if (track !== "by_dst" && this.#isOneOf(addresses, source)) return true;
    return track !== "by_src" && this.#isOneOf(addresses, target);
  }

  #isOneOf(addresses: NonNullable<Suppression["addresses"]>, text: string): boolean {
    const address = parseAddress(text);
    if (address === undefined) return false;
    this.#words.set(address.words.map((word) => word | 0));
    return addresses.has(this.#words, 0, address.version === 6);
  }

  #passes(threshold: Threshold, key: string, time: number, ports: MatchPorts | undefined): boolean {
    const known = this.#counts.get(key);
    if (threshold.type === "backoff") return backsOff(threshold, known ?? this.#begin(key, time, threshold));
    if (threshold.type === "rate_filter" && known !== undefined && known.changed >= 0) {
      if (time - known.changed > (threshold.timeoutSeconds ?? 0) * MICROS) known.changed = -1;
      else this.#newAction = threshold.newAction;
      return true;
    }
    const isWithin = known !== undefined && time - known.start <= threshold.seconds * MICROS;
    const count = isWithin ? known : this.#begin(key, time, threshold);
    add(count, threshold, ports);
    return this.#decides(threshold, count, time);
  }

  /** Whether the match that was just counted is told. */
  #decides(threshold: Threshold, count: Count, time: number): boolean {
    switch (threshold.type) {
      case "limit":
        return count.matches <= threshold.count;
      case "threshold":
        if (count.matches < threshold.count) return false;
        count.matches = 0;
        return true;
      case "both":
        return count.matches === threshold.count;
      case "detection_filter":
        return count.matches > threshold.count;
      default:
        if (count.matches > threshold.count) {
          count.changed = time;
          count.end = time + (threshold.timeoutSeconds ?? 0) * MICROS;
          this.#newAction = threshold.newAction;
        }
        return true;
    }
  }

  /** A window that begins now. The oldest windows are the first of the table. */
  #begin(key: string, time: number, threshold: Threshold): Count {
    this.#counts.delete(key);
    if (this.#counts.size >= this.#countsMax) this.#evict(time);
    const ports = threshold.uniqueOn === undefined ? undefined : new Set<number>();
    const count: Count = { start: time, end: endOf(threshold, time), matches: 0, changed: -1, next: threshold.count, ports };
    this.#counts.set(key, count);
    return count;
  }

  #evict(time: number): void {
    for (const [key, count] of this.#counts) {
      this.#counts.delete(key);
      if (time <= count.end) this.#evictions++;
      return;
    }
  }
}

const endOf = ({ type, seconds }: Threshold, time: number): number =>
  type === "backoff" ? Number.POSITIVE_INFINITY : time + seconds * MICROS;

function add(count: Count, { uniqueOn }: Threshold, ports: MatchPorts | undefined): void {
  if (count.ports === undefined || ports === undefined) {
    count.matches++;
    return;
  }
  count.ports.add(uniqueOn === "src_port" ? ports.source : ports.target);
  count.matches = count.ports.size;
}

function backsOff({ multiplier = 1 }: Threshold, count: Count): boolean {
  count.matches++;
  if (count.matches < count.next) return false;
  count.next = Math.max(count.next * multiplier, count.matches + 1);
  return true;
}

function tracked({ track }: Threshold, source: string, target: string, flowId: number): string {
  switch (track) {
    case "by_src":
      return source;
    case "by_dst":
      return target;
    case "by_both":
      return source < target ? `${source} ${target}` : `${target} ${source}`;
    case "by_flow":
      return String(flowId);
    default:
      return "";
  }
}
