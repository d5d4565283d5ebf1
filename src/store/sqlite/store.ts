import type { Worker } from "node:worker_threads";
import { OddwireError } from "#contract/errors.ts";
import type { GroupRow, Page, Plan, Store } from "#contract/store.ts";
import type { Kind } from "#schema/field.ts";
import { errorOf, type ReaderAnswer, type ReaderQuestion, type ReaderSetup, startThread } from "./messages.ts";
import type { Description } from "./reader.ts";

/** Threads that read: a slow question does not hold up the next one. */
const THREADS_MAX = 2;
/** Questions that wait for a thread. */
const WAITING_MAX = 256;
/** A thread that does not answer so long after its time is up is ended. */
const GRACE_MS = 5000;

export interface SqliteStoreOptions {
  /** Longest time that one question may take, milliseconds. */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly question: ReaderQuestion;
  readonly answer: PromiseWithResolvers<unknown>;
}

/** Reads a store file, also while a `SqliteSink` writes it. The threads open it when they are needed. */
export class SqliteStore implements Store {
  readonly #setup: ReaderSetup;
  readonly #threads: ReaderThread[] = [];
  readonly #waiting: Waiting[] = [];
  #closed = false;

  constructor(path: string, kinds: readonly Kind[], options: SqliteStoreOptions = {}) {
    this.#setup = { path, kinds: kinds.map(({ name, columns }) => ({ name, columns })), timeoutMs: options.timeoutMs ?? 10_000 };
  }

  /** Opens the store. Throws `OddwireError` when there is none that can be read. */
  async start(): Promise<void> {
    await this.#thread().opened;
  }

  async query(plan: Plan): Promise<Page> {
    return (await this.#ask({ type: "query", plan })) as Page;
  }

  async count(plan: Plan): Promise<number> {
    return (await this.#ask({ type: "count", plan })) as number;
  }

  async top(plan: Plan, column: string, sum?: string): Promise<readonly GroupRow[]> {
    return (await this.#ask({ type: "top", plan, column, sum })) as readonly GroupRow[];
  }

  async describe(): Promise<Description> {
    return (await this.#ask({ type: "describe" })) as Description;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const { answer } of this.#waiting.splice(0)) answer.reject(this.#error("it was closed"));
    await Promise.all(this.#threads.splice(0).map((thread) => thread.end("it was closed")));
  }

  #ask(question: ReaderQuestion): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    if (this.#closed) answer.reject(this.#error("it was closed"));
    else if (this.#waiting.length >= WAITING_MAX)
      answer.reject(new OddwireError("ODW_QUERY_SLOW", { seconds: this.#setup.timeoutMs / 1000 }));
    else {
      this.#waiting.push({ question, answer });
      this.#pump();
    }
    return answer.promise;
  }

  #pump(): void {
    while (this.#waiting.length > 0) {
      const idle = this.#threads.find((thread) => !thread.busy);
      if (idle === undefined && this.#threads.length >= THREADS_MAX) return;
      const { question, answer } = this.#waiting.shift() as Waiting;
      (idle ?? this.#thread()).ask(question, answer);
    }
  }

  #thread(): ReaderThread {
    const thread = new ReaderThread(this.#setup, {
      idle: () => this.#pump(),
      gone: () => {
        const place = this.#threads.indexOf(thread);
        if (place >= 0) this.#threads.splice(place, 1);
        this.#pump();
      },
    });
    this.#threads.push(thread);
    return thread;
  }

  #error(cause: string): OddwireError {
    return new OddwireError("ODW_STORE_UNREADABLE", { path: this.#setup.path, cause });
  }
}

/** One reader thread and the question that it works on. */
class ReaderThread {
  /** Rejects when the store cannot be opened. */
  readonly opened: Promise<void>;
  readonly #setup: ReaderSetup;
  readonly #worker: Worker;
  readonly #tell: { readonly idle: () => void; readonly gone: () => void };
  readonly #opened = Promise.withResolvers<void>();
  #answer: PromiseWithResolvers<unknown> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #id = 0;

  constructor(setup: ReaderSetup, tell: { readonly idle: () => void; readonly gone: () => void }) {
    this.#setup = setup;
    this.#tell = tell;
    this.opened = this.#opened.promise;
    this.opened.catch(() => undefined);
    this.#worker = startThread("reader.worker", "store reader", setup);
    this.#worker.on("message", (answer: ReaderAnswer) => this.#answered(answer));
    this.#worker.on("error", (error) => void this.end(String(error)));
    this.#worker.on("exit", () => void this.end("the reader thread ended"));
  }

  get busy(): boolean {
    return this.#answer !== undefined;
  }

  ask(question: ReaderQuestion, answer: PromiseWithResolvers<unknown>): void {
    this.#answer = answer;
    this.#timer = setTimeout(() => void this.end("it does not answer"), this.#setup.timeoutMs + GRACE_MS);
    void this.#post(question);
  }

  /** Ends the thread; whoever waits for it is told why. */
  async end(cause: string): Promise<void> {
    const error = new OddwireError("ODW_STORE_UNREADABLE", { path: this.#setup.path, cause });
    this.#opened.reject(error);
    this.#settle((answer) => answer.reject(error));
    this.#tell.gone();
    await this.#worker.terminate();
  }

  async #post(question: ReaderQuestion): Promise<void> {
    try {
      await this.#opened.promise;
      this.#id++;
      this.#worker.postMessage({ id: this.#id, question }, []);
    } catch (error) {
      this.#settle((answer) => answer.reject(error));
    }
  }

  #answered(answer: ReaderAnswer): void {
    const failure = "failure" in answer ? errorOf(answer.failure) : undefined;
    if (answer.id === 0) {
      if (failure === undefined) this.#opened.resolve();
      else this.#refused(failure);
      return;
    }
    this.#settle((waiting) =>
      failure === undefined ? waiting.resolve((answer as { readonly result: unknown }).result) : waiting.reject(failure),
    );
    this.#tell.idle();
  }

  /** The store cannot be opened. */
  #refused(failure: OddwireError): void {
    this.#opened.reject(failure);
    this.#settle((waiting) => waiting.reject(failure));
    this.#tell.gone();
    void this.#worker.terminate();
  }

  #settle(how: (answer: PromiseWithResolvers<unknown>) => void): void {
    clearTimeout(this.#timer);
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer !== undefined) how(answer);
  }
}
