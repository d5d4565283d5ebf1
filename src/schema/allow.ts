/** Who is not told, as people see it and change it. */
export interface AllowRow {
  /** `10.0.0.5`, `10.0.0.5>10.0.0.9`, `scan=10.0.0.0/24`. */
  readonly entry: string;
  /** Where it stands: in the configuration, or on the list that is edited while the program runs. */
  readonly origin: "configuration" | "list";
  /** Why it is there; may be empty. */
  readonly note: string;
  /** Who has put it there, as they call themselves; may be empty. */
  readonly who: string;
  /** When it was added; absent in the configuration. */
  readonly added?: string;
  /** Packet time from which it protects nobody any more; absent for never. */
  readonly expires?: string;
  readonly expired: boolean;
  /** Findings that it has kept back. */
  readonly hits: number;
  /** Time of the newest of them. */
  readonly last?: string;
  /** Whom it has protected from what, most often first. */
  readonly pairs: readonly AllowPair[];
}

/** One pair that an entry has kept back. */
export interface AllowPair {
  readonly detector: string;
  readonly source: string;
  readonly target: string;
  readonly hits: number;
  readonly last: string;
}

export interface AllowAnswer {
  readonly entries: readonly AllowRow[];
  /** Findings that all of them have kept back. */
  readonly hits: number;
}

export interface NewAllow {
  readonly entry: string;
  readonly note?: string;
  readonly who?: string;
  /** A time, or how long from now: `7d`, `12h`, `2027-01-31`. */
  readonly expires?: string;
}

/** Detectors of players, which are not on the shelf and have no switch of their own. */
export const playerDetectors = ["game-bot", "game-movement"] as const;
