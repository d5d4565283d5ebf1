import { assert } from "#base/assert.ts";
import type { BlockPool, Damage, FrameBlock, Source, SourceCounters } from "#contract/source.ts";
import { actors } from "./actors/list.ts";
import { Playback, roundSeconds } from "./playback.ts";

export interface ScenarioOptions {
  readonly seed: number;
  readonly pool: BlockPool;
  /** Goes on for ever; each round is new. */
  readonly repeat?: boolean;
  /** Length when it does not repeat, seconds; 300 by default. */
  readonly seconds?: number;
  /** Packet time of the beginning, µs; fixed by default, so that a seed always gives the same bytes. */
  readonly startTime?: number;
  /** Names of those who take part; all by default. */
  readonly actors?: readonly string[];
}

const ETHERNET = 1;
/** Packet time that a block spans at most, µs: a paced reader gets its first packets at once. */
const SLICE = 500_000;

/** Made-up traffic of an office under attack. The same seed gives the same frames, whatever the blocks' size. */
export class ScenarioSource implements Source {
  readonly kind = "scenario";
  readonly name: string;
  readonly interfaces: readonly string[] = ["scenario"];
  readonly totalBytes = undefined;
  readonly counters: SourceCounters = { frames: 0, bytes: 0, dropped: 0, missed: 0, freezes: 0, filtered: 0, damaged: 0 };
  readonly damage: readonly Damage[] = [];
  readonly #pool: BlockPool;
  readonly #playback: Playback;
  readonly #end: number;
  /** Frames of the playback's buffer that are in a block already. */
  #taken = 0;
  #stopped = false;

  constructor(options: ScenarioOptions) {
    this.name = `scenario ${options.seed}`;
    this.#pool = options.pool;
    const { seed, startTime, actors: names } = options;
    this.#playback = new Playback({
      seed,
      ...(startTime === undefined ? {} : { startTime }),
      ...(names === undefined ? {} : { actors: actors.filter(({ name }) => names.includes(name)) }),
    });
    const seconds = options.repeat === true ? Number.POSITIVE_INFINITY : (options.seconds ?? roundSeconds);
    this.#end = this.#playback.scheduler.nextTime + seconds * 1e6;
  }

  get readBytes(): number {
    return this.counters.bytes;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async next(): Promise<FrameBlock | undefined> {
    if (this.#ended) return undefined;
    const block = await this.#pool.take();
    block.firstNumber = this.counters.frames + 1;
    this.#fill(block);
    if (block.count > 0) {
      block.clock = block.time[block.count - 1] as number;
      return block;
    }
    this.#pool.release(block);
    return undefined;
  }

  release(block: FrameBlock): void {
    this.#pool.release(block);
  }

  stop(): void {
    this.#stopped = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
  }

  get #ended(): boolean {
    const { frames, scheduler } = this.#playback;
    return this.#stopped || (this.#taken >= frames.count && scheduler.nextTime >= this.#end);
  }

  #fill(block: FrameBlock): void {
    const { frames, scheduler } = this.#playback;
    const framesMax = block.offset.length;
    let used = 0;
    let limit = Number.POSITIVE_INFINITY;
    block.count = 0;
    for (;;) {
      while (this.#taken < frames.count) {
        const length = frames.length[this.#taken] as number;
        if (block.count === framesMax || used + length > block.bytes.length) {
          assert(block.count > 0, "a block has room for a frame");
          return;
        }
        this.#copy(block, used, length);
        used += length;
        limit = Math.min(limit, scheduler.now + SLICE);
      }
      frames.clear();
      this.#taken = 0;
      if (scheduler.nextTime >= this.#end || scheduler.nextTime >= limit) return;
      scheduler.step();
    }
  }

  #copy(block: FrameBlock, at: number, length: number): void {
    const { frames, scheduler } = this.#playback;
    const start = frames.start[this.#taken++] as number;
    const row = block.count++;
    block.bytes.set(frames.bytes.subarray(start, start + length), at);
    block.offset[row] = at;
    block.captured[row] = length;
    block.wire[row] = length;
    block.time[row] = scheduler.now;
    block.linkType[row] = ETHERNET;
    block.vlan[row] = 0;
    block.flags[row] = 0;
    block.interfaceIndex[row] = 0;
    this.counters.frames++;
    this.counters.bytes += length;
  }
}
