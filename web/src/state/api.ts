import type { EventPage, FlowAnswer, Health, KindFacts, TopAnswer } from "#schema/api.ts";
import type { LiveFlow } from "#schema/live.ts";
import type { BesideAnswer } from "#schema/suricata.ts";
import type { Message } from "./live-state.ts";

/** What to ask of a kind's history. */
export interface Question {
  readonly kind: string;
  /** In the query language; empty for everything. */
  readonly expression: string;
  /** Column to sort by, `-` in front for descending; newest first when not given. */
  readonly order?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What the views ask of the server. Failures are errors whose `message` is for people. */
export interface Api {
  readonly kinds: (signal: AbortSignal) => Promise<readonly KindFacts[]>;
  readonly events: (question: Question, signal: AbortSignal) => Promise<EventPage>;
  readonly top: (question: Question, column: string, signal: AbortSignal) => Promise<TopAnswer>;
  readonly flow: (id: number, signal: AbortSignal) => Promise<FlowAnswer>;
  /** The live flows that match; empty for all that the server lists. */
  readonly liveFlows: (expression: string, signal: AbortSignal) => Promise<readonly LiveFlow[]>;
  /** Address of the answer as a CSV file. */
  readonly csvHref: (question: Question) => string;
  readonly suricata: (signal: AbortSignal) => Promise<BesideAnswer>;
  readonly health: (signal: AbortSignal) => Promise<Health>;
  /** Opens the live stream and keeps it open; the returned function ends it. */
  readonly live: (receive: (message: Message) => void) => () => void;
}
