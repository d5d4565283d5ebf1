import { latin1 } from "#base/bytes.ts";
import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import type { Ledger } from "./ledger.ts";
import { BLOCK_BYTES_MAX, BLOCK_BYTES_MIN, BlockType, BYTE_ORDER_MAGIC, hasBlockChain } from "./pcapng-blocks.ts";
import { CaptureInterface } from "./pcapng-interface.ts";
import { OptionCursor } from "./pcapng-options.ts";
import { frameRoom, Outcome, type RecordWalker } from "./walker.ts";

// draft-ietf-opsawg-pcapng, section 4: enhanced and obsolete packet blocks lie alike but for the interface's width.
const INTERFACE = 8;
const DROPS = 10;
const TIME_HIGH = 12;
const TIME_LOW = 16;
const CAPTURED = 20;
const WIRE = 24;
const DATA = 28;
const PACKET_ROOM = 32;
const SIMPLE_WIRE = 8;
const SIMPLE_DATA = 12;
const SIMPLE_ROOM = 16;
const STATISTICS_OPTIONS = 20;
const SECRETS_TYPE = 8;
const SECRETS_LENGTH = 12;
const SECRETS_DATA = 16;
/** A key log of TLS as NSS writes it: `TLSK`. */
const TLS_KEY_LOG = 0x544c534b;

const FLAGS_OPTION = 2;
const DROP_COUNT_OPTION = 4;
const IF_DROP_OPTION = 5;
const OS_DROP_OPTION = 7;
/** Bits of epb_flags. */
const DIRECTION_MASK = 3;
const OUTGOING = 2;
const LINK_ERRORS = 0xffff_0000;

const INTERFACES_MAX = 4096;
const TIME_MAX = Number.MAX_SAFE_INTEGER;

/** True when a file that begins like this is pcapng. */
export function isPcapng(head: DataView): boolean {
  return head.byteLength >= 4 && head.getUint32(0) === BlockType.section;
}

/** Reads pcapng blocks, section after section. Whatever is neither a packet nor about interfaces is passed over. */
export class PcapngWalker implements RecordWalker {
  outcome: Outcome = Outcome.more;
  reason = "";
  base = 0;
  found = false;
  readonly #ledger: Ledger;
  readonly #options = new OptionCursor();
  #little = true;
  #interfaces: CaptureInterface[] = [];

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  walk(block: FrameBlock, from: number, to: number): number {
    const { view } = block;
    const first = block.count;
    let at = from;
    this.outcome = Outcome.more;
    for (;;) {
      at = this.#plainPackets(block, at, to);
      if (at + BLOCK_BYTES_MIN > to) break;
      const type = view.getUint32(at, this.#little);
      if (type === BlockType.section) {
        if (at + 12 > to) break;
        if (!this.#readByteOrder(view, at)) break;
      }
      const length = view.getUint32(at + 4, this.#little);
      if (!this.#isLength(length)) break;
      if (at + length > to) {
        // What no block of memory can hold is read in part, and the rest of it skipped.
        if (length <= block.bytes.length || at + DATA + frameRoom(block.bytes.length) > to) break;
      } else if (view.getUint32(at + length - 4, this.#little) !== length) {
        this.#damaged("a block's two lengths differ");
        break;
      }
      if (type === BlockType.enhanced || type === BlockType.obsolete || type === BlockType.simple) {
        if (block.count === block.offset.length) {
          this.outcome = Outcome.full;
          break;
        }
        if (type === BlockType.simple) this.#simplePacket(block, at, length);
        else this.#packet(block, at, length, type === BlockType.obsolete);
        if (this.outcome !== Outcome.more) break;
      } else if (type === BlockType.secrets) this.#secrets(block, at, Math.min(at + length - 4, to));
      else this.#other(type, view, at, Math.min(at + length - 4, to));
      at += length;
    }
    block.vlan.fill(0, first, block.count);
    return at;
  }

  /**
   * The tight loop over what most blocks are: whole enhanced packets without options and with nothing odd about them.
   * Stops at the first block that is not; that one gets a closer look.
   */
  #plainPackets(block: FrameBlock, from: number, to: number): number {
    const { view, offset, captured: capturedColumn, wire: wireColumn, time: timeColumn, linkType, flags, interfaceIndex } = block;
    const little = this.#little;
    const interfaces = this.#interfaces;
    const room = frameRoom(block.bytes.length);
    const framesMax = offset.length;
    let last = this.#ledger.lastTime;
    let count = block.count;
    let at = from;
    while (at + PACKET_ROOM <= to && count < framesMax && view.getUint32(at, little) === BlockType.enhanced) {
      const captured = view.getUint32(at + CAPTURED, little);
      const length = view.getUint32(at + 4, little);
      const wire = view.getUint32(at + WIRE, little);
      const end = at + length;
      if (captured > room || length !== PACKET_ROOM + ((captured + 3) & ~3) || end > to || wire < captured || wire > 0x7fff_ffff) break;
      const id = view.getUint32(at + INTERFACE, little);
      if (id >= interfaces.length || view.getUint32(end - 4, little) !== length) break;
      const source = interfaces[id] as CaptureInterface;
      const time = source.scale.micros(view.getUint32(at + TIME_HIGH, little), view.getUint32(at + TIME_LOW, little));
      if (!(time >= 0 && time <= TIME_MAX)) break;
      offset[count] = at + DATA;
      capturedColumn[count] = captured;
      wireColumn[count] = wire;
      timeColumn[count] = time;
      linkType[count] = source.linkType;
      interfaceIndex[count] = source.index;
      flags[count] = time < last ? FrameFlag.clockBackwards : 0;
      last = time;
      count++;
      at = end;
    }
    block.count = count;
    this.#ledger.lastTime = last;
    return at;
  }

  #damaged(reason: string): void {
    this.outcome = Outcome.damaged;
    this.reason = reason;
  }

  #isLength(length: number): boolean {
    if (length >= BLOCK_BYTES_MIN && length <= BLOCK_BYTES_MAX && length % 4 === 0) return true;
    this.#damaged(`a block of ${length} bytes is impossible`);
    return false;
  }

  /** A section may have another byte order than the one before. */
  #readByteOrder(view: DataView, at: number): boolean {
    const little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
    if (!little && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC) {
      this.#damaged("a section with an unknown byte order");
      return false;
    }
    this.#little = little;
    return true;
  }

  #packet(block: FrameBlock, at: number, length: number, obsolete: boolean): void {
    const { view } = block;
    const little = this.#little;
    const id = obsolete ? view.getUint16(at + INTERFACE, little) : view.getUint32(at + INTERFACE, little);
    const captured = view.getUint32(at + CAPTURED, little);
    if (length < PACKET_ROOM || captured > length - PACKET_ROOM) {
      this.#damaged(`a packet of ${captured} bytes in a block of ${length}`);
      return;
    }
    const from = this.#interfaces[id];
    if (from === undefined) {
      this.#ledger.report(this.base + at, `a packet of interface ${id}, which was not described, was left out`);
      return;
    }
    let time = from.scale.micros(view.getUint32(at + TIME_HIGH, little), view.getUint32(at + TIME_LOW, little));
    if (!(time >= 0 && time <= TIME_MAX)) {
      this.#ledger.report(this.base + at, "an impossible time was replaced by the last one");
      time = Math.max(this.#ledger.lastTime, 0);
    }
    const index = block.count;
    this.#add(block, from, at, at + DATA, captured, view.getUint32(at + WIRE, little), time);
    if (obsolete) {
      const drops = view.getUint16(at + DROPS, little);
      if (drops !== 0xffff) this.#ledger.counters.dropped += from.addDrops(drops);
    }
    const options = at + DATA + ((captured + 3) & ~3);
    if (options + 4 < at + length && at + length <= block.bytes.length) this.#packetOptions(block, index, from, options, at + length - 4);
  }

  /** A simple packet has no time and belongs to the first interface. */
  #simplePacket(block: FrameBlock, at: number, length: number): void {
    const from = this.#interfaces[0];
    if (length < SIMPLE_ROOM) this.#damaged(`a packet block of ${length} bytes is impossible`);
    else if (from === undefined) this.#ledger.report(this.base + at, "a packet before its interface was left out");
    else {
      const wire = block.view.getUint32(at + SIMPLE_WIRE, this.#little);
      const limit = from.snapLength === 0 ? wire : Math.min(wire, from.snapLength);
      this.#add(block, from, at, at + SIMPLE_DATA, Math.min(limit, length - SIMPLE_ROOM), wire, Math.max(this.#ledger.lastTime, 0));
    }
  }

  #add(block: FrameBlock, from: CaptureInterface, at: number, data: number, length: number, wire: number, time: number): void {
    const index = block.count;
    const room = frameRoom(block.bytes.length);
    let captured = length;
    if (captured > room) {
      this.#ledger.report(this.base + at, `a frame of ${captured} bytes was cut to ${room}`);
      captured = room;
    }
    block.offset[index] = data;
    block.captured[index] = captured;
    block.wire[index] = Math.min(Math.max(wire, length), 0x7fff_ffff);
    block.time[index] = time;
    block.linkType[index] = from.linkType;
    block.interfaceIndex[index] = from.index;
    block.flags[index] = time < this.#ledger.lastTime ? FrameFlag.clockBackwards : 0;
    block.count = index + 1;
    this.#ledger.lastTime = time;
  }

  #packetOptions(block: FrameBlock, index: number, from: CaptureInterface, start: number, end: number): void {
    const options = this.#options;
    options.begin(block.view, start, end, this.#little);
    while (options.next()) {
      if (options.code === FLAGS_OPTION && options.length === 4) {
        const word = block.view.getUint32(options.at, this.#little);
        let flags = block.flags[index] as number;
        if ((word & DIRECTION_MASK) === OUTGOING) flags |= FrameFlag.outgoing;
        if ((word & LINK_ERRORS) !== 0) flags |= FrameFlag.linkError;
        block.flags[index] = flags;
      } else if (options.code === DROP_COUNT_OPTION && options.length === 8) {
        this.#ledger.counters.dropped += from.addDrops(this.#count64(block.view, options.at));
      }
    }
  }

  #other(type: number, view: DataView, at: number, end: number): void {
    if (type === BlockType.section) this.#interfaces = [];
    else if (type === BlockType.interface) {
      if (this.#interfaces.length < INTERFACES_MAX)
        this.#interfaces.push(new CaptureInterface(view, at, end, this.#little, this.#options, this.#ledger));
      else this.#ledger.report(this.base + at, `more than ${INTERFACES_MAX} interfaces in a section`);
    } else if (type === BlockType.statistics && at + STATISTICS_OPTIONS <= end) this.#statistics(view, at, end);
  }

  /** Secrets with which what follows can be decrypted. Those beyond a block of memory are left out. */
  #secrets(block: FrameBlock, at: number, end: number): void {
    const { view, bytes } = block;
    if (at + SECRETS_DATA > end || view.getUint32(at + SECRETS_TYPE, this.#little) !== TLS_KEY_LOG) return;
    const start = at + SECRETS_DATA;
    const stop = start + view.getUint32(at + SECRETS_LENGTH, this.#little);
    if (stop > end) this.#ledger.report(this.base + at, `only ${end - start} bytes of the capture's TLS secrets were read`);
    block.secrets = `${block.secrets ?? ""}${latin1(bytes, start, Math.min(stop, end))}\n`;
  }

  /** Interface statistics hold totals since the capture began; the last block of an interface counts. */
  #statistics(view: DataView, at: number, end: number): void {
    const about = this.#interfaces[view.getUint32(at + INTERFACE, this.#little)];
    if (about === undefined) return;
    const options = this.#options;
    let total = 0;
    options.begin(view, at + STATISTICS_OPTIONS, end, this.#little);
    while (options.next()) {
      if ((options.code === IF_DROP_OPTION || options.code === OS_DROP_OPTION) && options.length === 8)
        total += this.#count64(view, options.at);
    }
    this.#ledger.counters.dropped += about.setDrops(total);
  }

  /** A 64-bit counter. Values that no capture reaches mean "not known" and count as none. */
  #count64(view: DataView, at: number): number {
    const little = this.#little;
    const value = view.getUint32(at + (little ? 4 : 0), little) * 4_294_967_296 + view.getUint32(at + (little ? 0 : 4), little);
    return value < 2 ** 48 ? value : 0;
  }

  search(block: FrameBlock, from: number, to: number, last: boolean): number {
    const { view } = block;
    this.found = false;
    for (let start = from; start + BLOCK_BYTES_MIN <= to; start++) {
      const chain = hasBlockChain(view, start, to, this.#little, last);
      if (chain === "yes") {
        this.found = true;
        return start;
      }
      if (chain === "more" && start > 0) return start;
    }
    return last ? to : Math.max(from, to - BLOCK_BYTES_MIN + 1);
  }
}
