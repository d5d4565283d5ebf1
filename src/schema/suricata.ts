/** What the API, the command line and the page say of a Suricata, or of Zeek's logs, beside Oddwire. */

/** How it is: `waiting` until its first event, `silent` when nothing comes any more, `failed` when it is not started again. */
export type BesideState = "off" | "starting" | "waiting" | "running" | "silent" | "restarting" | "failed" | "stopped";

/** A counter of Suricata's `stats` event. */
export interface BesideCounter {
  /** Dotted name: `capture.kernel_drops`. */
  readonly name: string;
  readonly value: number;
  /** True when it counts something that was lost. */
  readonly loss: boolean;
}

export interface CounterGroup {
  /** capture, decoder, flow, tcp, memory, detect, app_layer, other. */
  readonly name: string;
  readonly counters: readonly BesideCounter[];
}

/** What came over the feed. */
export interface FeedCounts {
  /** Lines read. */
  readonly lines: number;
  /** Lines that are no JSON object with a kind, or too long. */
  readonly bad: number;
  /** Alerts told as events of Oddwire. */
  readonly alerts: number;
  /** Events told whose flow was found, by what found it. */
  readonly joined: { readonly community_id: number; readonly five_tuple: number; readonly none: number };
  /** Events by their kind, all of them. */
  readonly kinds: { readonly [kind: string]: number };
  /** Times that the file was rotated, or cut. */
  readonly rotations: number;
}

/** The child process, as its keeper tells it. */
export interface SuricataProcessFacts {
  readonly pid?: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly restarts: number;
  readonly restarts_max: number;
  /** The newest ends that nobody asked for, oldest first. */
  readonly ends: readonly ProcessEnd[];
  /** The newest lines that it printed, oldest first. */
  readonly words: readonly string[];
}

export interface ProcessEnd {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly code?: number;
  readonly signal?: string;
  /** How long it had run, seconds. */
  readonly uptime: number;
  /** The last line that it printed. */
  readonly words: string;
}

export interface SuricataStatus {
  readonly mode: "off" | "start" | "follow" | "socket";
  readonly state: BesideState;
  /** Why it is in this state, for people; empty while all is well. */
  readonly reason: string;
  readonly version?: string;
  /** What is read: a file or a socket. */
  readonly source?: string;
  readonly process?: SuricataProcessFacts;
  readonly counts?: FeedCounts;
  /** Seconds since the last event of any kind. */
  readonly quiet?: number;
  /** The newest `stats` event, in groups, and its time. */
  readonly counters?: readonly CounterGroup[];
  readonly counters_at?: string;
}

export interface ZeekStatus {
  readonly state: BesideState;
  readonly source: string;
  readonly counts: FeedCounts;
}

/** `/api/v1/suricata`. */
export interface BesideAnswer {
  readonly suricata: SuricataStatus;
  readonly zeek?: ZeekStatus;
}

export const suricataOff: SuricataStatus = { mode: "off", state: "off", reason: "" };
