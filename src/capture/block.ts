import { assert } from "#base/assert.ts";
import type { BlockPool, FrameBlock } from "#contract/source.ts";

export interface FrameBlockLayout {
  /** Bytes for the frames. File sources cut frames that do not fit: 327,680 and more hold every frame up to 256 KiB. */
  readonly bytesMax: number;
  /** Frames that the columns have room for. */
  readonly framesMax: number;
}

export interface FrameBlockOptions extends FrameBlockLayout {
  /** True puts the block into a `SharedArrayBuffer`, so that other threads can attach to it. */
  readonly shared: boolean;
}

/** A block of its own memory. */
export function createFrameBlock(options: FrameBlockOptions): FrameBlockMemory {
  const size = layoutBytes(options);
  return new FrameBlockMemory(options.shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size), options);
}

/** The same block as another thread's: `buffer` and `layout` are those that it was made with. */
export function attachFrameBlock(buffer: SharedArrayBuffer, layout: FrameBlockLayout): FrameBlockMemory {
  return new FrameBlockMemory(buffer, layout);
}

const COUNT = 0;
const FIRST_NUMBER = 1;
const CLOCK = 2;
const HEADER_BYTES = 64;
/** Time, four columns of 32 bits, the link type, three columns of 8 bits. */
const COLUMN_BYTES = 8 + 4 * 4 + 2 + 3;
const PAGE = 4096;

const columnsEnd = (framesMax: number): number => Math.ceil((HEADER_BYTES + framesMax * COLUMN_BYTES) / PAGE) * PAGE;
const layoutBytes = (layout: FrameBlockLayout): number => columnsEnd(layout.framesMax) + layout.bytesMax;

/**
 * Header, columns and frames in one buffer, widest columns first so that each is aligned:
 *
 *   [count, firstNumber, clock][time][offset][captured][wire][vlan][linkType][flags][interface][partition] … [bytes]
 *
 * One class for plain and shared memory keeps the shape that hot readers see the same.
 */
export class FrameBlockMemory implements FrameBlock {
  readonly buffer: ArrayBufferLike;
  readonly layout: FrameBlockLayout;
  readonly header: Float64Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly time: Float64Array;
  readonly offset: Int32Array;
  readonly captured: Int32Array;
  readonly wire: Int32Array;
  readonly vlan: Uint32Array;
  readonly linkType: Uint16Array;
  readonly flags: Uint8Array;
  readonly interfaceIndex: Uint8Array;
  readonly partition: Uint8Array;
  secrets: string | undefined = undefined;

  constructor(buffer: ArrayBufferLike, layout: FrameBlockLayout) {
    assert(buffer.byteLength === layoutBytes(layout), "a block's buffer has the size of its layout");
    const { bytesMax, framesMax } = layout;
    let at = HEADER_BYTES;
    const next = (width: number): number => {
      const from = at;
      at += width * framesMax;
      return from;
    };
    this.buffer = buffer;
    this.layout = { bytesMax, framesMax };
    this.header = new Float64Array(buffer, 0, HEADER_BYTES / 8);
    this.time = new Float64Array(buffer, next(8), framesMax);
    this.offset = new Int32Array(buffer, next(4), framesMax);
    this.captured = new Int32Array(buffer, next(4), framesMax);
    this.wire = new Int32Array(buffer, next(4), framesMax);
    this.vlan = new Uint32Array(buffer, next(4), framesMax);
    this.linkType = new Uint16Array(buffer, next(2), framesMax);
    this.flags = new Uint8Array(buffer, next(1), framesMax);
    this.interfaceIndex = new Uint8Array(buffer, next(1), framesMax);
    this.partition = new Uint8Array(buffer, next(1), framesMax);
    this.bytes = new Uint8Array(buffer, columnsEnd(framesMax), bytesMax);
    this.view = new DataView(buffer, columnsEnd(framesMax), bytesMax);
  }

  get count(): number {
    return this.header[COUNT] as number;
  }
  set count(value: number) {
    this.header[COUNT] = value;
  }

  get firstNumber(): number {
    return this.header[FIRST_NUMBER] as number;
  }
  set firstNumber(value: number) {
    this.header[FIRST_NUMBER] = value;
  }

  get clock(): number {
    return this.header[CLOCK] as number;
  }
  set clock(value: number) {
    this.header[CLOCK] = value;
  }

  /** Makes every view that somebody kept on this block visibly wrong. */
  poison(): void {
    new Uint8Array(this.buffer).fill(POISON);
    this.count = 0;
  }
}

/** The byte that a released block is filled with in tests. */
export const POISON = 0xdb;

export interface BlockPoolOptions extends FrameBlockOptions {
  /** Blocks in the pool; all are allocated at once. */
  readonly blocks: number;
  /** True overwrites what is released, so that a test sees who kept a view on it. */
  readonly poison?: boolean;
}

/** A fixed number of blocks; whoever takes one when all are lent waits in line. */
export class BlockPoolMemory implements BlockPool {
  readonly blocks: readonly FrameBlockMemory[];
  readonly #free: FrameBlockMemory[];
  readonly #waiting: ((block: FrameBlockMemory) => void)[] = [];
  readonly #poison: boolean;

  constructor(options: BlockPoolOptions) {
    assert(options.blocks >= 1, "a pool has a block");
    this.blocks = Array.from({ length: options.blocks }, () => createFrameBlock(options));
    this.#free = this.blocks.toReversed();
    this.#poison = options.poison ?? false;
  }

  /** Blocks that nobody holds. */
  get free(): number {
    return this.#free.length;
  }

  take(): Promise<FrameBlockMemory> {
    const block = this.#free.pop();
    if (block !== undefined) return Promise.resolve(block);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(block: FrameBlock): void {
    assert(block instanceof FrameBlockMemory && this.blocks.includes(block), "a block returns to the pool that it came from");
    assert(!this.#free.includes(block), "a block is released once");
    if (this.#poison) block.poison();
    const next = this.#waiting.shift();
    if (next !== undefined) next(block);
    // The warm block comes next; an overwritten one last, so that it stays so for as long as it can.
    else if (this.#poison) this.#free.unshift(block);
    else this.#free.push(block);
  }
}
