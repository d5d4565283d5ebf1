import { assert } from "#base/assert.ts";
import type { FrameBlock } from "#contract/source.ts";
import { M } from "#schema/metrics.ts";
import { LinkType } from "#wire/link-type.ts";
import { Verdict } from "#wire/verdict.ts";
import { BATCH_PACKETS, PacketColumns, PacketFlag } from "./columns.ts";
import { verifyChecksums } from "./decode-checksum.ts";
import { readCommon } from "./decode-common.ts";
import { countRows } from "./decode-count.ts";
import { readIpv4, readIpv6 } from "./decode-ip.ts";
import { readRareLayer } from "./decode-layers.ts";
import { readEthernet } from "./decode-link.ts";
import { layerOfLink } from "./decode-link-rare.ts";
import { readTcp, readUdp } from "./decode-transport.ts";
import { settleGuess } from "./decode-udp-tunnel.ts";
import { addVlan, fail, headersMax, Layer, Walk } from "./decode-walk.ts";

export interface DecoderOptions {
  /** `auto`: verify what offload does not explain; `yes`: everything that is whole; `no`: nothing. */
  readonly checksums: "auto" | "yes" | "no";
}

const ARP = M.arp;

/** Bytes beyond the captured ones that are believed of a frame's length on the wire, so that sums stay small integers. */
const WIRE_EXCESS_MAX = 1 << 24;

/**
 * The first stage of the shard loop: frames of a block → a batch of columns. Tunnels, VLANs and link headers are
 * unwrapped to the innermost IP header. Reads the block during the call and keeps nothing of it.
 */
export class Decoder {
  readonly #checksums: DecoderOptions["checksums"];
  readonly #counters: Float64Array;
  readonly #walk: Walk;

  /** `counters` are those of `newCounters`. */
  constructor(options: DecoderOptions, counters: Float64Array) {
    this.#checksums = options.checksums;
    this.#counters = counters;
    this.#walk = new Walk(new PacketColumns());
  }

  /** Decodes the frames `[from, to)` of the block, at most `BATCH_PACKETS`, into the columns. */
  decode(block: FrameBlock, from: number, to: number, columns: PacketColumns): void {
    listFrames(columns, from, to);
    this.decodeListed(block, columns);
  }

  /** Decodes the frames that `columns.frame` lists already, `columns.count` of them. */
  decodeListed(block: FrameBlock, columns: PacketColumns): void {
    const walk = this.#read(block, columns);
    if (this.#checksums !== "no") verifyChecksums(block, columns, this.#checksums === "auto");
    countRows(block, columns, this.#counters);
    this.#counters[ARP] = (this.#counters[ARP] as number) + walk.arpMessages;
  }

  /**
   * Decodes a packet that was put together from fragments: the block's one frame, raw IP. `ether` is where its Ethernet
   * header stands or -1; `vlan` and `tunnel` are the columns of its fragments.
   */
  decodeWhole(block: FrameBlock, columns: PacketColumns, ether: number, vlan: number, tunnel: number): void {
    const walk = this.#walk;
    clear(columns, 1);
    walk.view = block.view;
    walk.columns = columns;
    columns.frame[0] = 0;
    enterFrame(walk, block, 0, 0);
    columns.ether[0] = ether;
    columns.vlan[0] = vlan;
    columns.tunnel[0] = tunnel;
    if (tunnel !== 0) {
      walk.depth = 1;
      columns.flags[0] = PacketFlag.tunnelled;
    }
    readFrame(walk, block.linkType[0] as number);
    if (this.#checksums !== "no") verifyChecksums(block, columns, this.#checksums === "auto");
  }

  /** Decodes without checksums and counters; returns the walk, which shows where the last frame that needed it failed. */
  read(block: FrameBlock, from: number, to: number, columns: PacketColumns): Walk {
    listFrames(columns, from, to);
    return this.#read(block, columns);
  }

  #read(block: FrameBlock, columns: PacketColumns): Walk {
    const walk = this.#walk;
    const count = columns.count;
    clear(columns, count);
    walk.view = block.view;
    walk.columns = columns;
    walk.arpMessages = 0;
    for (let row = 0; row < count; row++) {
      const frame = columns.frame[row] as number;
      if (isPlain(block, frame) && readCommon(block.view, columns, row, block.offset[frame] as number, block.captured[frame] as number))
        continue;
      enterFrame(walk, block, frame, row);
      readFrame(walk, block.linkType[frame] as number);
    }
    return walk;
  }
}

function listFrames(columns: PacketColumns, from: number, to: number): void {
  assert(to - from <= BATCH_PACKETS, "more frames than a batch holds");
  for (let frame = from; frame < to; frame++) columns.frame[frame - from] = frame;
  columns.count = to - from;
}

const ETHERNET = LinkType.ethernet;

/** True for an Ethernet frame that is all there and whose VLAN tag the kernel did not take off. */
const isPlain = (block: FrameBlock, frame: number): boolean =>
  block.linkType[frame] === ETHERNET && block.vlan[frame] === 0 && block.captured[frame] === block.wire[frame];

function enterFrame(walk: Walk, block: FrameBlock, frame: number, row: number): void {
  const start = block.offset[frame] as number;
  const captured = block.captured[frame] as number;
  const excess = (block.wire[frame] as number) - captured;
  walk.row = row;
  walk.at = start;
  walk.end = start + captured;
  walk.wireEnd = walk.end;
  walk.depth = 0;
  walk.vlanTags = 0;
  walk.guessL3 = -1;
  if (excess > 0) {
    walk.wireEnd = walk.end + (excess < WIRE_EXCESS_MAX ? excess : WIRE_EXCESS_MAX);
    walk.columns.flags[row] = PacketFlag.truncated;
  }
  const tag = block.vlan[frame] as number;
  if (tag !== 0) addVlan(walk, tag & 0xfff);
}

function readFrame(walk: Walk, linkType: number): void {
  let layer: Layer = linkType === LinkType.ethernet ? readEthernet(walk) : layerOfLink(linkType);
  for (let count = 0; layer !== Layer.done; count++) {
    if (layer === Layer.ipv4) layer = readIpv4(walk);
    else if (layer === Layer.tcp) layer = readTcp(walk);
    else if (layer === Layer.udp) layer = readUdp(walk);
    else if (layer === Layer.ipv6) layer = readIpv6(walk);
    else layer = readRareLayer(walk, layer);
    if (count === headersMax) {
      fail(walk, Verdict.tooManyLayers);
      break;
    }
  }
  if (walk.guessL3 >= 0) settleGuess(walk);
}

/** Wipes the rows, so that readers write only what their header has and nothing of the last batch shows. */
function clear(columns: PacketColumns, count: number): void {
  columns.count = count;
  columns.verdict.fill(0, 0, count);
  columns.ipVersion.fill(0, 0, count);
  columns.protocol.fill(0, 0, count);
  columns.l3.fill(-1, 0, count);
  columns.l4.fill(-1, 0, count);
  columns.ether.fill(-1, 0, count);
  columns.source0.fill(0, 0, count);
  columns.source1.fill(0, 0, count);
  columns.source2.fill(0, 0, count);
  columns.source3.fill(0, 0, count);
  columns.target0.fill(0, 0, count);
  columns.target1.fill(0, 0, count);
  columns.target2.fill(0, 0, count);
  columns.target3.fill(0, 0, count);
  columns.sourcePort.fill(0, 0, count);
  columns.targetPort.fill(0, 0, count);
  columns.payload.fill(0, 0, count);
  columns.payloadBytes.fill(0, 0, count);
  columns.payloadWireBytes.fill(0, 0, count);
  columns.tcpSeq.fill(0, 0, count);
  columns.tcpAck.fill(0, 0, count);
  columns.tcpFlags.fill(0, 0, count);
  columns.tcpWindow.fill(0, 0, count);
  columns.vlan.fill(0, 0, count);
  columns.tunnel.fill(0, 0, count);
  columns.fragment.fill(0, 0, count);
  columns.fragmentId.fill(0, 0, count);
  columns.flags.fill(0, 0, count);
}
