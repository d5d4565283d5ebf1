import { type Notice, rankOf } from "./notice.ts";

/** Causes that are remembered at once; the one that was told longest ago is forgotten beyond it. */
export const causesMax = 10_000;

interface Cause {
  until: number;
  repeated: number;
  /** The newest one that was held back. */
  held: Notice | undefined;
  severity: number;
}

/**
 * Tells each cause once in its cool-down: what comes meanwhile is held back and counted, and told together when the time is
 * over. What is worse than before is told at once. Times are of a clock that only goes forward, ms.
 */
export class Grouping {
  /** Notices that were held back. */
  grouped = 0;
  readonly #cooldownMs: number;
  readonly #causes = new Map<string, Cause>();

  constructor(cooldownMs: number) {
    this.#cooldownMs = cooldownMs;
  }

  /** True when it is told now. */
  take(notice: Notice, now: number): boolean {
    if (this.#cooldownMs === 0) return true;
    const severity = rankOf(notice.severity);
    const known = this.#causes.get(notice.key);
    if (known !== undefined && now < known.until && severity <= known.severity) {
      known.repeated++;
      known.held = notice;
      this.grouped++;
      return false;
    }
    this.#causes.delete(notice.key);
    this.#causes.set(notice.key, { until: now + this.#cooldownMs, repeated: 0, held: undefined, severity });
    if (this.#causes.size > causesMax) {
      const [oldest] = this.#causes.keys();
      if (oldest !== undefined) this.#causes.delete(oldest);
    }
    return true;
  }

  /** What was held back and whose time is over; all of it when `now` is infinite. */
  due(now: number): readonly Notice[] {
    const told: Notice[] = [];
    // In the order in which their time is over.
    for (const [key, cause] of this.#causes) {
      if (cause.until > now) break;
      this.#causes.delete(key);
      if (cause.held === undefined) continue;
      told.push({ ...cause.held, repeated: cause.repeated });
      if (Number.isFinite(now)) this.#causes.set(key, { ...cause, until: now + this.#cooldownMs, repeated: 0, held: undefined });
    }
    return told;
  }
}
