/**
 * One hub listens to the engine and serves all live streams.
 *
 *   engine ── summary, 1/s ──▶ delta against the last one ─┐  one JSON text     ┌▶ reader (no filter): the text as it is
 *          ── events ────────▶ gathered, cut to N/s ───────┴▶ resume buffer ────┴▶ reader (filter): its own choice of events
 *
 * A message is made and written as JSON once, whatever the number of readers. The resume buffer holds the newest
 * messages within a number of bytes; whoever comes back later than that gets a snapshot.
 */
import { randomUUID } from "node:crypto";
import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { LiveBus, LiveSummary } from "#contract/live.ts";
import type { LiveMessage } from "#schema/api.ts";
import { withoutFlows } from "./health-routes.ts";
import type { EventFilter, FilterMaker } from "./live-filter.ts";
import { byId, type FlowsById, flowDelta, mostNotable } from "./live-messages.ts";
import { type LiveCounts, LiveReader, type LiveTransport, type ReaderHost } from "./live-reader.ts";

/** A message with its JSON text. `all` are the events before they were cut. */
export type HubMessage =
  | { readonly type: "delta"; readonly sequence: number; readonly text: string }
  | {
      readonly type: "events";
      readonly sequence: number;
      readonly text: string;
      readonly all: readonly OddwireEvent[];
      readonly skipped: number;
    };

export interface HubLimits {
  /** Streams open at once. */
  readonly readersMax: number;
  /** Events per second to one reader. */
  readonly eventsPerSecond: number;
}

/** Where a reader wants to go on: it has seen everything up to `sequence` of this run. */
export interface ResumePoint {
  readonly sequence: number;
  /** Run that the number belongs to; `undefined` trusts that it is this one. */
  readonly stream: string | undefined;
}

/** Time between messages with events, milliseconds. */
const GATHER_MS = 250;
/** Events gathered for one message before they are cut; filters see these. */
const GATHERED_MAX = 4096;
/** Newest events kept, for snapshots to choose from. */
const RECENT_MAX = 1000;
/** Newest events in a snapshot. */
const SNAPSHOT_EVENTS_MAX = 200;
const RESUME_MESSAGES_MAX = 600;
const RESUME_BYTES_MAX = 4_194_304;

export class LiveHub implements ReaderHost {
  readonly stream = randomUUID();
  readonly counts: LiveCounts = { messages: 0, skippedMessages: 0, skippedEvents: 0, snapshots: 0, refused: 0, stalled: 0 };
  readonly makeFilter: FilterMaker;
  readonly eventsMax: number;
  readonly onBug: (error: unknown) => void;
  readonly #live: LiveBus | undefined;
  readonly #readersMax: number;
  readonly #readers = new Set<LiveReader>();
  readonly #ends: (() => void)[] = [];
  #sequence = 0;
  #summary: LiveSummary | undefined;
  #flows: FlowsById = new Map();
  #recent: OddwireEvent[] = [];
  #gathered: OddwireEvent[] = [];
  #overflowed = 0;
  #timer: NodeJS.Timeout | undefined;
  #resume: HubMessage[] = [];
  #resumeBytes = 0;

  constructor(live: LiveBus | undefined, limits: HubLimits, makeFilter: FilterMaker, onBug?: (error: unknown) => void) {
    this.onBug = onBug ?? (() => undefined);
    this.#live = live;
    this.#readersMax = limits.readersMax;
    this.eventsMax = Math.max(1, Math.round((limits.eventsPerSecond * GATHER_MS) / 1000));
    this.makeFilter = makeFilter;
  }

  get readers(): number {
    return this.#readers.size;
  }

  start(): void {
    const live = this.#live;
    if (live === undefined) return;
    this.#summary = live.summary;
    this.#flows = byId(live.summary?.flows ?? []);
    this.#ends.push(live.onSummary((summary) => this.#onSummary(summary)));
    this.#ends.push(live.onEvents((events) => this.#gather(events)));
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const reader of this.#readers) reader.close(1001, "the server stops");
    this.#readers.clear();
  }

  /** Throws when no further reader has room. */
  admit(): void {
    if (this.#readers.size < this.#readersMax) return;
    this.counts.refused++;
    throw new OddwireError("ODW_BUSY", { cause: "too many live streams are open", limit: `api.clients-max (${this.#readersMax})` });
  }

  /** Adds a reader: what it missed comes first, or a snapshot. Throws when the filter is bad. */
  join(transport: LiveTransport, filter: string, point: ResumePoint | undefined): LiveReader {
    this.admit();
    const reader = new LiveReader(transport, this, filter);
    this.#readers.add(reader);
    const missed = point === undefined ? undefined : this.#since(point);
    if (missed === undefined) reader.sendSnapshot();
    else for (const message of missed) reader.offer(message);
    return reader;
  }

  leave(reader: LiveReader): void {
    this.#readers.delete(reader);
  }

  snapshot(filter: EventFilter | undefined): Extract<LiveMessage, { type: "snapshot" }> {
    const events = (filter === undefined ? this.#recent : this.#recent.filter(filter)).slice(-SNAPSHOT_EVENTS_MAX);
    const summary = this.#summary;
    return { type: "snapshot", sequence: this.#sequence, stream: this.stream, ...(summary !== undefined && { summary }), events };
  }

  #onSummary(summary: LiveSummary): void {
    const flows = byId(summary.flows);
    const delta = flowDelta(this.#flows, flows);
    this.#flows = flows;
    this.#summary = summary;
    const sequence = ++this.#sequence;
    const message: LiveMessage = { type: "delta", sequence, summary: withoutFlows(summary), ...delta };
    this.#publish({ type: "delta", sequence, text: JSON.stringify(message) });
  }

  #gather(events: readonly OddwireEvent[]): void {
    for (const event of events) {
      if (this.#gathered.length < GATHERED_MAX) this.#gathered.push(event);
      else this.#overflowed++;
    }
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  #flush(): void {
    this.#timer = undefined;
    const all = this.#gathered;
    if (all.length === 0) return;
    this.#gathered = [];
    this.#recent = this.#recent.concat(all).slice(-RECENT_MAX);
    const events = mostNotable(all, this.eventsMax);
    const skipped = all.length - events.length + this.#overflowed;
    this.#overflowed = 0;
    const sequence = ++this.#sequence;
    const text = JSON.stringify({ type: "events", sequence, events, skipped } satisfies LiveMessage);
    for (const reader of this.#readers) reader.offer({ type: "events", sequence, text, all, skipped });
    this.#remember({ type: "events", sequence, text, all: events, skipped });
  }

  #publish(message: HubMessage): void {
    for (const reader of this.#readers) reader.offer(message);
    this.#remember(message);
  }

  #remember(message: HubMessage): void {
    this.#resume.push(message);
    this.#resumeBytes += message.text.length;
    let gone = 0;
    while (this.#resumeBytes > RESUME_BYTES_MAX || this.#resume.length - gone > RESUME_MESSAGES_MAX)
      this.#resumeBytes -= (this.#resume[gone++] as HubMessage).text.length;
    if (gone > 0) this.#resume.splice(0, gone);
  }

  /** Messages behind the point; `undefined` when they are not all there. */
  #since({ sequence, stream }: ResumePoint): readonly HubMessage[] | undefined {
    if (stream !== undefined && stream !== this.stream) return undefined;
    if (sequence > this.#sequence) return undefined;
    const oldest = this.#resume[0]?.sequence ?? this.#sequence + 1;
    if (sequence < oldest - 1) return undefined;
    return this.#resume.filter((message) => message.sequence > sequence);
  }
}
