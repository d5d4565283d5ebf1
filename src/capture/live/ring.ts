import { FrameFlag } from "#contract/source.ts";
import { SharedMapping } from "#native/libc.ts";
import type { DuplicateFinder } from "./duplicates.ts";
import { type LinkFacts, startsAtNetwork } from "./link-types.ts";
import { LiveBlock } from "./live-block.ts";

/**
 * A TPACKET_V3 ring as the kernel fills it (linux/if_packet.h), read in place:
 *
 *   ring     | block 0 | block 1 | … |      the kernel fills one block after the other
 *   block    | header 48 B | frame | frame | … |
 *   frame    | tpacket3_hdr 48 B | sockaddr_ll 20 B | … | link header | network header …
 *                                                         ^ mac         ^ net
 *
 * A block whose status is USER is ours; storing KERNEL gives it back. One JavaScript view stands over the whole ring
 * for its life; nothing is copied.
 */
const Block = { status: 2, frames: 3, firstFrame: 4, headerBytes: 48 } as const;
/** In 32-bit words from the frame header, but for the ones that say otherwise. */
const Frame = {
  next: 0,
  seconds: 1,
  nanoseconds: 2,
  captured: 3,
  wire: 4,
  status: 5,
  vlanTci: 8,
  macHalf: 12,
  netHalf: 13,
  tpidHalf: 18,
  packetTypeByte: 58,
} as const;
const Status = { kernel: 0, user: 1, checksumNotReady: 8, vlanValid: 16, vlanTpidValid: 64, checksumValid: 128, mergedTcp: 256 } as const;
const PACKET_OUTGOING = 4;
/** tpacket3_hdr, sockaddr_ll and 8 bytes of alignment: no frame is smaller. */
const FRAME_BYTES_MIN = 72;

export interface RingShape {
  readonly blockBytes: number;
  readonly blocks: number;
  readonly link: LinkFacts;
  readonly interfaceIndex: number;
  /** Overwrite given-back blocks with 0xDB, so that whoever reads one is found out (tests). */
  readonly overwriteReleased: boolean;
}

export class Ring {
  readonly block: LiveBlock;
  /** Frames larger than this were merged by the kernel. */
  frameBytesMax = 0x7fff_ffff;
  readonly #mapping: SharedMapping;
  readonly #words: Int32Array;
  readonly #seconds: Uint32Array;
  readonly #halves: Uint16Array;
  readonly #shape: RingShape;
  readonly #fromNetwork: boolean;
  readonly #duplicates: DuplicateFinder | undefined;
  #current = 0;
  #lastTime = 0;

  constructor(fd: number, shape: RingShape, duplicates: DuplicateFinder | undefined) {
    this.#shape = shape;
    this.#mapping = new SharedMapping(fd, shape.blockBytes * shape.blocks);
    this.#words = new Int32Array(this.#mapping.buffer);
    this.#seconds = new Uint32Array(this.#mapping.buffer);
    this.#halves = new Uint16Array(this.#mapping.buffer);
    this.#fromNetwork = startsAtNetwork(shape.link);
    this.#duplicates = duplicates;
    this.block = new LiveBlock(
      this.#mapping.buffer,
      Math.ceil(shape.blockBytes / FRAME_BYTES_MIN),
      shape.link.linkType,
      shape.interfaceIndex,
    );
  }

  /** True when the kernel has handed over the block that is next. */
  get ready(): boolean {
    return (Atomics.load(this.#words, this.#blockWord + Block.status) & Status.user) !== 0;
  }

  get #blockWord(): number {
    return (this.#current * this.#shape.blockBytes) >>> 2;
  }

  /** Lets `block` stand for the ring block that is ready. Returns the captured bytes of all its frames. */
  fill(firstNumber: number): number {
    const base = this.#current * this.#shape.blockBytes;
    const count = this.#words[(base >>> 2) + Block.frames] as number;
    const block = this.block;
    block.count = count;
    block.firstNumber = firstNumber;
    const bytes = this.#walk(base + (this.#words[(base >>> 2) + Block.firstFrame] as number), count);
    if (this.#duplicates !== undefined) markDuplicates(block, this.#duplicates);
    return bytes;
  }

  /** The hot loop: frame headers to columns. */
  #walk(first: number, count: number): number {
    const { offset, captured, wire, time, vlan, flags, bytes } = this.block;
    const words = this.#words;
    const halves = this.#halves;
    const largest = this.frameBytesMax;
    const fromNetwork = this.#fromNetwork;
    let clock = this.block.clock;
    let last = this.#lastTime;
    let total = 0;
    let at = first;
    for (let i = 0; i < count; i++) {
      const word = at >>> 2;
      const half = at >>> 1;
      const status = words[word + Frame.status] as number;
      const present = words[word + Frame.captured] as number;
      const length = words[word + Frame.wire] as number;
      const mac = halves[half + Frame.macHalf] as number;
      const skip = fromNetwork ? Math.min((halves[half + Frame.netHalf] as number) - mac, present) : 0;
      const now = (this.#seconds[word + Frame.seconds] as number) * 1_000_000 + (((words[word + Frame.nanoseconds] as number) / 1000) | 0);
      offset[i] = at + mac + skip;
      captured[i] = present - skip;
      wire[i] = length - skip;
      time[i] = now;
      vlan[i] =
        (status & Status.vlanValid) === 0
          ? 0
          : vlanTag(status, words[word + Frame.vlanTci] as number, halves[half + Frame.tpidHalf] as number);
      let flag = now < last ? FrameFlag.clockBackwards : 0;
      if ((status & Status.checksumNotReady) !== 0) flag |= FrameFlag.checksumUnfinished;
      if ((status & Status.checksumValid) !== 0) flag |= FrameFlag.checksumVerified;
      if (length > largest || (status & Status.mergedTcp) !== 0) flag |= FrameFlag.merged;
      if (bytes[at + Frame.packetTypeByte] === PACKET_OUTGOING) flag |= FrameFlag.outgoing;
      flags[i] = flag;
      total += present - skip;
      last = now;
      if (now > clock) clock = now;
      at += words[word + Frame.next] as number;
    }
    this.#lastTime = last;
    this.block.clock = clock;
    return total;
  }

  /** Gives the block that `fill` took back to the kernel. */
  giveBack(): void {
    const at = this.#blockWord;
    if (this.#shape.overwriteReleased) this.block.bytes.fill(0xdb, at * 4 + Block.headerBytes, at * 4 + this.#shape.blockBytes);
    Atomics.store(this.#words, at + Block.status, Status.kernel);
    this.#current = (this.#current + 1) % this.#shape.blocks;
  }

  /** An empty block at the capture time `clock`. */
  empty(firstNumber: number, clock: number): LiveBlock {
    this.block.count = 0;
    this.block.firstNumber = firstNumber;
    if (clock > this.block.clock) this.block.clock = clock;
    return this.block;
  }

  /** The ring is not read any more. */
  close(): void {
    this.block.detach();
    this.#mapping.replace();
  }
}

const ETHERTYPE_VLAN = 0x8100;

const vlanTag = (status: number, tci: number, tpid: number): number =>
  (((status & Status.vlanTpidValid) === 0 ? ETHERTYPE_VLAN : tpid) << 16) | (tci & 0xffff);

function markDuplicates(block: LiveBlock, finder: DuplicateFinder): void {
  const { view, offset, captured, wire, time, flags } = block;
  for (let i = 0; i < block.count; i++) {
    const flag = flags[i] as number;
    const outgoing = (flag & FrameFlag.outgoing) !== 0;
    if (finder.isDuplicate(view, offset[i] as number, captured[i] as number, wire[i] as number, outgoing, time[i] as number)) {
      flags[i] = flag | FrameFlag.duplicate;
    }
  }
}
