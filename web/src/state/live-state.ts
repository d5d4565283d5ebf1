import type { StoredRun } from "#client/stored-coverage.ts";
import type { History, StoreFacts } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { LiveSummary } from "#schema/live.ts";

/** Kinds of events that say that something is odd. */
const notableKinds: ReadonlySet<string> = new Set(["anomaly", "alert", "finding"]);

/** Newest anomalies, alerts and findings that the page keeps: of each so many, so that neither pushes the other out. */
export const NEWEST_MAX = 200;

/** How the page stands to the server. */
export type Connection =
  | { readonly status: "connecting" }
  | { readonly status: "live" }
  /** `cause` is for people: why the stream ended. */
  | { readonly status: "reconnecting"; readonly cause: string }
  /** The capture that the page is of is not there any more. */
  | { readonly status: "gone"; readonly cause: string };

/** What is served where no engine runs: a store, and what its last run could not see. */
export interface Kept {
  readonly store: StoreFacts;
  /** Name of the capture that it was read from, when the page is of one. */
  readonly capture: string | undefined;
  /** `undefined` when the store holds no `stats` event. */
  readonly run: StoredRun | undefined;
}

/** What views show of the running engine. One value a flush; series of numbers live in `Series`. */
export interface LiveState {
  readonly connection: Connection;
  readonly summary: LiveSummary | undefined;
  /** Known once the server has said that no engine runs there. */
  readonly kept: Kept | undefined;
  /** Newest anomalies, alerts and findings, newest first, of each at most `NEWEST_MAX`. */
  readonly newest: readonly OddwireEvent[];
  /** Events of each kind that came over the live stream since the page was opened. */
  readonly arrived: { readonly [kind: string]: number };
  readonly paused: boolean;
  /** Summaries that came while paused. */
  readonly held: number;
}

export type Message =
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "summary"; readonly summary: LiveSummary }
  | { readonly type: "kept"; readonly kept: Kept }
  /** The hour before; goes to the series only. */
  | { readonly type: "history"; readonly history: History }
  /** Anomalies and findings from before the page was opened. */
  | { readonly type: "stored"; readonly events: readonly OddwireEvent[] }
  | { readonly type: "events"; readonly events: readonly OddwireEvent[] };

export const initialState: LiveState = {
  connection: { status: "connecting" },
  summary: undefined,
  kept: undefined,
  newest: [],
  arrived: {},
  paused: false,
  held: 0,
};

/** Folds messages, in order, into the state. Messages that change nothing give back the same object. */
export function reduce(state: LiveState, messages: readonly Message[]): LiveState {
  let next = state;
  for (const message of messages) next = step(next, message);
  return next;
}

function step(state: LiveState, message: Message): LiveState {
  if (message.type === "connection") return { ...state, connection: message.connection };
  if (message.type === "summary") return { ...state, summary: message.summary, kept: undefined };
  if (message.type === "kept") return state.summary === undefined ? { ...state, kept: message.kept } : state;
  if (message.type === "history") return state;
  if (message.events.length === 0) return state;
  if (message.type === "stored") {
    const newest = mergeNewest(state.newest, message.events);
    return newest === state.newest ? state : { ...state, newest };
  }
  return { ...state, newest: mergeNewest(state.newest, message.events), arrived: countKinds(state.arrived, message.events) };
}

/** Puts events in front of the list, newest first, without repeating one that is there. */
export function mergeNewest(newest: readonly OddwireEvent[], events: readonly OddwireEvent[]): readonly OddwireEvent[] {
  const notable = events.filter((event) => notableKinds.has(event.event_type));
  if (notable.length === 0) return newest;
  const known = new Set(newest.map(identity));
  const fresh = notable.filter((event) => {
    const id = identity(event);
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
  if (fresh.length === 0) return newest;
  const sorted = [...fresh, ...newest].toSorted((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0));
  const room = Object.fromEntries([...notableKinds].map((kind) => [kind, NEWEST_MAX]));
  return sorted.filter((event) => (room[event.event_type] as number)-- > 0);
}

/** Events have no number of their own: time, packet, flow and body tell them apart. */
export const identity = (event: OddwireEvent): string =>
  `${event.timestamp} ${event.pcap_cnt} ${event.flow_id} ${JSON.stringify(event[event.event_type])}`;

function countKinds(arrived: LiveState["arrived"], events: readonly OddwireEvent[]): LiveState["arrived"] {
  const next: { [kind: string]: number } = { ...arrived };
  for (const event of events) next[event.event_type] = (next[event.event_type] ?? 0) + 1;
  return next;
}
