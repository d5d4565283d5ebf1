import { setImmediate } from "node:timers/promises";
import { assert } from "#base/assert.ts";
import type { FrameBlock } from "#contract/source.ts";
import { type ByteInput, readFully } from "./input.ts";
import type { Ledger } from "./ledger.ts";
import { Outcome, RECORD_ROOM, type RecordWalker } from "./walker.ts";

const CUT = "the file ends in the middle of a record";

/**
 * Fills blocks with the frames of one file. The input's bytes go straight into the block's memory; the record that is
 * cut at the block's end is kept aside and begins the next block. A block always takes as many bytes as it has room
 * for, so that blocks are cut at the same frames however the input comes.
 */
export class CaptureFile {
  readonly #input: ByteInput;
  readonly #walker: RecordWalker;
  readonly #ledger: Ledger;
  /** Bytes behind the last block's frames: they were read, but belong to the next block. */
  #carry: Uint8Array = new Uint8Array(0);
  #carried = 0;
  /** Offset in the file (decompressed) of the next block's first byte. */
  #base: number;
  /** Bytes of the input that belong to a record that is not wanted. */
  #skip = 0;
  /** Offset of the damage behind which records are searched; -1 while there is none. */
  #lostAt = -1;
  #lostReason = "";
  #inputEnded = false;
  #ended = false;
  #stopped = false;

  /** `offset` is the input's position in the file: behind the file header. */
  constructor(input: ByteInput, walker: RecordWalker, ledger: Ledger, offset: number) {
    this.#input = input;
    this.#walker = walker;
    this.#ledger = ledger;
    this.#base = offset;
  }

  /** Fills the block with the next frames; false when the file has no more. */
  async fill(block: FrameBlock): Promise<boolean> {
    assert(block.bytes.length >= 2 * RECORD_ROOM, "a block holds a record");
    block.count = 0;
    block.secrets = undefined;
    let have = this.#takeCarry(block);
    while (!this.#ended) {
      have += await this.#read(block, have);
      const at = Math.min(this.#walk(block, have), have);
      if (this.#inputEnded && this.#walker.outcome !== Outcome.full) this.#end(at);
      if (block.count > 0) {
        this.#keep(block, at, have);
        return true;
      }
      block.bytes.copyWithin(0, at, have);
      this.#base += at;
      have -= at;
      // Signals and timers get their turn although nothing was found.
      await setImmediate();
    }
    return false;
  }

  close(): Promise<void> {
    return this.#input.close();
  }

  /** Ends the input early, also while `fill` waits for it; what was read so far is still given out. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.close();
  }

  /** Walks what is there, around damage, until more bytes or another block are needed. */
  #walk(block: FrameBlock, have: number): number {
    const walker = this.#walker;
    walker.base = this.#base;
    let at = 0;
    for (;;) {
      if (this.#lostAt >= 0) {
        at = walker.search(block, at, have, this.#inputEnded);
        if (!walker.found) return at;
        const reason = this.#lostReason === CUT ? "a record goes beyond the end of the file" : this.#lostReason;
        this.#report(`${reason}; ${this.#base + at - this.#lostAt} bytes were skipped`);
      }
      at = walker.walk(block, at, have);
      if (at > have) this.#skip = at - have;
      const reason = this.#stuck(block, at, have) ?? (walker.outcome === Outcome.damaged ? walker.reason : undefined);
      if (reason === undefined) return at;
      this.#lostAt = this.#base + at;
      this.#lostReason = reason;
      at++;
    }
  }

  /** Why a record that waits for more bytes would wait for ever. */
  #stuck(block: FrameBlock, at: number, have: number): string | undefined {
    if (this.#walker.outcome !== Outcome.more) return undefined;
    if (this.#inputEnded && at < have) return CUT;
    return at === 0 && have === block.bytes.length ? "a record is larger than a block" : undefined;
  }

  #report(reason: string): void {
    this.#ledger.report(this.#lostAt, reason);
    this.#lostAt = -1;
  }

  /** Nothing follows: says what is left over. */
  #end(at: number): void {
    this.#ended = true;
    if (this.#stopped) return;
    const trouble = this.#input.trouble;
    if (this.#lostAt >= 0 && this.#lostReason !== CUT) this.#report(`${this.#lostReason}; no record was found behind it`);
    else if (trouble === undefined && (this.#lostAt >= 0 || this.#skip > 0))
      this.#ledger.report(this.#lostAt >= 0 ? this.#lostAt : this.#base + at, CUT);
    if (trouble !== undefined) this.#ledger.report(this.#base + at, trouble);
  }

  /** Fills the block's free bytes, after skipping what is not wanted. */
  async #read(block: FrameBlock, have: number): Promise<number> {
    const room = block.bytes.length - have;
    while (this.#skip > 0 && !this.#inputEnded) {
      const got = await this.#input.read(block.bytes, have, Math.min(room, this.#skip));
      if (got === 0) this.#inputEnded = true;
      this.#skip -= got;
      this.#base += got;
    }
    if (this.#inputEnded) return 0;
    const got = await readFully(this.#input, block.bytes, have, room);
    if (got < room) this.#inputEnded = true;
    return got;
  }

  #keep(block: FrameBlock, from: number, to: number): void {
    this.#base += from;
    this.#carried = to - from;
    if (this.#carry.length < this.#carried) this.#carry = new Uint8Array(block.bytes.length);
    this.#carry.set(block.bytes.subarray(from, to));
  }

  #takeCarry(block: FrameBlock): number {
    const carried = this.#carried;
    block.bytes.set(this.#carry.subarray(0, carried));
    this.#carried = 0;
    return carried;
  }
}
