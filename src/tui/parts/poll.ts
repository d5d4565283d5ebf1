import { ApiError } from "#client/client.ts";

/** A failure in one line for people. */
export const troubleText = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof ApiError && error.mend !== "" ? `${text}: ${error.mend}` : text;
};

/**
 * Asks the server again and again while somebody looks. One question at a time: the wait begins when the answer is
 * there, so a slow server is asked less often.
 */
export class Poll<Answer> {
  readonly #ask: (signal: AbortSignal) => Promise<Answer>;
  readonly #everyMs: number;
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;
  #answer: Answer | undefined;
  #trouble: string | undefined;

  constructor(ask: (signal: AbortSignal) => Promise<Answer>, everyMs: number, changed: () => void) {
    this.#ask = ask;
    this.#everyMs = everyMs;
    this.#changed = changed;
  }

  /** The newest answer; `undefined` before the first. */
  get answer(): Answer | undefined {
    return this.#answer;
  }

  /** Why the last question failed; `undefined` when it did not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  start(): void {
    if (this.#abort === undefined) void this.#run();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = undefined;
  }

  /**
   * Asks at once, instead of what is under way; what was answered before is forgotten when `forget` is set. While nobody
   * looks it only forgets.
   */
  again(forget = false): void {
    const isRunning = this.#abort !== undefined;
    this.stop();
    if (forget) {
      this.#answer = undefined;
      this.#trouble = undefined;
    }
    if (isRunning) this.start();
  }

  async #run(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const answer = await this.#ask(abort.signal);
      if (abort.signal.aborted) return;
      this.#answer = answer;
      this.#trouble = undefined;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#trouble = troubleText(error);
    }
    this.#timer = setTimeout(() => void this.#run(), this.#everyMs);
    this.#changed();
  }
}
