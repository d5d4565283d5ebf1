import { type ChildProcess, spawn } from "node:child_process";
import type { ProcessEnd, SuricataProcessFacts } from "#schema/suricata.ts";

export interface SupervisorOptions {
  readonly binary: string;
  readonly arguments: readonly string[];
  /** True for a file, which ends by itself: an end without failure is no death. */
  readonly endsByItself: boolean;
  readonly limits?: Partial<SupervisorLimits>;
  /** Called whenever the state or the facts change. */
  readonly onChange: () => void;
}

export interface SupervisorLimits {
  /** Restarts in a row before it is given up. A run of `steadyMs` begins the count anew. */
  readonly restartsMax: number;
  readonly backoffMs: number;
  readonly backoffMsMax: number;
  readonly steadyMs: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly stopMs: number;
}

const LIMITS: SupervisorLimits = { restartsMax: 5, backoffMs: 1000, backoffMsMax: 30_000, steadyMs: 300_000, stopMs: 15_000 };
const WORDS_MAX = 40;
const WORD_CHARS_MAX = 400;
const ENDS_MAX = 10;

export type SupervisorState = "starting" | "running" | "restarting" | "failed" | "stopped";

/**
 * Keeps one Suricata running: a child of this process, started anew with growing pauses when it ends, given up after too
 * many ends in a row. Signals go to the child alone, and never after its end was heard of, so never to somebody else's
 * process that got its number.
 *
 *     starting ──"Engine started"──▶ running ──end──▶ restarting ──pause──▶ starting      stop() from anywhere ▶ stopped
 *         └──────────end──────────────────────────────▲    └──restartsMax in a row──▶ failed
 */
export class Supervisor {
  state: SupervisorState = "stopped";
  readonly #options: SupervisorOptions;
  readonly #limits: SupervisorLimits;
  readonly #words: string[] = [];
  readonly #ends: ProcessEnd[] = [];
  #child: ChildProcess | undefined;
  #since = Date.now();
  #restarts = 0;
  #inRow = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  readonly #over = Promise.withResolvers<void>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /** Resolves when it runs no more and will not be started again. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get facts(): SuricataProcessFacts {
    const pid = this.#child?.pid;
    return {
      ...(pid === undefined ? {} : { pid }),
      since: this.#since,
      restarts: this.#restarts,
      restarts_max: this.#limits.restartsMax,
      ends: this.#ends,
      words: this.#words,
    };
  }

  start(): void {
    this.#since = Date.now();
    const child = spawn(this.#options.binary, [...this.#options.arguments], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) this.#listen(stream);
    child.once("error", (error) => this.#ended(child, undefined, undefined, error.message));
    child.once("exit", (code, signal) => this.#ended(child, code ?? undefined, signal ?? undefined, undefined));
    this.#become("starting");
  }

  /** Ends it: SIGTERM, then SIGKILL when it does not follow. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) this.#finish("stopped");
    else {
      child.kill("SIGTERM");
      const kill = setTimeout(() => void child.kill("SIGKILL"), this.#limits.stopMs);
      await this.#over.promise;
      clearTimeout(kill);
    }
    await this.#over.promise;
  }

  /** It opens its files anew: SIGHUP. */
  reopen(): void {
    if (this.state === "running") this.#child?.kill("SIGHUP");
  }

  #listen(stream: NodeJS.ReadableStream | null): void {
    let rest = "";
    stream?.on("data", (piece: Buffer) => {
      const lines = (rest + piece.toString("utf8")).split("\n");
      rest = (lines.pop() ?? "").slice(0, WORD_CHARS_MAX);
      for (const line of lines) this.#hear(line);
    });
    stream?.on("end", () => rest !== "" && this.#hear(rest));
    stream?.on("error", () => undefined);
  }

  #hear(line: string): void {
    if (line.trim() === "") return;
    this.#words.push(line.trim().slice(0, WORD_CHARS_MAX));
    if (this.#words.length > WORDS_MAX) this.#words.shift();
    if (/Engine started/.test(line) && this.state === "starting") this.#become("running");
  }

  #ended(child: ChildProcess, code: number | undefined, signal: string | undefined, cause: string | undefined): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#stopping || (this.#options.endsByItself && code === 0)) {
      this.#finish("stopped");
      return;
    }
    const uptime = (Date.now() - this.#since) / 1000;
    const words = cause ?? this.#words.at(-1) ?? "";
    this.#ends.push({
      at: Date.now(),
      ...(code === undefined ? {} : { code }),
      ...(signal === undefined ? {} : { signal }),
      uptime,
      words,
    });
    if (this.#ends.length > ENDS_MAX) this.#ends.shift();
    if (uptime * 1000 >= this.#limits.steadyMs) this.#inRow = 0;
    if (this.#options.endsByItself || this.#inRow >= this.#limits.restartsMax) {
      this.#finish("failed");
      return;
    }
    const pause = Math.min(this.#limits.backoffMs * 2 ** this.#inRow, this.#limits.backoffMsMax);
    this.#inRow++;
    this.#restarts++;
    this.#timer = setTimeout(() => this.start(), pause);
    this.#become("restarting");
  }

  #finish(state: SupervisorState): void {
    this.#become(state);
    this.#over.resolve();
  }

  #become(state: SupervisorState): void {
    this.state = state;
    this.#options.onChange();
  }
}
