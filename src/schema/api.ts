/**
 * What the API and its clients say to each other. Paths stand under `/api/v1`; errors of every path look like
 * `ErrorBody`; times are whole microseconds since 1970 UTC unless they stand in an event.
 */
import type { OddwireEvent } from "./event.ts";
import type { Column, Kind } from "./field.ts";
import type { Coverage, LiveFlow, LiveSummary } from "./live.ts";

/** Kinds whose resource has another name than the kind. */
const KIND_PATHS: { readonly [kind: string]: string } = {
  agent: "agents",
  alert: "alerts",
  anomaly: "anomalies",
  file: "files",
  finding: "findings",
  flow: "flows",
  host: "hosts",
  stats: "stats-events",
};

/** Resources that are no kind. */
const TAKEN = new Set(["health", "kinds", "live", "player", "schema", "stats", "summary", "suricata"]);

/** Name of a kind's resource: `flow` → `flows`, so `/api/v1/flows`. */
export function kindPath(kind: string): string {
  const path = Object.hasOwn(KIND_PATHS, kind) ? (KIND_PATHS[kind] as string) : kind;
  return TAKEN.has(path) ? `${path}-events` : path;
}

/** Every answer with a status of 400 or more. */
export interface ErrorBody {
  readonly error: {
    /** Never changes: `ODW_PARAMETER_BAD`. */
    readonly code: string;
    /** What is wrong, for people; names every bad parameter. */
    readonly message: string;
    /** What to do about it. */
    readonly mend: string;
  };
}

/** One page of events. */
export interface EventPage {
  readonly events: readonly OddwireEvent[];
  /** Give it back as `cursor` for the next page; absent at the end. */
  readonly next?: string;
}

/** The largest groups of a column. */
export interface TopAnswer {
  readonly column: string;
  /** Column that was summed, when one was asked for. */
  readonly sum?: string;
  readonly groups: readonly { readonly value?: string | number; readonly count: number; readonly sum?: number }[];
}

export interface CountAnswer {
  readonly count: number;
}

/** A flow and everything that was told about it, oldest first. */
export interface FlowAnswer {
  readonly flow_id: number;
  /** The `flow` event, once the flow has ended. */
  readonly flow?: OddwireEvent;
  /** The flow as it is now, while it goes on and is among the live ones. */
  readonly live?: LiveFlow;
  /** Events of every kind that carry the flow's id, by time. */
  readonly events: readonly OddwireEvent[];
  /** True when packets of its time are kept: `/flows/ID/packets` looks for its own. */
  readonly packets: boolean;
  /** True when there are more events than were given. */
  readonly truncated: boolean;
}

/** What the store holds. */
export interface StoreFacts {
  readonly bytes: number;
  /** Events of each kind. */
  readonly rows: { readonly [kind: string]: number };
  readonly from?: number;
  readonly to?: number;
}

export interface Health {
  /** `degraded`: it runs, but something could not be seen; `reasons` says what. */
  readonly status: "ok" | "degraded" | "starting";
  readonly reasons: readonly string[];
  readonly version: string;
  /** Version of Node. */
  readonly node: string;
  readonly started_at: number;
  readonly uptime_seconds: number;
  readonly source?: LiveSummary["source"];
  readonly coverage?: Coverage;
  readonly store?: StoreFacts;
  readonly live_clients: number;
}

/** A summary without its list of flows. */
export type Summary = Omit<LiveSummary, "flows">;

/** History in columns, oldest first: index `i` of every list belongs to `time[i]`. */
export interface History {
  readonly time: readonly number[];
  readonly packets_per_second: readonly number[];
  readonly bits_per_second: readonly number[];
  readonly events_per_second: readonly number[];
  readonly live_flows: readonly number[];
  /** The largest protocols by bytes, at most 16. */
  readonly protocols: readonly {
    readonly name: string;
    readonly bits_per_second: readonly number[];
    readonly packets_per_second: readonly number[];
  }[];
}

export interface StatsAnswer {
  /** The newest one; absent before the first, and when no engine runs here. */
  readonly summary?: Summary;
  readonly history: History;
}

export interface LiveFlowsAnswer {
  readonly sequence: number;
  readonly time: number;
  readonly flows: readonly LiveFlow[];
}

/** A kind with its resource and the columns that it can be filtered, sorted and grouped by. */
export interface KindFacts extends Pick<Kind, "name" | "summary"> {
  /** `/api/v1/flows`. */
  readonly path: string;
  readonly columns: readonly Column[];
}

export interface KindsAnswer {
  readonly kinds: readonly KindFacts[];
}

/** A row of `/api/logs/traffic`. */
export interface TrafficRow {
  readonly timestamp: string;
  readonly source_ip?: string;
  readonly source_port?: number;
  readonly destination_ip?: string;
  readonly destination_port?: number;
  readonly protocol?: string;
  readonly application?: string;
  readonly packets: number;
  readonly bytes: number;
  /** Whole seconds. */
  readonly duration: number;
  readonly state?: string;
  readonly flow_id?: number;
}

/** A row of `/api/logs/anomalies`. */
export interface AnomalyRow {
  readonly timestamp: string;
  readonly type: "anomaly" | "finding";
  readonly name: string;
  readonly severity: string;
  /** 0 to 1; findings only. */
  readonly score?: number;
  readonly description: string;
  readonly source_ip?: string;
  readonly source_port?: number;
  readonly destination_ip?: string;
  readonly destination_port?: number;
  readonly protocol?: string;
  readonly flow_id?: number;
}

/**
 * What comes over `/api/v1/live`: a snapshot first, then the rest. `sequence` grows with every message of the server;
 * numbers that a client's filter or pause kept away are left out. `skipped` counts events that were not sent because
 * there were too many.
 */
export type LiveMessage =
  | {
      readonly type: "snapshot";
      readonly sequence: number;
      /** Names this run of the server: sequence numbers of another run mean nothing. */
      readonly stream: string;
      /** Absent before the first summary, and when no engine runs here. */
      readonly summary?: LiveSummary;
      /** The newest events, oldest first. */
      readonly events: readonly OddwireEvent[];
    }
  | {
      readonly type: "delta";
      readonly sequence: number;
      readonly summary: Summary;
      /** Flows that are new or have changed, whole. */
      readonly flows: readonly LiveFlow[];
      /** Ids of flows that are no longer listed. */
      readonly removed: readonly number[];
    }
  | { readonly type: "events"; readonly sequence: number; readonly events: readonly OddwireEvent[]; readonly skipped: number }
  /** What the server made of a wish. */
  | { readonly type: "settings"; readonly filter: string; readonly paused: boolean }
  | { readonly type: "error"; readonly error: ErrorBody["error"] };

/** What a client may say on `/api/v1/live`. */
export interface LiveWish {
  /** Events that match are sent, in the query language; the empty text means all. */
  readonly filter?: string;
  /** True stops everything but pings; false sends a fresh snapshot and goes on. */
  readonly pause?: boolean;
}
