import type { BesideState, ProcessEnd } from "#schema/suricata.ts";

/** A verdict about the other program, ready to become a `finding` event. */
export interface Verdict {
  readonly detector: "suricata.dead" | "suricata.silent";
  readonly title: string;
  readonly severity: "info" | "high";
  readonly score: number;
  readonly why: readonly { readonly feature: string; readonly value: number | string; readonly threshold?: number }[];
}

/** What is looked at, once or more in a second. */
export interface Sight {
  /** Of the keeper; absent where somebody else's Suricata is followed. */
  readonly process?: {
    readonly state: "starting" | "running" | "restarting" | "failed" | "stopped";
    readonly ends: readonly ProcessEnd[];
    readonly restarts: number;
    readonly restartsMax: number;
    /** False when the keeper itself has gone. */
    readonly kept: boolean;
  };
  /** Seconds since the newest event; since the start when there was none. */
  readonly quiet: number;
  /** True when there was an event. */
  readonly heard: boolean;
  readonly statsInterval: number;
  /** Packets that Oddwire has seen so far. */
  readonly packets: number;
}

export interface WatchdogOptions {
  /** Intervals of its counters without any event that count as silence. */
  readonly silentIntervals: number;
  readonly onVerdict: (verdict: Verdict) => void;
}

/** Packets that we must have seen while it was silent: less is no traffic to speak of. */
const PACKETS_MIN = 1;

/** Says when a Suricata is dead or silent, once each time, and when it is back. */
export class Watchdog {
  state: BesideState = "waiting";
  /** Why, in words. */
  reason = "";
  readonly #options: WatchdogOptions;
  #endsSeen = 0;
  #dead = false;
  #silent = false;
  #packetsAtNoise = 0;
  #lastQuiet = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  look(sight: Sight): void {
    this.#lookForEnds(sight);
    this.#lookForSilence(sight);
    this.state = this.#stateOf(sight);
    if (this.state === "running") this.reason = "";
  }

  #lookForEnds({ process, quiet, heard }: Sight): void {
    if (process === undefined) return;
    const newest = process.ends.at(-1);
    if (newest !== undefined && newest.at > this.#endsSeen) {
      this.#endsSeen = newest.at;
      this.#died(newest, process.restarts, process.restartsMax, process.state === "failed");
    } else if (!process.kept && !this.#dead) {
      this.#dead = true;
      this.#say("suricata.dead", "Suricata's keeper has ended", "high", [{ feature: "keeper", value: "gone" }]);
    }
    // Its own words that it runs, and an event since then.
    const since = newest === undefined ? Number.POSITIVE_INFINITY : (Date.now() - newest.at) / 1000;
    if (this.#dead && process.kept && process.state === "running" && heard && quiet < since - 0.05) {
      this.#dead = false;
      this.#say("suricata.dead", "Suricata runs again", "info", [{ feature: "restarts", value: process.restarts }]);
    }
  }

  #died(end: ProcessEnd, restarts: number, restartsMax: number, failed: boolean): void {
    this.#dead = true;
    const how = end.signal === undefined ? `ended with code ${end.code ?? "?"}` : `was ended by ${end.signal}`;
    this.#say("suricata.dead", failed ? `Suricata ${how} and is not started again` : `Suricata ${how}`, "high", [
      { feature: "end", value: end.signal ?? `code ${end.code ?? "?"}` },
      { feature: "uptime s", value: Math.round(end.uptime * 10) / 10 },
      { feature: "restarts", value: restarts, threshold: restartsMax },
      ...(end.words === "" ? [] : [{ feature: "last words", value: end.words }]),
    ]);
  }

  #lookForSilence(sight: Sight): void {
    const { quiet, statsInterval, packets } = sight;
    const limit = statsInterval * this.#options.silentIntervals;
    if (quiet < this.#lastQuiet || this.#packetsAtNoise === 0) this.#packetsAtNoise = packets;
    this.#lastQuiet = quiet;
    const seen = packets - this.#packetsAtNoise;
    if (this.#silent && quiet < limit) {
      this.#silent = false;
      this.#say("suricata.silent", "Suricata tells events again", "info", [{ feature: "quiet s", value: Math.round(quiet) }]);
      return;
    }
    // A dead one is told as such; its silence is no news.
    if (this.#silent || this.#dead || quiet < limit || seen < PACKETS_MIN) return;
    this.#silent = true;
    this.#say("suricata.silent", "Suricata tells nothing", "high", [
      { feature: "quiet s", value: Math.round(quiet), threshold: Math.round(limit) },
      { feature: "packets that Oddwire saw meanwhile", value: seen, threshold: PACKETS_MIN },
      { feature: "interval of its counters s", value: Math.round(statsInterval * 10) / 10 },
    ]);
  }

  #stateOf({ process, heard }: Sight): BesideState {
    if (process !== undefined) {
      if (!process.kept) return "failed";
      if (process.state !== "running") return process.state;
    }
    if (this.#silent) return "silent";
    return heard ? "running" : "waiting";
  }

  #say(detector: Verdict["detector"], title: string, severity: Verdict["severity"], why: Verdict["why"]): void {
    this.reason = severity === "info" ? "" : title;
    this.#options.onVerdict({ detector, title, severity, score: severity === "info" ? 0 : 1, why });
  }
}
