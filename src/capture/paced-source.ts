import { setTimeout as sleep } from "node:timers/promises";
import type { Damage, FrameBlock, Source, SourceCounters } from "#contract/source.ts";
import { createFrameBlock, type FrameBlockMemory } from "./block.ts";

/** Longest time without a block: clocks move at least this often, milliseconds. */
const waitMs = 50;
const bytesMax = 1 << 19;
const framesMax = 2048;

/**
 * A recording at its own pace, or faster: frames come out when their time has come. The frames that are due are copied
 * into a block of its own, since the blocks of a file hold minutes of a quiet capture.
 */
export class PacedSource implements Source {
  readonly #inner: Source;
  readonly #speed: number;
  readonly #block: FrameBlockMemory = createFrameBlock({ bytesMax, framesMax, shared: false });
  #current: FrameBlock | undefined;
  #place = 0;
  #startTime = 0;
  #startWall = 0;
  #number = 1;
  #clock = 0;
  #stopped = false;

  /** `speed` is packet time per wall time: 1 for as recorded. */
  constructor(inner: Source, speed: number) {
    this.#inner = inner;
    this.#speed = speed;
  }

  get name(): string {
    return this.#inner.name;
  }
  get kind(): Source["kind"] {
    return this.#inner.kind;
  }
  get interfaces(): readonly string[] {
    return this.#inner.interfaces;
  }
  get totalBytes(): number | undefined {
    return this.#inner.totalBytes;
  }
  get readBytes(): number {
    return this.#inner.readBytes;
  }
  get counters(): SourceCounters {
    return this.#inner.counters;
  }
  get damage(): readonly Damage[] {
    return this.#inner.damage;
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  async next(): Promise<FrameBlock | undefined> {
    const block = this.#block;
    block.count = 0;
    block.secrets = undefined;
    block.firstNumber = this.#number;
    if (!(await this.#fetch()) || this.#stopped) return undefined;
    let now = this.#now();
    const due = this.#current?.time[this.#place] as number;
    if (due > now) {
      await sleep(Math.min(waitMs, (due - now) / 1000 / this.#speed));
      now = this.#now();
    }
    this.#copyDue(now);
    this.#clock = Math.max(this.#clock, now);
    block.clock = this.#clock;
    this.#number += block.count;
    return block;
  }

  release(): void {
    this.#block.count = 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#inner.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]();
  }

  #now(): number {
    return Math.floor(this.#startTime + (performance.now() - this.#startWall) * 1000 * this.#speed);
  }

  /** Makes sure that there is a frame to come; false at the end. */
  async #fetch(): Promise<boolean> {
    while (this.#current === undefined || this.#place >= this.#current.count) {
      if (this.#current !== undefined) this.#inner.release(this.#current);
      this.#current = await this.#inner.next();
      this.#place = 0;
      if (this.#current === undefined) return false;
      this.#block.secrets = this.#current.secrets;
      if (this.#startWall === 0 && this.#current.count > 0) {
        this.#startWall = performance.now();
        this.#startTime = this.#current.time[0] as number;
      }
    }
    return true;
  }

  #copyDue(now: number): void {
    const from = this.#current as FrameBlock;
    const to = this.#block;
    let at = 0;
    while (this.#place < from.count && to.count < framesMax) {
      const i = this.#place;
      const captured = from.captured[i] as number;
      if ((from.time[i] as number) > now || at + captured > bytesMax) return;
      const offset = from.offset[i] as number;
      const row = to.count;
      to.bytes.set(from.bytes.subarray(offset, offset + captured), at);
      to.offset[row] = at;
      to.captured[row] = captured;
      to.wire[row] = from.wire[i] as number;
      to.time[row] = from.time[i] as number;
      to.linkType[row] = from.linkType[i] as number;
      to.vlan[row] = from.vlan[i] as number;
      to.flags[row] = from.flags[i] as number;
      to.interfaceIndex[row] = from.interfaceIndex[i] as number;
      to.count = row + 1;
      at += captured;
      this.#place++;
    }
  }
}
