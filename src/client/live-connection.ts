import type { LiveMessage, LiveWish } from "#schema/api.ts";
import { foldLive, initialLiveState, type LiveState } from "./live-state.ts";

export type { LiveState } from "./live-state.ts";

/** Is called with every change; `message` is what came, absent when only the connection changed. */
export type LiveListener = (state: LiveState, message: LiveMessage | undefined) => void;

/** The part of a WebSocket that is used here. */
export interface LiveSocket {
  addEventListener(
    type: "open" | "message" | "close",
    listener: (event: { readonly data?: unknown; readonly reason?: string }) => void,
  ): void;
  send(text: string): void;
  close(): void;
}

export interface LiveOptions {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Events that match are sent, from the start. */
  readonly filter?: string;
  readonly openSocket?: (address: string) => LiveSocket;
  /** Wait before the first and the longest before a later attempt, milliseconds. */
  readonly retryMs?: { readonly first: number; readonly longest: number };
}

const RETRY_MS = { first: 500, longest: 15_000 };

/**
 * Keeps the live stream open and folds it into a state. After a break it connects again, later and later, and asks to go
 * on behind the last message that it saw; the server answers with what was missed, or with a snapshot.
 */
export class LiveConnection {
  readonly #url: string;
  readonly #openSocket: (address: string) => LiveSocket;
  readonly #retryMs: { readonly first: number; readonly longest: number };
  readonly #listeners = new Set<LiveListener>();
  #state: LiveState = initialLiveState;
  #filter: string;
  #pause = false;
  #socket: LiveSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;

  constructor(options: LiveOptions) {
    this.#url = options.url.replace(/\/+$/, "").replace(/^http/, "ws");
    this.#filter = options.filter ?? "";
    this.#openSocket = options.openSocket ?? ((address) => new WebSocket(address));
    this.#retryMs = options.retryMs ?? RETRY_MS;
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Calls back with every change until the returned function is called. */
  subscribe(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  start(): void {
    if (this.#socket === undefined && this.#timer === undefined) this.#connect();
  }

  /** Asks for other events, or for a pause; holds over breaks of the connection. */
  wish(wish: LiveWish): void {
    this.#filter = wish.filter ?? this.#filter;
    this.#pause = wish.pause ?? this.#pause;
    if (this.#state.status === "live") this.#socket?.send(JSON.stringify(wish));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drop();
    this.#change({ ...this.#state, status: "closed" }, undefined);
  }

  #connect(): void {
    this.#timer = undefined;
    const socket = this.#openSocket(this.#address());
    this.#socket = socket;
    // What a socket that was let go still says is of no interest.
    const listen = (type: "open" | "message" | "close", hear: (event: { readonly data?: unknown; readonly reason?: string }) => void) =>
      socket.addEventListener(type, (event) => {
        if (socket === this.#socket) hear(event);
      });
    listen("open", () => this.#opened(socket));
    listen("message", ({ data }) => this.#hear(data));
    listen("close", ({ reason }) => this.#lost(reason === undefined || reason === "" ? "the server is not reachable" : reason));
  }

  #opened(socket: LiveSocket): void {
    this.#attempts = 0;
    this.#change({ ...this.#state, status: "live", cause: undefined }, undefined);
    if (this.#pause) socket.send(JSON.stringify({ pause: true } satisfies LiveWish));
  }

  #address(): string {
    const query = new URLSearchParams();
    if (this.#filter !== "") query.set("filter", this.#filter);
    const { stream, sequence, filter } = this.#state;
    // With another filter than before, what was seen is not what is wanted.
    if (stream !== undefined && filter === this.#filter) {
      query.set("resume", String(sequence));
      query.set("stream", stream);
    }
    const text = query.toString();
    return `${this.#url}/api/v1/live${text === "" ? "" : `?${text}`}`;
  }

  #hear(data: unknown): void {
    const message = typeof data === "string" ? parseMessage(data) : undefined;
    if (message === undefined) {
      this.#lost("what answers there is no Oddwire");
      return;
    }
    const folded = foldLive(this.#state, message);
    // The server keeps the filter that it had when it refuses another.
    if (message.type === "error") this.#filter = folded.filter;
    this.#change(message.type === "snapshot" ? { ...folded, filter: this.#filter } : folded, message);
  }

  #lost(cause: string): void {
    this.#drop();
    const wait = Math.min(this.#retryMs.longest, this.#retryMs.first * 2 ** this.#attempts++);
    // Spread, so that many pages do not come back at once.
    this.#timer = setTimeout(() => this.#connect(), wait * (0.5 + Math.random() / 2));
    this.#change({ ...this.#state, status: "reconnecting", cause }, undefined);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #change(state: LiveState, message: LiveMessage | undefined): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state, message);
  }
}

function parseMessage(text: string): LiveMessage | undefined {
  try {
    return JSON.parse(text) as LiveMessage;
  } catch {
    return undefined;
  }
}
