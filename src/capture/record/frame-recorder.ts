import { join } from "node:path";
import type { PacketPlace, PacketRecorder } from "#contract/recorder.ts";
import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import { type ChunkHead, ChunkRing } from "./chunk-ring.ts";
import { RECORD_BYTES, recordingName } from "./recording-file.ts";
import { type RecordingLimits, RecordingPlan } from "./recording-plan.ts";

const ETHERNET = 1;
/** Bytes of an Ethernet header before its type, where a VLAN tag stands. */
const ADDRESSES_BYTES = 12;
const TAG_BYTES = 4;

/** What crosses to the threads of a recording. */
export interface RecordingSetup extends RecordingLimits {
  readonly directory: string;
  /** Bytes of each frame that are kept. */
  readonly snapBytes: number;
  readonly plan: SharedArrayBuffer;
}

/**
 * Puts the frames of a thread's blocks into the ring to the recording thread, as records of a pcap file. A block is
 * recorded whole or not at all, so that the numbers in the file are known before it is written.
 */
export class FrameRecorder implements PacketRecorder {
  readonly #counts = { recorded: 0, behind: 0, failed: 0 };
  readonly #setup: RecordingSetup;
  readonly #plan: RecordingPlan;
  readonly #ring: ChunkRing;
  readonly #target: Buffer;
  /** True for the one recorder that tells what the writer has lost. */
  readonly #isFirst: boolean;
  readonly #reservation = { series: 0, ticket: 0, start: 0, first: 0 };
  readonly #head: ChunkHead = { bytes: 0, frames: 0, series: 0, ticket: 0, linkType: 0, start: 0 };
  /** By frame of the block taken last: its number in the file, 0 for none. */
  #numbers = new Int32Array(1024);
  #firstNumber = 0;
  #count = 0;
  #path = "";
  #pathStart = -1;
  #pathLink = -1;

  constructor(setup: RecordingSetup, ring: SharedArrayBuffer, isFirst: boolean) {
    this.#setup = setup;
    this.#plan = new RecordingPlan(setup.plan, setup);
    this.#ring = new ChunkRing(ring);
    const { bytes } = this.#ring;
    this.#target = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#isFirst = isFirst;
  }

  get counts(): PacketRecorder["counts"] {
    if (!this.#isFirst) return this.#counts;
    const { recorded, behind, failed } = this.#counts;
    const { lost } = this.#plan;
    return { recorded: recorded - lost, behind, failed: failed + lost };
  }

  record(block: FrameBlock): void {
    this.#firstNumber = block.firstNumber;
    this.#count = block.count;
    if (this.#numbers.length < block.count) this.#numbers = new Int32Array(block.count * 2);
    else this.#numbers.fill(0, 0, block.count);
    const { frames, bytes } = this.#measure(block);
    if (frames === 0) return;
    if (this.#plan.hasFailed) {
      this.#counts.failed += frames;
      return;
    }
    const at = this.#ring.claim(bytes);
    if (at < 0) {
      this.#counts.behind += frames;
      return;
    }
    const linkType = block.linkType[0] as number;
    const reservation = this.#reservation;
    if (!this.#plan.reserve(linkType, block.time[0] as number, frames, bytes, reservation)) {
      this.#counts.failed += frames;
      return;
    }
    this.#write(block, at, reservation.first);
    const head = this.#head;
    head.bytes = bytes;
    head.frames = frames;
    head.series = reservation.series;
    head.ticket = reservation.ticket;
    head.linkType = linkType;
    head.start = reservation.start;
    this.#ring.publish(head);
    this.#plan.tell();
    this.#counts.recorded += frames;
  }

  place(number: number): PacketPlace | undefined {
    const frame = number - this.#firstNumber;
    const place = frame >= 0 && frame < this.#count ? (this.#numbers[frame] as number) : 0;
    if (place === 0) return undefined;
    const { start } = this.#reservation;
    const { linkType } = this.#head;
    if (start !== this.#pathStart || linkType !== this.#pathLink) {
      this.#path = join(this.#setup.directory, recordingName(start, linkType));
      this.#pathStart = start;
      this.#pathLink = linkType;
    }
    return { file: this.#path, number: place };
  }

  /** Frames of the block that are recorded, and the bytes of their records. A live block has one link type. */
  #measure({ count, captured, flags, vlan, linkType }: FrameBlock): { frames: number; bytes: number } {
    const { snapBytes } = this.#setup;
    let frames = 0;
    let bytes = 0;
    for (let i = 0; i < count; i++) {
      if (!isWanted(flags[i] as number, linkType, i)) continue;
      const tag = hasTag(vlan[i] as number, captured[i] as number, linkType[i] as number) ? TAG_BYTES : 0;
      frames++;
      bytes += RECORD_BYTES + Math.min((captured[i] as number) + tag, snapBytes);
    }
    return { frames, bytes };
  }

  #write(block: FrameBlock, from: number, first: number): void {
    const { count, offset, captured, wire, time, vlan, flags, linkType } = block;
    const { snapBytes } = this.#setup;
    const { view } = this.#ring;
    const target = this.#target;
    const source = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.length);
    const numbers = this.#numbers;
    let at = from;
    let number = first;
    for (let i = 0; i < count; i++) {
      if (!isWanted(flags[i] as number, linkType, i)) continue;
      const present = captured[i] as number;
      const tag = hasTag(vlan[i] as number, present, linkType[i] as number) ? TAG_BYTES : 0;
      const kept = Math.min(present + tag, snapBytes);
      const seconds = Math.floor((time[i] as number) / 1_000_000);
      view.setUint32(at, seconds, true);
      view.setUint32(at + 4, (time[i] as number) - seconds * 1_000_000, true);
      view.setUint32(at + 8, kept, true);
      view.setUint32(at + 12, (wire[i] as number) + tag, true);
      at += RECORD_BYTES;
      const begin = offset[i] as number;
      if (tag === 0) source.copy(target, at, begin, begin + kept);
      else {
        source.copy(target, at, begin, begin + ADDRESSES_BYTES);
        view.setUint32(at + ADDRESSES_BYTES, vlan[i] as number);
        source.copy(target, at + ADDRESSES_BYTES + TAG_BYTES, begin + ADDRESSES_BYTES, begin + kept - TAG_BYTES);
      }
      at += kept;
      numbers[i] = number++;
    }
  }
}

/** Seen before, or of another link type than the block: neither is recorded. */
const isWanted = (flags: number, linkType: Uint16Array, frame: number): boolean =>
  (flags & FrameFlag.duplicate) === 0 && linkType[frame] === linkType[0];

/** The kernel took a tag off an Ethernet frame, and there is a place for it. */
const hasTag = (vlan: number, captured: number, linkType: number): boolean =>
  vlan !== 0 && linkType === ETHERNET && captured >= ADDRESSES_BYTES;
