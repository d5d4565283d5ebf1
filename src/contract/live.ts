import type { LiveSummary } from "#schema/live.ts";
import type { OddwireEvent } from "./event.ts";

export type { Coverage, LiveFlow, LiveSummary, ProtocolShare, Talker } from "#schema/live.ts";

/** A running engine, as the API sees it. */
export interface LiveBus {
  /** The newest summary; `undefined` before the first. */
  readonly summary: LiveSummary | undefined;
  /** The last hour of summaries without flows and talkers, oldest first, at most 3,600. */
  readonly history: readonly LiveSummary[];
  /** Calls back with each summary; the returned function ends it. */
  onSummary(listener: (summary: LiveSummary) => void): () => void;
  /** Calls back with batches of events as they happen; sampled when there are too many, never blocking. */
  onEvents(listener: (events: readonly OddwireEvent[]) => void): () => void;
}
