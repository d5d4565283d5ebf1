import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { LiveMessage, LiveWish } from "#schema/api.ts";
import { failureOf } from "./errors.ts";
import type { EventFilter, FilterMaker } from "./live-filter.ts";
import type { HubMessage } from "./live-hub.ts";
import { mostNotable } from "./live-messages.ts";
import { shown } from "./parameters.ts";

/** One open connection, WebSocket or SSE. */
export interface LiveTransport {
  /** Hands over a whole message; never waits. */
  send(text: string, message: { readonly type: string; readonly sequence?: number }): void;
  /** Bytes that were handed over and have not left yet. */
  bufferedBytes(): number;
  close(code: number, reason: string): void;
}

/** What a reader needs from the hub. */
export interface ReaderHost {
  snapshot(filter: EventFilter | undefined): Extract<LiveMessage, { type: "snapshot" }>;
  readonly makeFilter: FilterMaker;
  /** Events in one message. */
  readonly eventsMax: number;
  readonly counts: LiveCounts;
  /** Is told of exceptions that are ours. */
  readonly onBug: (error: unknown) => void;
}

/** Counters of the live streams, for `/metrics`. */
export interface LiveCounts {
  messages: number;
  /** Messages that a slow reader did not get; it got a snapshot later. */
  skippedMessages: number;
  /** Events that were not sent because there were too many in a second. */
  skippedEvents: number;
  snapshots: number;
  /** Readers refused because there were too many. */
  refused: number;
  /** Readers that were cut off because they read nothing for too long. */
  stalled: number;
}

/** Unsent bytes at which a reader counts as slow: it gets nothing until they have left, then a fresh snapshot. */
export const BUFFERED_BYTES_MAX = 1_048_576;
/** Messages in a row that a slow reader may miss before it is cut off: about a minute. */
const MISSED_MAX = 300;
/** Wishes that a client may send in a second. */
const WISHES_PER_SECOND = 10;
const WISH_CHARS_MAX = 8192;

/** A client of the live stream: what it wants, and whether it keeps up. Holds no messages; the transport's buffer is bounded. */
export class LiveReader {
  readonly #transport: LiveTransport;
  readonly #host: ReaderHost;
  #filterText = "";
  #filter: EventFilter | undefined;
  #paused = false;
  #closed = false;
  /** Messages missed since it fell behind; 0 while it keeps up. */
  #missed = 0;
  #wishSecond = 0;
  #wishes = 0;

  constructor(transport: LiveTransport, host: ReaderHost, filter: string) {
    this.#transport = transport;
    this.#host = host;
    this.#setFilter(filter);
  }

  /** Sends the state as a whole. */
  sendSnapshot(): void {
    this.#missed = 0;
    this.#host.counts.snapshots++;
    this.#send(this.#host.snapshot(this.#filter));
  }

  /** Gives a message to the client, or counts it as missed. */
  offer(message: HubMessage): void {
    if (this.#closed || this.#paused || this.#fallsBehind()) return;
    if (message.type === "events" && this.#filter !== undefined) this.#offerMatching(message.all, message.sequence, this.#filter);
    else {
      if (message.type === "events") this.#host.counts.skippedEvents += message.skipped;
      this.#sendText(message.text, message);
    }
  }

  #offerMatching(all: readonly OddwireEvent[], sequence: number, filter: EventFilter): void {
    const wanted = all.filter(filter);
    const events = mostNotable(wanted, this.#host.eventsMax);
    const skipped = wanted.length - events.length;
    this.#host.counts.skippedEvents += skipped;
    if (events.length > 0) this.#send({ type: "events", sequence, events, skipped });
  }

  /** Reads a client's message; what is wrong with it is told, never thrown. */
  hear(text: string): void {
    if (this.#closed) return;
    try {
      this.#countWish();
      const wish = readWish(text);
      if (wish.filter !== undefined) this.#setFilter(wish.filter);
      const resumed = this.#paused && wish.pause === false;
      if (wish.pause !== undefined) this.#paused = wish.pause;
      this.#send({ type: "settings", filter: this.#filterText, paused: this.#paused });
      if (resumed || (wish.filter !== undefined && !this.#paused)) this.sendSnapshot();
    } catch (error) {
      const { status, body } = failureOf(error);
      if (status === 500) this.#host.onBug(error);
      this.#send({ type: "error", error: body.error });
    }
  }

  close(code: number, reason: string): void {
    this.#closed = true;
    this.#transport.close(code, reason);
  }

  /** True while the client does not keep up. When it has caught up, a fresh snapshot makes good what it missed. */
  #fallsBehind(): boolean {
    const buffered = this.#transport.bufferedBytes();
    if (this.#missed === 0 && buffered <= BUFFERED_BYTES_MAX) return false;
    if (this.#missed > 0 && buffered <= BUFFERED_BYTES_MAX / 4) {
      this.sendSnapshot();
      return true;
    }
    this.#host.counts.skippedMessages++;
    if (++this.#missed > MISSED_MAX) {
      this.#host.counts.stalled++;
      this.close(1013, "reads too slowly");
    }
    return true;
  }

  #setFilter(text: string): void {
    this.#filter = this.#host.makeFilter(text);
    this.#filterText = text;
  }

  #countWish(): void {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#wishSecond) {
      this.#wishSecond = second;
      this.#wishes = 0;
    }
    if (++this.#wishes > WISHES_PER_SECOND)
      throw new OddwireError("ODW_BUSY", { cause: "too many messages", limit: `${WISHES_PER_SECOND} in a second` });
  }

  #send(message: LiveMessage): void {
    this.#sendText(JSON.stringify(message), message);
  }

  #sendText(text: string, message: { readonly type: string; readonly sequence?: number }): void {
    this.#host.counts.messages++;
    this.#transport.send(text, message);
  }
}

const refuse = (cause: string): OddwireError => new OddwireError("ODW_REQUEST_BAD", { cause });

function readWish(text: string): LiveWish {
  if (text.length > WISH_CHARS_MAX) throw refuse(`a message is longer than ${WISH_CHARS_MAX} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse("a message is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse("a message is no JSON object");
  const wish = value as { readonly [name: string]: unknown };
  const strange = Object.keys(wish).find((name) => name !== "filter" && name !== "pause");
  if (strange !== undefined) throw refuse(`${shown(strange)} is no member of a message; filter and pause are`);
  if (wish["filter"] !== undefined && typeof wish["filter"] !== "string") throw refuse("filter must be a text");
  if (wish["pause"] !== undefined && typeof wish["pause"] !== "boolean") throw refuse("pause must be true or false");
  return wish;
}
