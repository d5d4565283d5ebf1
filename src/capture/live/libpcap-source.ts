import { assert } from "#base/assert.ts";
import { type Damage, type FrameBlock, FrameFlag, type Source, type SourceCounters } from "#contract/source.ts";
import { addressOf, Waiter } from "#native/libc.ts";
import { PcapCapture, PcapError } from "#native/pcap-live.ts";
import { pcapFailure } from "./filter.ts";
import { captureInterfaces } from "./interfaces.ts";
import { LiveBlock } from "./live-block.ts";
import type { LiveOptions } from "./live-options.ts";

/**
 * Live frames through libpcap: for systems without packet rings (macOS, Windows with Npcap) and interfaces that only
 * libpcap knows (`any`, `usbmon0`). It copies each frame once, into one block; several times slower than the ring.
 * `next` blocks its thread for up to 50 ms.
 */
export class LibpcapSource implements Source {
  readonly kind = "live";
  readonly totalBytes = undefined;
  readonly interfaces: readonly string[];
  readonly damage: Damage[] = [];
  readonly #options: LiveOptions;
  readonly #waiter = new Waiter();
  readonly #memory: ArrayBuffer;
  readonly #address: bigint;
  readonly #counters: SourceCounters = { frames: 0, bytes: 0, dropped: 0, missed: 0, freezes: 0, filtered: 0, damaged: 0 };
  /** Drops of captures that broke; those of the present one come on top. */
  #droppedBefore = 0;
  #capture: PcapCapture | undefined;
  #block: LiveBlock | undefined;
  #lent = false;
  #largest = 0x7fff_ffff;
  #lastTime = 0;
  #tried = 0;
  #started = false;
  #stopped = false;
  /** When it was stopped, microseconds; and that nothing came since. */
  #stopsAt: number | undefined;
  #drained = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.interfaces = [options.interface];
    this.#memory = new ArrayBuffer(BATCH_BYTES + options.snapBytes);
    this.#address = addressOf(new Uint8Array(this.#memory));
  }

  get name(): string {
    return this.#options.interface;
  }

  get readBytes(): number {
    return this.#counters.bytes;
  }

  get counters(): SourceCounters {
    const dropped = this.#capture?.dropped();
    if (dropped !== undefined) this.#counters.dropped = this.#droppedBefore + dropped;
    return this.#counters;
  }

  async start(): Promise<void> {
    try {
      this.#open();
    } catch (error) {
      throw pcapFailure(error, this.name);
    }
    this.#started = true;
  }

  next(): Promise<FrameBlock | undefined> {
    return Promise.resolve(this.take());
  }

  /** As `next`, without a promise. */
  take(): FrameBlock | undefined {
    const block = this.#block;
    assert(!this.#lent, "the block before was not released");
    if (!this.#started || block === undefined) return undefined;
    if (this.#hasStopped) {
      // What came before the stop is handed out, as long as there is any.
      this.#stopsAt ??= Date.now() * 1000;
      if (this.#drained || this.#lastTime > this.#stopsAt || this.#capture === undefined) return undefined;
    }
    block.count = 0;
    block.firstNumber = this.#counters.frames + 1;
    if (this.#capture === undefined) this.#openAgain();
    else this.#fill(this.#capture, block);
    if (block.count === 0) block.clock = Math.max(block.clock, (Date.now() - 2 * this.#options.retireMs - WAIT_MS) * 1000);
    this.#counters.frames += block.count;
    this.#drained = this.#stopsAt !== undefined && block.count === 0;
    this.#lent = true;
    return block;
  }

  get #hasStopped(): boolean {
    const flag = this.#options.stopFlag;
    return this.#stopped || (flag !== undefined && Atomics.load(flag, 0) !== 0);
  }

  release(block: FrameBlock): void {
    assert(this.#lent && block === this.#block, "a block that was not lent");
    this.#lent = false;
  }

  stop(): void {
    this.#stopped = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#close();
  }

  #open(): void {
    const { snapBytes, promiscuous, ringBytes, retireMs, filter } = this.#options;
    const capture = new PcapCapture(this.name, { snapBytes, promiscuous, bufferBytes: ringBytes, retireMs });
    if (filter !== undefined) capture.setFilter(filter);
    const linkType = LINKTYPES.get(capture.link) ?? capture.link;
    const clock = this.#block?.clock ?? 0;
    this.#block = new LiveBlock(this.#memory, FRAMES_MAX, linkType, this.#options.interfaceIndex ?? 0);
    this.#block.clock = clock;
    const mtu = captureInterfaces().find((one) => one.name === this.name)?.mtu ?? 0;
    this.#largest = mtu > 0 && linkType === 1 ? mtu + 22 : 0x7fff_ffff;
    this.#capture = capture;
  }

  /** Copies what is there, up to a block; waits for the first frame. */
  #fill(capture: PcapCapture, block: LiveBlock): void {
    let result = capture.next();
    if (result === 0 && capture.descriptor >= 0) {
      this.#waiter.wait(capture.descriptor, WAIT_MS);
      result = capture.next();
    }
    let at = 0;
    while (result === 1) {
      at = this.#keep(capture, block, at);
      if (block.count === FRAMES_MAX || at >= BATCH_BYTES) return;
      result = capture.next();
    }
    if (result < 0) this.#lose(capture);
  }

  /** Adds the frame that libpcap holds; returns where the next one may go. */
  #keep(capture: PcapCapture, block: LiveBlock, at: number): number {
    const { time, wire } = capture.header;
    const captured = Math.min(capture.header.captured, this.#options.snapBytes);
    capture.copyTo(this.#address + BigInt(at), captured);
    const i = block.count++;
    block.offset[i] = at;
    block.captured[i] = captured;
    block.wire[i] = Math.min(wire, 0x7fff_ffff);
    block.time[i] = time;
    block.flags[i] = (time < this.#lastTime ? FrameFlag.clockBackwards : 0) | (wire > this.#largest ? FrameFlag.merged : 0);
    this.#lastTime = time;
    if (time > block.clock) block.clock = time;
    this.#counters.bytes += captured;
    return (at + captured + 7) & ~7;
  }

  #lose(capture: PcapCapture): void {
    this.#note(`interface ${this.name} went away: ${capture.errorText}; it is tried again every second`);
    this.#droppedBefore = this.counters.dropped;
    this.#close();
    this.#tried = Date.now();
  }

  #openAgain(): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    if (Date.now() - this.#tried < RETRY_MS) return;
    this.#tried = Date.now();
    try {
      this.#open();
      this.#note(`interface ${this.name} is back; its frames in between are missing`);
    } catch (error) {
      // It is tried again: the loss is told already.
      if (!(error instanceof PcapError)) throw error;
    }
  }

  #close(): void {
    this.#capture?.close();
    this.#capture = undefined;
  }

  #note(reason: string): void {
    this.#counters.damaged += 1;
    if (this.damage.length < DAMAGE_MAX) this.damage.push({ offset: 0, reason });
  }
}

/** DLT_ numbers that differ from their LINKTYPE_ on the systems we know: raw IP. */
const LINKTYPES: ReadonlyMap<number, number> = new Map([
  [12, 101],
  [14, 101],
]);
const BATCH_BYTES = 1_048_576;
const FRAMES_MAX = 2048;
const WAIT_MS = 50;
const RETRY_MS = 1000;
const DAMAGE_MAX = 100;
