import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import type { Config } from "#schema/config.ts";
import { M, newCounters } from "#schema/metrics.ts";
import type { OverlapPolicy } from "#schema/overlap-policy.ts";
import * as ethernet from "#wire/ethernet.ts";
import * as ipv4 from "#wire/ipv4.ts";
import * as ipv6 from "#wire/ipv6.ts";
import * as extensions from "#wire/ipv6-extensions.ts";
import { LinkType } from "#wire/link-type.ts";
import { IpProtocol } from "#wire/protocol.ts";
import { Verdict, VerdictKind, verdictKind } from "#wire/verdict.ts";
import { Fragment, PacketColumns, PacketFlag } from "./columns.ts";
import { Datagram } from "./datagram.ts";
import { Decoder, type DecoderOptions } from "./decode.ts";
import { type FragmentRule, fragmentRule } from "./defrag-policy.ts";
import { partitionOf } from "./key.ts";

/** Bytes of a packet at most (RFC 791 3.1, RFC 8200 4.5). */
const PACKET_MAX = 65_535;
/** Fragmented packets inside one another that are put together. */
const nestingMax = 4;
const ETHER_BYTES = ethernet.HEADER_BYTES;
/** Where the IP header of a whole datagram stands in the block: behind its Ethernet header. */
const AT = ETHER_BYTES;

/** What the rows of fragments say of one of them. */
interface Place {
  /** Data of the fragment: offset in the block, place in the datagram, end of it there. */
  data: number;
  start: number;
  end: number;
  more: boolean;
  /** Offset of the IPv6 fragment header; 0 for IPv4. */
  fragmentAt: number;
}

/**
 * Fragments → whole datagrams (RFC 791 3.2, RFC 8200 4.5), which are decoded like frames. Every shard hears of all
 * fragments of the capture in their order, whosever they are: so all know the same, and a datagram that carries a
 * tunnel is whole where the addresses inside belong.
 *
 * Held are copies, so many bytes and datagrams at most; beyond that the oldest datagram is given up, as is one whose
 * fragments do not arrive within the time-out. Whole datagrams stand in `block` until the next call.
 */
export class Defragmenter {
  /** One frame: the datagram that was completed last, with its Ethernet header if there was one. */
  readonly block: FrameBlock = oneFrame(new Uint8Array(AT + PACKET_MAX + ipv6.HEADER_BYTES));
  /** One row: the same, decoded. */
  readonly columns = new PacketColumns();
  /** True when the last one was met in a tunnel that its fragments were not in: the flow inside has not been counted. */
  carried = false;
  readonly #counters: Float64Array;
  readonly #rule: FragmentRule;
  readonly #datagramsMax: number;
  readonly #bytesMax: number;
  readonly #fragmentsMax: number;
  readonly #timeout: number;
  readonly #owns: (partition: number) => boolean;
  /** Oldest first. */
  readonly #datagrams = new Map<string, Datagram>();
  readonly #decoder: Decoder;
  readonly #place: Place = { data: 0, start: 0, end: 0, more: false, fragmentAt: 0 };
  readonly #foreign = new PacketColumns();
  #held = 0;
  /** What is wrong with the fragment that was taken last. */
  #verdict: Verdict = Verdict.ok;

  /** `owns` says of which partitions' datagrams to count in `counters`. */
  constructor(config: Config, checksums: DecoderOptions["checksums"], counters: Float64Array, owns: (partition: number) => boolean) {
    this.#counters = counters;
    this.#rule = fragmentRule(config["defrag.policy"] as OverlapPolicy);
    this.#datagramsMax = config["defrag.datagrams-max"];
    this.#bytesMax = config["defrag.bytes-max"];
    this.#fragmentsMax = config["defrag.fragments-max"];
    this.#timeout = config["defrag.timeout-s"] * 1_000_000;
    this.#owns = owns;
    this.#decoder = new Decoder({ checksums }, newCounters());
  }

  /** Bytes held, about. */
  get held(): number {
    return this.#held;
  }

  /** Datagrams begun. */
  get waiting(): number {
    return this.#datagrams.size;
  }

  /**
   * Adds the fragment in `row`, which belongs to partition `home`; a row without a verdict gets one when the fragment
   * overlaps others or is not taken. Frames seen twice are passed over. True when a datagram is whole now: it stands decoded
   * in `block` and `columns`, and has the number and the time of the frame that completed it.
   */
  add(block: FrameBlock, columns: PacketColumns, row: number, home: number): boolean {
    const frame = columns.frame[row] as number;
    if (((block.flags[frame] as number) & FrameFlag.duplicate) !== 0) return false;
    this.block.firstNumber = block.firstNumber + frame;
    this.block.time[0] = block.time[frame] as number;
    this.block.clock = block.time[frame] as number;
    const tunnel = columns.tunnel[row] as number;
    const isComplete = this.#take(block, columns, row, home);
    if ((columns.verdict[row] as number) === Verdict.ok) columns.verdict[row] = this.#verdict;
    if (!isComplete) return false;
    for (let depth = 0; (this.columns.fragment[0] as number) !== Fragment.none; depth++)
      if (depth === nestingMax || !this.#take(this.block, this.columns, 0, home)) return false;
    this.carried = this.columns.tunnel[0] !== tunnel;
    return true;
  }

  /** The same for a frame of another shard, which has counted it and tells what is wrong with it. */
  addForeign(block: FrameBlock, frame: number): boolean {
    const columns = this.#foreign;
    this.#decoder.decode(block, frame, frame + 1, columns);
    return (columns.fragment[0] as number) !== Fragment.none && this.add(block, columns, 0, partitionOf(columns, 0));
  }

  #take(block: FrameBlock, columns: PacketColumns, row: number, home: number): boolean {
    const isOwn = this.#owns(home);
    const version = columns.ipVersion[row] as number;
    this.#verdict = Verdict.ok;
    if (isOwn) this.#add(version === 4 ? M.fragments4 : M.fragments6);
    if (!this.#locate(block.view, columns, row)) return false;
    const datagram = this.#datagramOf(block, columns, row, home);
    if (datagram.fragments >= this.#fragmentsMax) {
      this.#verdict = version === 4 ? Verdict.ipv4FragmentIgnored : Verdict.ipv6FragmentIgnored;
      if (isOwn) this.#add(M.fragmentsIgnored);
      return false;
    }
    this.#insert(datagram, block, columns, row);
    if (datagram.complete) {
      this.#forget(datagram);
      if (isOwn) this.#add(version === 4 ? M.reassembled4 : M.reassembled6);
      return this.#assemble(datagram, columns, row);
    }
    for (let oldest = this.#oldest(); oldest !== undefined && this.#held > this.#bytesMax; oldest = this.#oldest())
      this.#giveUp(oldest, M.datagramsEvicted);
    return false;
  }

  /** Finds the data of the fragment in `row`; false for one that no receiver would take, or that the capture cut. */
  #locate(view: DataView, columns: PacketColumns, row: number): boolean {
    const place = this.#place;
    const l3 = columns.l3[row] as number;
    const end = (columns.payload[row] as number) + (columns.payloadBytes[row] as number);
    if (((columns.flags[row] as number) & PacketFlag.badIpChecksum) !== 0) return false;
    if (verdictKind(columns.verdict[row] as number) === VerdictKind.invalid) return false;
    if ((columns.payloadWireBytes[row] as number) > (columns.payloadBytes[row] as number)) return false;
    if ((columns.ipVersion[row] as number) === 4) {
      place.data = l3 + ipv4.headerBytes(view, l3);
      place.start = ipv4.fragmentOffset(view, l3);
      place.more = ipv4.moreFragments(view, l3);
      place.fragmentAt = 0;
    } else {
      const header = fragmentHeaderAt(view, l3, end);
      if (header < 0) return false;
      place.data = header + 8;
      place.start = extensions.fragmentOffset(view, header);
      place.more = extensions.moreFragments(view, header);
      place.fragmentAt = header;
    }
    place.end = place.start + end - place.data;
    return place.end >= place.start && place.end <= PACKET_MAX;
  }

  #datagramOf(block: FrameBlock, columns: PacketColumns, row: number, home: number): Datagram {
    const key = keyOf(columns, row);
    const time = this.block.time[0] as number;
    const found = this.#datagrams.get(key);
    if (found !== undefined) {
      if (time - found.time <= this.#timeout) return found;
      this.#giveUp(found, M.datagramsTimedOut);
    }
    const oldest = this.#oldest();
    if (oldest !== undefined && time - oldest.time > this.#timeout) this.#giveUp(oldest, M.datagramsTimedOut);
    else if (oldest !== undefined && this.#datagrams.size >= this.#datagramsMax) this.#giveUp(oldest, M.datagramsEvicted);
    const datagram = new Datagram(key, time, home);
    const ether = columns.ether[row] as number;
    if (ether >= 0) datagram.link = block.bytes.slice(ether, ether + ETHER_BYTES);
    this.#datagrams.set(key, datagram);
    this.#held += datagram.bytes;
    return datagram;
  }

  #insert(datagram: Datagram, block: FrameBlock, columns: PacketColumns, row: number): void {
    const { data, start, end, more, fragmentAt } = this.#place;
    const before = datagram.bytes;
    if (datagram.insert(start, end, block.bytes, data, this.#rule))
      this.#verdict = columns.ipVersion[row] === 4 ? Verdict.ipv4FragmentOverlap : Verdict.ipv6FragmentOverlap;
    if (!more) datagram.endsAt(end);
    if (start === 0 && datagram.header === undefined) {
      const l3 = columns.l3[row] as number;
      datagram.header = block.bytes.slice(l3, fragmentAt === 0 ? data : fragmentAt);
      if (fragmentAt !== 0) nextHeader(datagram.header, block.view.getUint8(fragmentAt));
      datagram.bytes += datagram.header.length;
    }
    this.#held += datagram.bytes - before;
  }

  /** Writes the datagram into the block and decodes it; false when it would be longer than a packet can be. */
  #assemble(datagram: Datagram, columns: PacketColumns, row: number): boolean {
    const header = datagram.header as Uint8Array;
    const { bytes, view } = this.block;
    const isV4 = columns.ipVersion[row] === 4;
    const length = header.length + datagram.total;
    if (length > (isV4 ? PACKET_MAX : PACKET_MAX + ipv6.HEADER_BYTES)) return false;
    if (datagram.link !== undefined) bytes.set(datagram.link, 0);
    bytes.set(header, AT);
    datagram.write(bytes, AT + header.length);
    if (isV4) ipv4.makeWhole(view, AT, length);
    else ipv6.setPayloadBytes(view, AT, length - ipv6.HEADER_BYTES);
    this.block.captured[0] = length;
    this.block.wire[0] = length;
    this.#decoder.decodeWhole(
      this.block,
      this.columns,
      datagram.link === undefined ? -1 : 0,
      columns.vlan[row] as number,
      columns.tunnel[row] as number,
    );
    return (this.columns.ipVersion[0] as number) !== 0;
  }

  #oldest(): Datagram | undefined {
    for (const datagram of this.#datagrams.values()) return datagram;
    return undefined;
  }

  #giveUp(datagram: Datagram, metric: number): void {
    this.#forget(datagram);
    if (this.#owns(datagram.home)) this.#add(metric);
  }

  #forget(datagram: Datagram): void {
    this.#datagrams.delete(datagram.key);
    this.#held -= datagram.bytes;
  }

  #add(metric: number): void {
    this.#counters[metric] = (this.#counters[metric] as number) + 1;
  }
}

/** Fragments belong together by addresses and identification, IPv4's by protocol as well, and by the way they came. */
function keyOf(columns: PacketColumns, row: number): string {
  const { source0, target0, fragmentId, vlan, tunnel } = columns;
  const way = `${fragmentId[row]} ${vlan[row]} ${tunnel[row]} ${source0[row]} ${target0[row]}`;
  if (columns.ipVersion[row] === 4) return `4 ${columns.protocol[row]} ${way}`;
  const { source1, source2, source3, target1, target2, target3 } = columns;
  return `6 ${way} ${source1[row]} ${source2[row]} ${source3[row]} ${target1[row]} ${target2[row]} ${target3[row]}`;
}

/** Offset of the first fragment header of the IPv6 packet at `l3`, or -1. */
function fragmentHeaderAt(view: DataView, l3: number, end: number): number {
  let protocol = ipv6.nextHeader(view, l3);
  let at = l3 + ipv6.HEADER_BYTES;
  for (let count = 0; count < extensions.extensionHeadersMax && at + 8 <= end; count++) {
    if (protocol === IpProtocol.fragment) return at;
    if (!extensions.isExtension(protocol)) return -1;
    const bytes = extensions.extensionBytes(view, at, protocol);
    protocol = view.getUint8(at);
    at += bytes;
  }
  return -1;
}

/** Makes `protocol` what follows the IPv6 header and its extensions, where a fragment header did. */
function nextHeader(header: Uint8Array, protocol: number): void {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  let field = ipv6.NEXT_HEADER;
  for (let at = ipv6.HEADER_BYTES; at + 8 <= header.length; ) {
    const bytes = extensions.extensionBytes(view, at, header[field] as number);
    field = at;
    at += bytes;
  }
  header[field] = protocol;
}

function oneFrame(bytes: Uint8Array): FrameBlock {
  return {
    bytes,
    view: new DataView(bytes.buffer),
    count: 1,
    firstNumber: 0,
    clock: 0,
    offset: Int32Array.of(AT),
    captured: new Int32Array(1),
    wire: new Int32Array(1),
    time: new Float64Array(1),
    linkType: Uint16Array.of(LinkType.raw),
    vlan: new Uint32Array(1),
    flags: new Uint8Array(1),
    interfaceIndex: new Uint8Array(1),
    partition: new Uint8Array(1),
  };
}
