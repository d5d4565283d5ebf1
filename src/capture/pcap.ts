import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import type { Ledger } from "./ledger.ts";
import { FRAME_BYTES_MAX, frameRoom, MICROS_PER_DAY, normalLinkType, Outcome, RECORD_BYTES_MAX, type RecordWalker } from "./walker.ts";

// draft-ietf-opsawg-pcap: file header, then records of header and frame.
const SNAP_LENGTH = 16;
const LINK_TYPE = 20;
export const PCAP_HEADER_BYTES = 24;

const SECONDS = 0;
const FRACTION = 4;
const CAPTURED = 8;
const WIRE = 12;
const PACKET_TYPE = 22;
const RECORD_BYTES = 16;
/** Kuznetzov's format adds interface, protocol and packet type to each record. */
const MODIFIED_RECORD_BYTES = 24;
const PACKET_OUTGOING = 4;

const MAGIC_MICROS = 0xa1b2c3d4;
const MAGIC_NANOS = 0xa1b23c4d;
const MAGIC_MODIFIED = 0xa1b2cd34;
/** Records that have to hang together before a place behind damage is believed. */
const CHAIN_RECORDS = 3;

const isMagic = (word: number): boolean => word === MAGIC_MICROS || word === MAGIC_NANOS || word === MAGIC_MODIFIED;

/** True when a file that begins like this is pcap, whatever its byte order and precision. */
export function isPcap(head: DataView): boolean {
  return head.byteLength >= 4 && (isMagic(head.getUint32(0, true)) || isMagic(head.getUint32(0)));
}

/** Reads pcap records; `head` is the file's header (`PCAP_HEADER_BYTES`, checked with `isPcap`). */
export class PcapWalker implements RecordWalker {
  outcome: Outcome = Outcome.more;
  reason = "";
  base = 0;
  found = false;
  readonly #ledger: Ledger;
  readonly #little: boolean;
  readonly #headerBytes: number;
  /** Units of the fraction in a second. */
  readonly #perSecond: number;
  readonly #linkType: number;
  readonly #interface: number;
  /** Longer frames are looked at twice. */
  readonly #usualBytes: number;
  /** Longer frames are damage. */
  readonly #bytesMax: number;

  constructor(head: DataView, ledger: Ledger) {
    this.#ledger = ledger;
    this.#little = isMagic(head.getUint32(0, true));
    const magic = head.getUint32(0, this.#little);
    this.#headerBytes = magic === MAGIC_MODIFIED ? MODIFIED_RECORD_BYTES : RECORD_BYTES;
    this.#perSecond = magic === MAGIC_NANOS ? 1_000_000_000 : 1_000_000;
    this.#linkType = normalLinkType(head.getUint32(LINK_TYPE, this.#little));
    const snapLength = head.getUint32(SNAP_LENGTH, this.#little);
    // Zero and absurd values are written by programs that mean "no limit".
    this.#usualBytes = snapLength > 0 && snapLength < FRAME_BYTES_MAX ? snapLength : FRAME_BYTES_MAX;
    this.#bytesMax = Math.min(Math.max(snapLength, FRAME_BYTES_MAX), RECORD_BYTES_MAX);
    this.#interface = ledger.interfaceIndex("");
  }

  walk(block: FrameBlock, from: number, to: number): number {
    const { view, offset, captured: capturedColumn, wire: wireColumn, time: timeColumn, flags } = block;
    const little = this.#little;
    const headerBytes = this.#headerBytes;
    const nanos = this.#perSecond !== 1_000_000;
    const usualBytes = Math.min(this.#usualBytes, frameRoom(block.bytes.length));
    const framesMax = offset.length;
    const first = block.count;
    let count = first;
    let at = from;
    let last = this.#ledger.lastTime;
    this.outcome = Outcome.more;
    while (at + headerBytes <= to) {
      if (count === framesMax) {
        this.outcome = Outcome.full;
        break;
      }
      const fraction = view.getUint32(at + FRACTION, little);
      const time = view.getUint32(at + SECONDS, little) * 1_000_000 + (nanos ? Math.floor(fraction / 1000) : fraction);
      let captured = view.getUint32(at + CAPTURED, little);
      let wire = view.getUint32(at + WIRE, little);
      const end = at + headerBytes + captured;
      if (captured > usualBytes || wire < captured || time > last + MICROS_PER_DAY || time < last - MICROS_PER_DAY) {
        if (!this.#believable(view, at, to, last)) {
          this.outcome = Outcome.damaged;
          break;
        }
        const room = frameRoom(block.bytes.length);
        if (wire < captured) wire = captured;
        if (captured > room) {
          if (at + headerBytes + room > to) break;
          this.#ledger.report(this.base + at, `a frame of ${captured} bytes was cut to ${room}`);
          captured = room;
        } else if (end > to) break;
      } else if (end > to) break;
      timeColumn[count] = time;
      offset[count] = at + headerBytes;
      capturedColumn[count] = captured;
      wireColumn[count] = wire > 0x7fff_ffff ? 0x7fff_ffff : wire;
      flags[count] = time < last ? FrameFlag.clockBackwards : 0;
      if (headerBytes === MODIFIED_RECORD_BYTES && view.getUint8(at + PACKET_TYPE) === PACKET_OUTGOING)
        flags[count] = (flags[count] as number) | FrameFlag.outgoing;
      last = time;
      count++;
      at = end;
    }
    this.#finish(block, first, count, last);
    return at;
  }

  /** Columns that are the same for all frames, and what outlasts the block. */
  #finish(block: FrameBlock, first: number, count: number, last: number): void {
    block.vlan.fill(0, first, count);
    block.linkType.fill(this.#linkType, first, count);
    block.interfaceIndex.fill(this.#interface, first, count);
    block.count = count;
    this.#ledger.lastTime = last;
  }

  /** Judges an unusual record: lengths that cannot be, or one that no record follows, are damage. */
  #believable(view: DataView, at: number, to: number, last: number): boolean {
    const captured = view.getUint32(at + CAPTURED, this.#little);
    if (captured > this.#bytesMax) {
      this.reason = `a record of ${captured} bytes is impossible`;
      return false;
    }
    if (last < 0 && captured <= this.#usualBytes && captured <= view.getUint32(at + WIRE, this.#little)) return true;
    const next = at + this.#headerBytes + captured;
    if (next + this.#headerBytes > to || this.#sane(view, next)) return true;
    this.reason = "a record with an unlikely length or time, and none behind it";
    return false;
  }

  #time(view: DataView, at: number): number {
    const unit = this.#perSecond / 1_000_000;
    return view.getUint32(at + SECONDS, this.#little) * 1_000_000 + Math.floor(view.getUint32(at + FRACTION, this.#little) / unit);
  }

  /** True when the lengths and the fraction at `at` could be a record's; random bytes pass once in 10^8. */
  #sane(view: DataView, at: number): boolean {
    const captured = view.getUint32(at + CAPTURED, this.#little);
    const wire = view.getUint32(at + WIRE, this.#little);
    return captured > 0 && captured <= wire && wire <= FRAME_BYTES_MAX && view.getUint32(at + FRACTION, this.#little) < this.#perSecond;
  }

  search(block: FrameBlock, from: number, to: number, last: boolean): number {
    const { view } = block;
    const headerBytes = this.#headerBytes;
    this.found = false;
    for (let start = from; start + headerBytes <= to; start++) {
      const reference = this.#ledger.lastTime >= 0 ? this.#ledger.lastTime : this.#time(view, start);
      let at = start;
      let chained = 0;
      while (chained < CHAIN_RECORDS && at + headerBytes <= to && this.#sane(view, at)) {
        if (Math.abs(this.#time(view, at) - reference) > MICROS_PER_DAY) break;
        at += headerBytes + view.getUint32(at + CAPTURED, this.#little);
        if (at > to) break;
        chained++;
      }
      if (chained === CHAIN_RECORDS || (last && chained > 0 && at === to)) {
        this.found = true;
        return start;
      }
      const undecided = at > to || (at > start && at + headerBytes > to);
      // A chain that a whole block cannot hold is not believed.
      if (undecided && !last && start > 0) return start;
    }
    return last ? to : Math.max(from, to - headerBytes + 1);
  }
}
