import type { FrameBlock } from "#contract/source.ts";
import { RecordFlag } from "#schema/flow-record.ts";
import { M } from "#schema/metrics.ts";
import type { PacketColumns } from "./columns.ts";
import type { FlowTable } from "./flow-table.ts";
import * as R from "./record.generated.ts";
import { isOutOfWindow } from "./tcp-check.ts";
import { nextTcpState, TcpFlag, TcpState } from "./tcp-state.ts";

export const TCP = 6;
export const UDP = 17;
/** Where the window's scale stands in its word. */
const SCALE_MASK = ~0xffff;
/** Windows below are not looked at, because most holes are smaller. */
const WINDOW_USUAL = 65_536;

/** Writes the facts of a flow's first packet that `FlowTable.create` does not know. */
export function begin(table: FlowTable, slot: number, block: FrameBlock, columns: PacketColumns, row: number): void {
  const words = table.words;
  const at = slot * R.RECORD_WORDS;
  const frame = columns.frame[row] as number;
  table.doubles[slot * R.RECORD_DOUBLES + R.FIRST_TIME] = block.time[frame] as number;
  table.doubles[slot * R.RECORD_DOUBLES + R.FIRST_NUMBER] = block.firstNumber + frame;
  const ether = columns.ether[row] as number;
  if (ether >= 0) {
    const view = block.view;
    // Source first, as the record tells the client's address before the server's.
    words[at + R.MACS] = view.getInt32(ether + 6);
    words[at + R.MACS + 1] = (view.getUint16(ether + 10) << 16) | view.getUint16(ether);
    words[at + R.MACS + 2] = view.getInt32(ether + 2);
    words[at + R.FLAGS] = (words[at + R.FLAGS] as number) | RecordFlag.macs;
  }
}

/** Counts a new flow. */
export function countNew(counters: Float64Array, protocol: number, columns: PacketColumns, row: number): void {
  counters[M.flowsTotal] = (counters[M.flowsTotal] as number) + 1;
  counters[M.flowsActive] = (counters[M.flowsActive] as number) + 1;
  const kind = protocol === TCP ? M.flowsTcp : protocol === UDP ? M.flowsUdp : protocol === 1 || protocol === 58 ? M.flowsIcmp : -1;
  if (kind >= 0) counters[kind] = (counters[kind] as number) + 1;
  if (protocol !== TCP) return;
  const opened = ((columns.tcpFlags[row] as number) & TcpFlag.syn) !== 0 ? M.tcpSessions : M.tcpMidstream;
  counters[opened] = (counters[opened] as number) + 1;
}

/** A SYN opens a new connection when the old one is closed, and when the server accepts it though the old one is not. */
export function isReuse(table: FlowTable, slot: number, columns: PacketColumns, row: number): boolean {
  const flags = (columns.tcpFlags[row] as number) & (TcpFlag.syn | TcpFlag.ack | TcpFlag.rst);
  if ((flags & TcpFlag.syn) === 0) return false;
  const { words } = table;
  const at = slot * R.RECORD_WORDS;
  if (flags === TcpFlag.syn) return (words[at + R.KIND] as number) >>> 24 >= TcpState.finWait1;
  if (flags !== (TcpFlag.syn | TcpFlag.ack) || ((words[at + R.FLAGS] as number) & RecordFlag.reopening) === 0) return false;
  return table.side === 1 && columns.tcpAck[row] === (((words[at + R.ISN_CLIENT] as number) + 1) | 0);
}

/** Counts one packet of the flow: packets, bytes, Welford's moments of size and inter-arrival time. */
export function count(table: FlowTable, slot: number, side: number, wireBytes: number, time: number): void {
  const words = table.words;
  const doubles = table.doubles;
  const at = slot * R.RECORD_WORDS;
  const d = slot * R.RECORD_DOUBLES + side;
  const packets = (words[at + R.PACKETS_CLIENT + side] as number) + 1;
  words[at + R.PACKETS_CLIENT + side] = packets;
  const bytes = doubles[d + R.BYTES_CLIENT] as number;
  doubles[d + R.BYTES_CLIENT] = bytes + wireBytes;
  if (packets > 1) {
    // The mean is bytes / packets, so that only M2 has to be kept.
    const m2 = doubles[d + R.SIZE_M2_CLIENT] as number;
    doubles[d + R.SIZE_M2_CLIENT] = m2 + (wireBytes - bytes / (packets - 1)) * (wireBytes - (bytes + wireBytes) / packets);
    const last = doubles[d + R.LAST_TIME_CLIENT] as number;
    const gap = time > last ? time - last : 0;
    const mean = doubles[d + R.GAP_MEAN_CLIENT] as number;
    const delta = gap - mean;
    const newMean = mean + delta / (packets - 1);
    doubles[d + R.GAP_MEAN_CLIENT] = newMean;
    doubles[d + R.GAP_M2_CLIENT] = (doubles[d + R.GAP_M2_CLIENT] as number) + delta * (gap - newMean);
    if (gap >= beatSilenceMicros && side === 0) beat(table, slot, time);
    if (time > last) doubles[d + R.LAST_TIME_CLIENT] = time;
  } else {
    doubles[d + R.LAST_TIME_CLIENT] = time;
    if (side === 0) doubles[d + R.BEAT_TIME] = time;
  }
}

/** Silence of the client behind which its next packet begins a burst: a beat. */
const beatSilenceMicros = 1_000_000;

/** The client speaks again: moments of the time from beat to beat, which bursts of packets would hide. */
function beat(table: FlowTable, slot: number, time: number): void {
  const { words, doubles } = table;
  const at = slot * R.RECORD_WORDS + R.BEATS;
  const d = slot * R.RECORD_DOUBLES;
  const beats = (words[at] as number) + 1;
  words[at] = beats;
  const gap = time - (doubles[d + R.BEAT_TIME] as number);
  doubles[d + R.BEAT_TIME] = time;
  const mean = doubles[d + R.BEAT_MEAN] as number;
  const newMean = mean + (gap - mean) / beats;
  doubles[d + R.BEAT_MEAN] = newMean;
  doubles[d + R.BEAT_M2] = (doubles[d + R.BEAT_M2] as number) + (gap - mean) * (gap - newMean);
}

/** Marks a flow of which both sides have sent, for protocols without a handshake. */
export function answered(table: FlowTable, slot: number): void {
  const words = table.words;
  const at = slot * R.RECORD_WORDS;
  if ((words[at + R.PACKETS_CLIENT] as number) > 0 && (words[at + R.PACKETS_SERVER] as number) > 0)
    words[at + R.FLAGS] = (words[at + R.FLAGS] as number) | RecordFlag.established;
}

export function countFragment(table: FlowTable, slot: number): void {
  table.words[slot * R.RECORD_WORDS + R.FRAGMENTS] = (table.words[slot * R.RECORD_WORDS + R.FRAGMENTS] as number) + 1;
}

/** What `trackTcp` says of a segment. */
export const Track = { plain: 0, again: 1, late: 2, outOfWindow: 3 } as const;
export type Track = (typeof Track)[keyof typeof Track];

/**
 * Follows the TCP connection: flags, state, retransmissions, order, window. `strict`: a segment that its receiver's
 * window excludes does not count.
 */
export function trackTcp(table: FlowTable, slot: number, side: number, columns: PacketColumns, row: number, strict: boolean): Track {
  const words = table.words;
  const at = slot * R.RECORD_WORDS;
  const flags = columns.tcpFlags[row] as number;
  words[at + R.TCP_FLAGS_CLIENT + side] = (words[at + R.TCP_FLAGS_CLIENT + side] as number) | flags;
  const kind = words[at + R.KIND] as number;
  const state = kind >>> 24;
  const next = nextTcpState(state, side, flags);
  let marks = words[at + R.FLAGS] as number;
  if (state === TcpState.none && (flags & (TcpFlag.syn | TcpFlag.rst)) === 0) marks |= RecordFlag.midstream;
  if (next !== state) {
    words[at + R.KIND] = (kind & 0xff_ffff) | (next << 24);
    if (next >= TcpState.established && (flags & TcpFlag.rst) === 0) marks |= RecordFlag.established;
  }
  if ((flags & (TcpFlag.syn | TcpFlag.fin | TcpFlag.rst)) !== 0) marks |= controlMarks(flags, side);
  words[at + R.FLAGS] = marks;
  const window = columns.tcpWindow[row] as number;
  words[at + R.WINDOW_CLIENT + side] = ((words[at + R.WINDOW_CLIENT + side] as number) & SCALE_MASK) | window;
  if (window === 0 && (flags & (TcpFlag.rst | TcpFlag.syn)) === 0) words[at + R.ZERO_WINDOWS] = (words[at + R.ZERO_WINDOWS] as number) + 1;
  const length = (columns.payloadWireBytes[row] as number) + (flags & TcpFlag.fin) + ((flags & TcpFlag.syn) >> 1);
  if (length === 0 || (flags & TcpFlag.rst) !== 0) return Track.plain;
  return trackSequence(words, at, side, columns.tcpSeq[row] as number, length, strict);
}

function controlMarks(flags: number, side: number): number {
  let marks = 0;
  if ((flags & TcpFlag.syn) !== 0) marks |= (flags & TcpFlag.ack) !== 0 ? RecordFlag.synAck : RecordFlag.syn;
  if ((flags & TcpFlag.fin) !== 0) marks |= RecordFlag.finClient << side;
  if ((flags & TcpFlag.rst) !== 0) marks |= RecordFlag.rstClient << side;
  return marks;
}

/**
 * Retransmitted or out of order? Only the highest byte and the first hole are remembered: a segment below the highest
 * byte fills the hole when it starts there, is a keep-alive when it repeats the last byte, and else was sent before.
 */
function trackSequence(words: Int32Array, at: number, side: number, seq: number, length: number, strict: boolean): Track {
  const flags = words[at + R.FLAGS] as number;
  const valid = RecordFlag.highClient << side;
  const holed = RecordFlag.holeClient << side;
  const high = words[at + R.HIGH_CLIENT + side] as number;
  const end = (seq + length) | 0;
  if ((flags & valid) === 0) {
    words[at + R.FLAGS] = flags | valid;
    words[at + R.HIGH_CLIENT + side] = end;
    return Track.plain;
  }
  const ahead = (seq - high) | 0;
  if (ahead >= 0) {
    if (strict && ahead > WINDOW_USUAL && isOutOfWindow(words, at, side, seq)) return Track.outOfWindow;
    if (ahead > 0 && (flags & holed) === 0) {
      words[at + R.FLAGS] = flags | holed;
      words[at + R.HOLE_CLIENT + side] = high;
    }
    words[at + R.HIGH_CLIENT + side] = end;
    return Track.plain;
  }
  if (((end - high) | 0) > 0) {
    words[at + R.HIGH_CLIENT + side] = end;
    return Track.plain;
  }
  if ((flags & holed) !== 0 && ((seq - (words[at + R.HOLE_CLIENT + side] as number)) | 0) >= 0) {
    words[at + R.OUT_OF_ORDER] = (words[at + R.OUT_OF_ORDER] as number) + 1;
    // The hole begins behind what has arrived; it is forgotten when it reaches the highest byte.
    if (end === high) words[at + R.FLAGS] = flags & ~holed;
    else words[at + R.HOLE_CLIENT + side] = end;
    return Track.late;
  }
  if (length <= 1 && ahead === -1) return Track.plain;
  words[at + R.RETRANSMISSIONS] = (words[at + R.RETRANSMISSIONS] as number) + 1;
  return Track.again;
}
