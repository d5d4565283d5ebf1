import type { LiveMessage } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { LiveFlow, LiveSummary } from "#schema/live.ts";

/** Newest events that a state holds. */
export const EVENTS_MAX = 1000;

/** Everything that the live stream has told, folded. Never changed in place: a new one for each message. */
export interface LiveState {
  /** How the connection stands. */
  readonly status: "connecting" | "live" | "reconnecting" | "closed";
  /** Why it is not live, for people. */
  readonly cause?: string | undefined;
  /** Run of the server that `sequence` belongs to. */
  readonly stream: string | undefined;
  /** Number of the last message; -1 before the first. */
  readonly sequence: number;
  /** The newest summary with its flows, most recently active first. */
  readonly summary: LiveSummary | undefined;
  /** Newest events, oldest first, at most `EVENTS_MAX`. */
  readonly events: readonly OddwireEvent[];
  /** Events that the server did not send because there were too many. */
  readonly skipped: number;
  /** As the server has confirmed them. */
  readonly filter: string;
  readonly paused: boolean;
}

export const initialLiveState: LiveState = {
  status: "connecting",
  stream: undefined,
  sequence: -1,
  summary: undefined,
  events: [],
  skipped: 0,
  filter: "",
  paused: false,
};

/** The state after a message. Messages that were seen already change nothing. */
export function foldLive(state: LiveState, message: LiveMessage): LiveState {
  switch (message.type) {
    case "snapshot":
      return { ...state, stream: message.stream, sequence: message.sequence, summary: message.summary, events: message.events };
    case "delta":
      return message.sequence > state.sequence ? foldDelta(state, message) : state;
    case "events":
      if (message.sequence <= state.sequence) return state;
      return {
        ...state,
        sequence: message.sequence,
        events: [...state.events, ...message.events].slice(-EVENTS_MAX),
        skipped: state.skipped + message.skipped,
      };
    case "settings":
      return { ...state, filter: message.filter, paused: message.paused };
    case "error":
      return state;
    default:
      // A newer server may say more.
      return state;
  }
}

function foldDelta(state: LiveState, { sequence, summary, flows, removed }: Extract<LiveMessage, { type: "delta" }>): LiveState {
  const byId = new Map<number, LiveFlow>(state.summary?.flows.map((flow) => [flow.flow_id, flow]));
  for (const id of removed) byId.delete(id);
  for (const flow of flows) byId.set(flow.flow_id, flow);
  return { ...state, sequence, summary: { ...summary, flows: [...byId.values()].toSorted((a, b) => b.last - a.last) } };
}
