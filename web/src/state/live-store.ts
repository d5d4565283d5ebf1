import { initialState, type LiveState, type Message, reduce } from "./live-state.ts";
import { Series } from "./series.ts";

/** Messages held while paused or while the tab is hidden; beyond it the oldest summaries go. */
const PENDING_MAX = 7200;

/** Calls `flush` once, soon: `requestAnimationFrame` in the page, anything in a test. */
export type Schedule = (flush: () => void) => void;

/**
 * The one place where live messages meet the page. Messages wait in a plain array until the next frame, then become one
 * new `LiveState`; so ten messages in a frame cost one render. While paused they go on waiting, and what is shown stands.
 */
export class LiveStore {
  readonly series = new Series();
  readonly #schedule: Schedule;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = initialState;
  #pending: Message[] = [];
  #scheduled = false;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  readonly state = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly receive = (message: Message): void => {
    if (this.#pending.length >= PENDING_MAX) this.#pending.shift();
    this.#pending.push(message);
    this.#flushSoon();
  };

  readonly pause = (paused: boolean): void => {
    if (this.#state.paused === paused) return;
    this.#state = { ...this.#state, paused, held: 0 };
    this.#flushSoon();
    this.#tell();
  };

  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const before = this.#state;
    if (before.paused) this.#flushPaused();
    else {
      const messages = this.#pending;
      this.#pending = [];
      const { version } = this.series;
      for (const message of messages) {
        if (message.type === "summary") this.series.push(message.summary);
        if (message.type === "history") this.series.load(message.history);
      }
      this.#state = reduce(before, messages);
      if (this.#state === before && this.series.version !== version) this.#tell();
    }
    if (this.#state !== before) this.#tell();
  }

  /** The connection is shown while paused too; everything else waits. */
  #flushPaused(): void {
    const connections = this.#pending.filter((message) => message.type === "connection");
    this.#pending = this.#pending.filter((message) => message.type !== "connection");
    const held = this.#pending.filter((message) => message.type === "summary").length;
    const state = reduce(this.#state, connections);
    this.#state = held === state.held ? state : { ...state, held };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
