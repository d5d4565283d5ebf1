import { type JsonModel, type ModelKind, openJsonModel, toJsonModel } from "./model-file.ts";
import type { Calibration } from "./threshold.ts";

/**
 * Turns "at most N false alerts a day" into a decision per score.
 *
 * Every score may be an alert with some chance q even if nothing is wrong. The chances that are given out on one day
 * of packet time never add up to more than half of N — half, since what the tail looks like is itself an estimate. How
 * they are spread over the day follows the number of scores that is expected for the rest of it; a wrong forecast makes
 * late scores harder to pass, never the sum larger. Whatever the scores do, N alerts a day is the end.
 */
export interface AlertBudgetOptions {
  readonly alertsPerDayMax: number;
  /** Scores a day that are expected before any day has been seen. */
  readonly scoresPerDay?: number;
}

export interface BudgetDay {
  /** Scores of this day so far. */
  readonly scores: number;
  readonly alerts: number;
  /** Alerts that the day's maximum held back. */
  readonly suppressed: number;
  /** What the expected number of false alerts adds up to so far. */
  readonly spent: number;
}

const defaults = { scoresPerDay: 100_000 } as const;
const dayMicros = 86_400e6;
/** Part of the budget that may be expected to be used by chance. */
const aim = 0.5;
/** Weight of the last day in the usual number of scores. */
const dayWeight = 0.3;
/** Earlier than this part of a day its rate says nothing. */
const elapsedMin = 0.02;
/** Nights are quiet: the rest of the day is taken for at least so much of what the rate until now would bring. */
const rateShare = 0.5;

export class AlertBudget {
  readonly #options: Required<AlertBudgetOptions>;
  readonly #calibration: Calibration;
  #usualScores: number;
  #day = -1;
  #scores = 0;
  #alerts = 0;
  #suppressed = 0;
  #spent = 0;
  #chance = 0;

  constructor(options: AlertBudgetOptions, calibration: Calibration) {
    this.#options = { ...defaults, ...options };
    this.#calibration = calibration;
    this.#usualScores = this.#options.scoresPerDay;
  }

  /**
   * True when the score is to be an alert. To be asked once for each thing that would be one alert, a host's hour or a
   * flow rather than each of its packets. `micros`: packet time in microseconds; days begin at midnight UTC.
   */
  judge(score: number, micros: number): boolean {
    this.#turnTo(Math.floor(micros / dayMicros));
    this.#scores++;
    const chance = this.#nextChance(micros / dayMicros - this.#day);
    const tail = this.#calibration.tail(score);
    if (tail === undefined) {
      this.#calibration.learn(score);
      return false;
    }
    this.#spent += chance;
    this.#chance = chance;
    const over = tail <= chance;
    // What is over teaches only that something was at the limit: an attack must not become what is usual, and leaving
    // it out would make the tail too short.
    this.#calibration.learn(over ? Math.min(score, this.#calibration.limit(chance) ?? score) : score);
    if (!over) return false;
    if (this.#alerts >= this.#options.alertsPerDayMax) {
      this.#suppressed++;
      return false;
    }
    this.#alerts++;
    return true;
  }

  /** The score that was needed last; undefined until the calibration knows. */
  get threshold(): number | undefined {
    return this.#chance > 0 ? this.#calibration.limit(this.#chance) : undefined;
  }

  get today(): BudgetDay {
    return { scores: this.#scores, alerts: this.#alerts, suppressed: this.#suppressed, spent: this.#spent };
  }

  state(): JsonModel {
    return toJsonModel(kindOf(this.#options), {
      usualScores: this.#usualScores,
      day: this.#day,
      scores: this.#scores,
      alerts: this.#alerts,
      suppressed: this.#suppressed,
      spent: this.#spent,
      chance: this.#chance,
    });
  }

  /** The calibration is restored on its own. Throws ModelRefused. */
  static from(state: unknown, options: AlertBudgetOptions, calibration: Calibration): AlertBudget {
    const budget = new AlertBudget(options, calibration);
    const body = openJsonModel(state, kindOf(budget.#options));
    budget.#usualScores = body.number("usualScores", 0);
    budget.#day = Math.floor(body.number("day", -1, Number.MAX_SAFE_INTEGER));
    budget.#scores = body.number("scores", 0);
    budget.#alerts = body.number("alerts", 0);
    budget.#suppressed = body.number("suppressed", 0);
    budget.#spent = body.number("spent", 0);
    budget.#chance = body.number("chance", 0, 1);
    return budget;
  }

  /** Time that goes back stays in the day that it came from. */
  #turnTo(day: number): void {
    if (!(day > this.#day)) return;
    // The first day is rarely whole; it is the best there is when nothing else is known.
    if (this.#day >= 0) this.#usualScores += (this.#scores - this.#usualScores) * dayWeight;
    this.#day = day;
    this.#scores = 0;
    this.#alerts = 0;
    this.#suppressed = 0;
    this.#spent = 0;
  }

  /** The chance for the next score: what is left, shared among the scores that are still expected. */
  #nextChance(elapsedOfDay: number): number {
    const left = aim * this.#options.alertsPerDayMax - this.#spent;
    if (left <= 0) return 0;
    const elapsed = Math.min(1, Math.max(elapsedMin, elapsedOfDay));
    const byRate = (this.#scores / elapsed) * (1 - elapsed) * rateShare;
    const byCustom = this.#usualScores - this.#scores;
    return Math.min(1, left / Math.max(byRate, byCustom, scoresAheadMin));
  }
}

/** The rest of a day is never taken for fewer scores: a day's last scores do not get what is left as a present. */
const scoresAheadMin = 1000;

const kindOf = (parameters: Required<AlertBudgetOptions>): ModelKind => ({
  kind: "alert-budget",
  version: 1,
  parameters: { ...parameters },
});
