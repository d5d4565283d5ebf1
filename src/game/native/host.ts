import type { DecryptRequest, DecryptResult, GamePluginHost, GamePluginInfo, PluginHealth, PluginPlayer } from "#contract/game-plugin.ts";
import { closeDescriptor } from "#native/libc.ts";
import { memoryBytesOf } from "#native/plugin-limits.ts";
import type { SharedMemory } from "#native/plugin-memory.ts";
import { AnswerReader } from "./answers.ts";
import { BatchSize } from "./batch-size.ts";
import { CallQueue, type Entry, type InFlight } from "./call-queue.ts";
import { fencesOf, toInfo } from "./description.ts";
import { PluginProcess, type PluginProgram } from "./process.ts";
import { Signal, SLOTS } from "./region.ts";
import { RequestWriter, type SessionFacts } from "./requests.ts";
import { RestartPolicy } from "./restart-policy.ts";
import { SessionBook } from "./session-book.ts";

/** How a native plugin is hosted. */
export interface NativeHostOptions {
  /** Milliseconds that one batch (at most 256 packets) may take before the plugin is ended. */
  readonly deadlineMs: number;
  /** Bytes that the plugin may use. */
  readonly memoryBytesMax: number;
  /** Milliseconds until a started plugin has to have told what it is. */
  readonly startMsMax: number;
  /**
   * For files: what was asked waits while the plugin is started again, so that a file gives the same results always.
   * For live capture: nobody waits longer than the deadline, what is late answers `error`.
   */
  readonly waits: boolean;
}

/** Part of the memory's limit at which the plugin is started anew, before its allocations fail. */
const memoryFullShare = 0.9;
const memoryCheckMs = 250;

/**
 * A native plugin in a process of its own (`plugin-worker.ts`), with batches in shared memory (`region.ts`). Up to four batches
 * are on their way; they come back in order. When the process dies or hangs, the request that it had begun is answered
 * with `error`; the others go to its successor, which is told first which sessions are open.
 */
export class NativePluginHost implements GamePluginHost {
  readonly info: GamePluginInfo;
  /** The kernel's fences around the plugin: `user`, `limits`, `landlock`, `seccomp`. */
  readonly fences: readonly string[];
  readonly #options: NativeHostOptions;
  readonly #resources: { readonly memory: SharedMemory; readonly library: number; readonly program: PluginProgram };
  readonly #queue = new CallQueue();
  readonly #writer: RequestWriter;
  readonly #reader: AnswerReader;
  readonly #sessions = new SessionBook();
  readonly #policy = new RestartPolicy();
  readonly #size: BatchSize;
  #process: PluginProcess | undefined;
  #flights: InFlight[] = [];
  /** What came back unanswered while later batches were on their way. */
  #returned: Entry[] = [];
  #stalled = false;
  #state: PluginHealth["state"] = "running";
  #counts = { restarts: 0, deadlinesMissed: 0, requests: 0 };
  #lastTrouble: string | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #pumping = false;
  #answeredAt = 0;
  #memoryCheckedAt = 0;
  #stopped: (() => void) | undefined;

  /** Takes over a process that has told what it is; use `openNativePlugin`. */
  constructor(
    info: GamePluginInfo,
    said: unknown,
    resources: { readonly memory: SharedMemory; readonly library: number; readonly program: PluginProgram },
    options: NativeHostOptions,
  ) {
    this.info = info;
    this.fences = fencesOf(said);
    this.#resources = resources;
    this.#options = options;
    this.#size = new BatchSize(options.deadlineMs);
    this.#writer = new RequestWriter(resources.memory.mapping.buffer);
    this.#reader = new AnswerReader(resources.memory.mapping.buffer);
  }

  /** From now on this process answers. */
  adopt(process: PluginProcess): void {
    this.#process = process;
  }

  get health(): PluginHealth {
    const printed = this.#process?.printed ?? "";
    const trouble = this.#lastTrouble ?? (printed === "" ? undefined : `it printed: ${printed.split("\n").at(-1)}`);
    return {
      state: this.#state,
      ...this.#counts,
      failures: this.#queue.failures,
      ...(trouble === undefined ? {} : { lastTrouble: trouble }),
    };
  }

  /** The plugin's process, while there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  decrypt(batch: readonly DecryptRequest[]): Promise<readonly DecryptResult[]> {
    this.#counts.requests += batch.length;
    if (batch.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      const lateAt = this.#options.waits ? Number.POSITIVE_INFINITY : performance.now() + this.#options.deadlineMs;
      const work = {
        requests: batch,
        results: Array.from<DecryptResult>({ length: batch.length }),
        open: batch.length,
        lateAt,
        resolve,
        isReplay: false,
      };
      this.#ask({ kind: "decrypt", work, from: 0, to: batch.length });
    });
  }

  sessionOpened(session: number, request: SessionFacts): void {
    const { client, clientPort, server, serverPort, time } = request;
    this.#ask({ kind: "opened", facts: { session, client, clientPort, server, serverPort, time } });
  }

  sessionClosed(session: number, reason: string): void {
    this.#ask({ kind: "closed", session, reason });
  }

  players(): Promise<readonly PluginPlayer[]> {
    if (!this.info.tracksPlayers) return Promise.resolve([]);
    return new Promise((resolve) => this.#ask({ kind: "players", resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "stopped") return;
    this.#state = "stopped";
    clearTimeout(this.#deadline);
    clearTimeout(this.#restart);
    const process = this.#process;
    if (process?.pid !== undefined) {
      const gone = new Promise<void>((resolve) => {
        this.#stopped = resolve;
      });
      process.kill("Oddwire stops");
      await gone;
    }
    this.#queue.unshift(this.#flights.flatMap(({ entries }) => entries));
    this.#queue.unshift(this.#returned);
    this.#flights = [];
    this.#queue.failAll("the plugin was stopped", false);
    closeDescriptor(this.#resources.library);
    closeDescriptor(this.#resources.memory.fd);
    this.#resources.memory.mapping.replace();
  }

  #ask(entry: Entry): void {
    if (this.#state === "stopped" || this.#state === "quarantined") {
      this.#sessions.note(entry);
      this.#queue.push(entry);
      this.#queue.failAll(`the plugin is ${this.#state}: ${this.#lastTrouble ?? "Oddwire stops"}`, false);
      return;
    }
    this.#queue.push(entry);
    if (this.#state === "restarting") {
      if (!this.#options.waits) this.#queue.failAll("the plugin is being started again", true);
      return;
    }
    if (this.#pumping) return;
    // What is asked in one go travels in one batch.
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#pump();
    });
  }

  /** Hands over what waits, as far as slots are free. */
  #pump(): void {
    if (this.#state !== "running" || (this.#returned.length > 0 && this.#flights.length > 0)) return;
    const signals: number[] = this.#stalled ? [Signal.resume] : [];
    while (this.#flights.length < SLOTS && this.#queue.length > 0) {
      const flight = this.#queue.fill(this.#freeSlot(), this.#writer, this.#size.records);
      if (flight === undefined) break;
      this.#flights.push(flight);
      signals.push(flight.slot);
    }
    if (signals.length === (this.#stalled ? 1 : 0)) return;
    this.#stalled = false;
    if (this.#deadline === undefined) {
      this.#answeredAt = performance.now();
      this.#watch();
    }
    this.#process?.tell(signals);
  }

  #freeSlot(): number {
    let slot = 0;
    while (this.#flights.some((flight) => flight.slot === slot)) slot++;
    return slot;
  }

  /** The oldest batch has to come back within the deadline. */
  #watch(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    if (this.#flights.length > 0) this.#deadline = setTimeout(() => setImmediate(() => this.#missed()), this.#options.deadlineMs);
  }

  #missed(): void {
    const [oldest] = this.#flights;
    if (oldest === undefined || this.#deadline === undefined) return;
    // This thread may have been busy itself while the answer was lying here.
    const early = performance.now() - this.#answeredAt < this.#options.deadlineMs;
    if (early || this.#reader.complete(oldest.slot, oldest.count) === oldest.count) {
      this.#watch();
      return;
    }
    this.#counts.deadlinesMissed++;
    this.#size.missed();
    this.#process?.kill(`it did not answer within ${this.#options.deadlineMs} ms`);
  }

  /** A slot came back. */
  answered(slot: number): void {
    const [flight] = this.#flights;
    if (flight === undefined || flight.slot !== slot) {
      this.#process?.kill("it answered what was not asked");
      return;
    }
    this.#flights.shift();
    const complete = this.#reader.complete(slot, flight.count);
    const now = performance.now();
    this.#size.answered(complete, now - this.#answeredAt);
    this.#answeredAt = now;
    this.#policy.answered(complete);
    this.#collect(flight, complete, false);
    if (this.#reader.harmed) {
      this.#process?.kill("it wrote beyond its output");
      return;
    }
    if (this.#flights.length === 0 && this.#returned.length > 0) {
      this.#queue.unshift(this.#returned);
      this.#returned = [];
      this.#stalled = true;
    }
    this.#pump();
    this.#watch();
    if (now - this.#memoryCheckedAt > memoryCheckMs) this.#checkMemory(now);
  }

  #collect(flight: InFlight, complete: number, failed: boolean): void {
    const { done, left } = this.#queue.settle(flight, complete, this.#reader, this.#sessions.find);
    for (const entry of done) {
      if (entry.kind !== "decrypt") this.#sessions.note(entry);
      else if (!entry.work.isReplay) this.#sessions.read(entry.work.requests, entry.from, entry.to);
    }
    const first = failed ? this.#reader.begun(flight.slot, flight.count) : undefined;
    const [begun] = left;
    if (first !== undefined && begun?.kind === "decrypt" && begun.work.isReplay)
      this.#sessions.forgetBeginning(begun.work.requests[begun.from]?.session ?? 0);
    this.#returned.push(
      ...(first === undefined ? left : this.#queue.dropFirst(left, `the plugin failed at this packet: ${this.#lastTrouble}`)),
    );
  }

  #checkMemory(now: number): void {
    this.#memoryCheckedAt = now;
    const process = this.#process;
    if (process?.pid === undefined) return;
    const used = memoryBytesOf(process.pid) - process.memoryAtStart;
    const { memoryBytesMax } = this.#options;
    if (used > memoryBytesMax * memoryFullShare)
      process.kill(`it uses more than ${Math.floor((memoryBytesMax * memoryFullShare) / 2 ** 20)} MiB`);
  }

  /** The process is gone. */
  ended(cause: string): void {
    this.#process = undefined;
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    if (this.#state === "stopped") {
      this.#stopped?.();
      return;
    }
    this.#lastTrouble = cause;
    const flights = this.#flights;
    this.#flights = [];
    // Batches may be done though the word of it has not come: the first that is not is the one that it failed at.
    let isFound = false;
    for (const flight of flights) {
      const complete = this.#reader.complete(flight.slot, flight.count);
      const isFailed: boolean = !isFound && complete < flight.count;
      isFound ||= isFailed;
      this.#collect(flight, complete, isFailed);
    }
    this.#queue.unshift(this.#returned);
    this.#queue.dropReplays();
    this.#returned = [];
    this.#stalled = false;
    const delay = this.#policy.failed();
    this.#state = delay === undefined ? "quarantined" : "restarting";
    if (delay === undefined) {
      this.#queue.failAll(`the plugin is quarantined: ${cause}`, false);
      return;
    }
    if (!this.#options.waits) this.#queue.failAll(`the plugin is being started again: ${cause}`, true);
    this.#restart = setTimeout(() => void this.#startAgain(), delay);
  }

  async #startAgain(): Promise<void> {
    this.#counts.restarts++;
    const process = new PluginProcess({ ...this.#resources, ...this.#options }, this);
    this.#process = process;
    let said: unknown;
    try {
      said = await process.start();
    } catch {
      // `ended` was told.
      return;
    }
    const info = toInfo(said, this.info.file, this.info.kind);
    if ("refused" in info || info.gameId !== this.info.gameId) return process.kill("it says something else than when it was opened");
    if (this.#state !== "restarting") return;
    this.#state = "running";
    this.#queue.unshift(this.#sessions.announcements());
    this.#pump();
  }
}
