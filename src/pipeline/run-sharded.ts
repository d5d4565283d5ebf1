import { setImmediate } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { SpscRing } from "#base/spsc-ring.ts";
import type { AlertGate } from "#contract/inspector.ts";
import type { FrameBlock } from "#contract/source.ts";
import { PARTITIONS } from "#flow/key.ts";
import { M, newCounters } from "#schema/metrics.ts";
import { FactRows, type FactWish } from "./facts.ts";
import { ForwardRun } from "./forward-run.ts";
import { createGates } from "./inspection.ts";
import { JsonBytes } from "./json-bytes.ts";
import { mergeLines } from "./merge.ts";
import { Output } from "./output.ts";
import { Reducer } from "./reducer.ts";
import { addKinds, type RunOptions, type RunResult } from "./run.ts";
import { type BlockResult, FINISH, type FinalResult, SECRETS } from "./shard-worker.ts";
import { Splitter } from "./splitter.ts";
import { writeStats } from "./stats-event.ts";

/** Starts one worker thread that calls `runShardWorker` with these partitions and this ring. */
export type SpawnWorker = (partitions: readonly number[], ring: SharedArrayBuffer, facts: FactWish) => Worker;

interface ShardedOptions extends RunOptions {
  readonly workers: number;
  readonly spawn: SpawnWorker;
  /** Number of a block in the list that the workers have. */
  readonly indexOf: (block: FrameBlock) => number;
}

interface Hand {
  readonly worker: Worker;
  readonly ring: SpscRing;
  /** Results that have come and wait for those of the others. */
  readonly results: BlockResult[];
  final: FinalResult | undefined;
}

/**
 * Reads a whole source on several threads. This thread reads, splits and merges; worker w runs the partitions p with
 * p mod workers = w. Every worker sees every block, in order, through its own ring, and skips the others' frames; when
 * all have answered for a block it goes back to the source.
 */
export async function runSharded(options: ShardedOptions): Promise<RunResult> {
  const reducer = new Reducer({ ...options, claims: options.reader?.claims, places: options.platform.places });
  const hands = Array.from({ length: options.workers }, (_, w) => hire(options, w, reducer.wish));
  const merger = new Merger(options, hands, reducer);
  try {
    const merging = merger.run();
    // The failure is met below; until then nobody waits for it.
    merging.catch(() => undefined);
    // One worker runs all partitions: nobody has to know which frame is whose.
    const splitter = options.workers > 1 ? new Splitter() : undefined;
    const { source } = options;
    for (let block = await merger.raced(source.next()); block !== undefined; block = await merger.raced(source.next())) {
      splitter?.split(block);
      merger.sent(block);
      if (block.secrets !== undefined) share(hands, block.secrets);
      for (const hand of hands) hand.ring.push(options.indexOf(block));
      options.onBlock?.(block);
      // Lets the workers' answers in: a source that reads synchronously never waits.
      await setImmediate();
    }
    for (const hand of hands) {
      for (let partition = 0; partition < PARTITIONS; partition++) hand.ring.push(FINISH - partition);
      hand.ring.close();
    }
    await merging;
    return await merger.result();
  } finally {
    await Promise.all(hands.map(({ worker }) => worker.terminate()));
  }
}

/** Secrets reach the workers before the block: the ring says when to look for the message. */
function share(hands: readonly Hand[], secrets: string): void {
  for (const { worker, ring } of hands) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window.
    worker.postMessage(secrets);
    ring.push(SECRETS);
  }
}

function hire(options: ShardedOptions, w: number, facts: FactWish): Hand {
  const ring = SpscRing.create(64);
  const partitions = Array.from({ length: PARTITIONS }, (_, id) => id).filter((id) => id % options.workers === w);
  return { worker: options.spawn(partitions, ring.memory, facts), ring, results: [], final: undefined };
}

/** Puts together what the workers say of each block, in order. */
class Merger {
  readonly #options: ShardedOptions;
  readonly #hands: readonly Hand[];
  readonly #reducer: Reducer;
  readonly #output: Output;
  /** Merged lines that wait for a batch. */
  readonly #json = new JsonBytes(1 << 20);
  /** Blocks that are with the workers, oldest first. */
  readonly #lent: FrameBlock[] = [];
  readonly #failure = Promise.withResolvers<never>();
  #answer = Promise.withResolvers<void>();
  #loadedGates: readonly AlertGate[] | undefined;
  readonly #forwardRun: ForwardRun | undefined;
  #from = 0;
  #clock = 0;

  constructor(options: ShardedOptions, hands: readonly Hand[], reducer: Reducer) {
    this.#options = options;
    this.#hands = hands;
    this.#reducer = reducer;
    this.#output = new Output(options.sinks);
    this.#forwardRun = options.reader === undefined ? undefined : new ForwardRun(options.reader, reducer.desk.allow);
    // A failure that comes when nobody waits any more is no unhandled one.
    this.#failure.promise.catch(() => undefined);
    for (const hand of hands) {
      hand.worker.on("error", this.#failure.reject);
      hand.worker.on("message", (message: BlockResult | FinalResult) => {
        if ("lines" in message) hand.results.push(message);
        else hand.final = message;
        this.#answer.resolve();
      });
    }
  }

  /** Waits for something, but no longer than until a worker fails. */
  raced<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failure.promise]);
  }

  sent(block: FrameBlock): void {
    if (this.#from === 0 && block.count > 0) this.#from = block.time[0] as number;
    this.#clock = block.clock;
    this.#lent.push(block);
  }

  /** Merges block after block until the workers have sent their last. */
  async run(): Promise<void> {
    for (;;) {
      if (this.#hands.every((hand) => hand.results.length > 0))
        await this.#merge(this.#hands.map((hand) => hand.results.shift() as BlockResult));
      else if (this.#hands.every((hand) => hand.final !== undefined)) return;
      else {
        await this.raced(this.#answer.promise);
        this.#answer = Promise.withResolvers<void>();
      }
    }
  }

  async #merge(results: readonly BlockResult[]): Promise<void> {
    const block = this.#lent.shift();
    const clock = block?.clock ?? this.#clock;
    if (block !== undefined) this.#options.source.release(block);
    this.#json.append(mergeLines(results.map((result) => result.lines)));
    this.#reduce(results, clock);
    await this.#forward(results, clock);
    if (this.#output.isDue(this.#json.length)) await this.#output.write(this.#json.swap());
  }

  #reduce(results: readonly BlockResult[], clock: number): void {
    const gated = results.flatMap((result) => result.gated ?? []);
    if (gated.length > 0) this.#reducer.alerts(gated, this.#gates);
    else if (this.#reducer.idle) return;
    this.#reducer.block(
      results.map((result) => ({ rows: new FactRows(result.facts, result.factCount), lines: result.lines.bytes })),
      clock,
    );
    const { lines } = this.#reducer;
    this.#json.append(lines.json.bytes.subarray(0, lines.json.length));
    lines.clear();
  }

  async #forward(results: readonly BlockResult[], clock: number): Promise<void> {
    const forward = this.#forwardRun;
    if (forward === undefined) return;
    await forward.block(
      results.flatMap((result) => result.forwarded ?? []),
      clock,
    );
    this.#takeForwarded(forward);
  }

  #takeForwarded({ lines }: ForwardRun): void {
    this.#json.append(lines.json.bytes.subarray(0, lines.json.length));
    lines.clear();
  }

  /** Rules are loaded here only when a gate has something to decide. */
  get #gates(): readonly AlertGate[] {
    this.#loadedGates ??= createGates(this.#options);
    return this.#loadedGates;
  }

  /** Sums over the workers, behind the last event. */
  async result(): Promise<RunResult> {
    const counters = newCounters();
    const events = new Map<string, number>();
    for (const { final } of this.#hands) {
      if (final === undefined) continue;
      for (let i = 0; i < counters.length; i++) counters[i] = (counters[i] as number) + (final.counters[i] as number);
      addKinds(events, final.kinds);
    }
    this.#reducer.end();
    const { lines } = this.#reducer;
    this.#json.append(lines.json.bytes.subarray(0, lines.json.length));
    addKinds(events, lines.kinds);
    if (this.#forwardRun !== undefined) {
      await this.#forwardRun.finish(this.#clock);
      this.#takeForwarded(this.#forwardRun);
      addKinds(events, this.#forwardRun.lines.kinds);
    }
    counters[M.kernelDrops] = this.#options.source.counters.dropped;
    this.#reducer.count(counters);
    this.#json.append(writeStats(counters, events, this.#clock));
    await this.#output.write(this.#json.swap());
    await this.#output.flush();
    return { counters, events, from: this.#from, to: this.#clock, learnt: () => this.#reducer.save() };
  }
}
