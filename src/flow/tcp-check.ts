import { RecordFlag } from "#schema/flow-record.ts";
import * as tcpOptions from "#wire/tcp-options.ts";
import type { PacketColumns } from "./columns.ts";
import type { FlowTable } from "./flow-table.ts";
import * as R from "./record.generated.ts";
import { StreamEvent } from "./stream-event.ts";
import { TcpFlag, TcpState } from "./tcp-state.ts";

const { syn: SYN, ack: ACK, fin: FIN, rst: RST } = TcpFlag;
const CONTROL = SYN | ACK | FIN | RST;
const { synSent, synReceived, established, finWait1, finWait2, timeWait, closeWait, lastAck, closing, closed } = TcpState;

/** Beside an event's number: the receiver drops the segment, so that it changes nothing here either. */
export const IGNORED = 0x100;
/** The connection goes on, though a RST had closed it. */
export const REOPENED = 0x200;
export const EVENT_MASK = 0xff;

/** Bytes beyond what is known that are believed at least: captures lose packets, and windows grow. */
const slackBytesMin = 65_536;
const SCALE_UNKNOWN = 14;

/**
 * True for segments that have to be judged: all but those of an established connection that carry on, acknowledging
 * what has been seen. Asked for every segment.
 */
export function isUnusual(words: Int32Array, at: number, side: number, flags: number, ack: number): boolean {
  if ((flags & CONTROL) !== ACK || (words[at + R.KIND] as number) >>> 24 !== established) return true;
  return ((ack - (words[at + R.HIGH_CLIENT + (side ^ 1)] as number)) | 0) > 0;
}

/**
 * Judges a segment before it is tracked (RFC 9293 3.10.7, RFC 5961, RFC 7323 5): the number of a `StreamEvent` and
 * `IGNORED` or `REOPENED`; 0 when nothing is wrong. What the capture has not seen of a connection is not judged.
 */
export function judge(table: FlowTable, slot: number, side: number, columns: PacketColumns, row: number, view: DataView): number {
  const words = table.words;
  const at = slot * R.RECORD_WORDS;
  const flags = columns.tcpFlags[row] as number;
  const state = (words[at + R.KIND] as number) >>> 24;
  const seq = columns.tcpSeq[row] as number;
  const ack = columns.tcpAck[row] as number;
  let verdict: number;
  if (state === synSent && side === 1 && (flags & ACK) !== 0 && isForeignEcho(words, at, view, columns.l4[row] as number))
    verdict = StreamEvent.pkt_invalid_timestamp | IGNORED;
  else if ((flags & RST) !== 0) verdict = ofRst(words, at, side, state, flags, seq, ack);
  else if ((flags & SYN) !== 0) {
    verdict = (flags & ACK) !== 0 ? ofSynAck(words, at, side, state, seq, ack) : ofSyn(words, at, side, state, seq);
    if ((verdict & IGNORED) === 0) {
      noteOpening(words, at, side, flags, seq, view, columns.l4[row] as number);
      if ((flags & FIN) !== 0) verdict = StreamEvent.fin_syn;
    }
  } else if ((flags & FIN) !== 0) verdict = ofFin(words, at, side, state, seq, ack, flags);
  else verdict = ofAck(words, at, side, state, seq, ack, flags, columns.payloadWireBytes[row] as number);
  return verdict === 0 && (flags & ACK) === 0 && ack !== 0 ? StreamEvent.pkt_broken_ack : verdict;
}

/** Bytes that the peer of `side` may send beyond what `side` has acknowledged: the window that it offered. */
function windowOf(words: Int32Array, at: number, side: number): number {
  const word = words[at + R.WINDOW_CLIENT + side] as number;
  const scale = (word >>> 16) - 1;
  const bytes = (word & 0xffff) * 2 ** (scale < 0 ? SCALE_UNKNOWN : scale);
  return bytes > slackBytesMin ? bytes : slackBytesMin;
}

const isKnown = (words: Int32Array, at: number, side: number): boolean =>
  ((words[at + R.FLAGS] as number) & (RecordFlag.highClient << side)) !== 0;

/** How far `seq` is beyond the highest byte that `side` has sent, 0 when that is not known. */
const aheadOf = (words: Int32Array, at: number, side: number, seq: number): number =>
  isKnown(words, at, side) ? (seq - (words[at + R.HIGH_CLIENT + side] as number)) | 0 : 0;

/** True when a sequence number of `side` is neither in the peer's window nor just below it. */
export function isOutOfWindow(words: Int32Array, at: number, side: number, seq: number): boolean {
  const ahead = aheadOf(words, at, side, seq);
  const window = windowOf(words, at, side ^ 1);
  return ahead > window || ahead < -window;
}

/** True when `side` acknowledges what its peer cannot have sent. */
const isInvalidAck = (words: Int32Array, at: number, side: number, ack: number): boolean =>
  aheadOf(words, at, side ^ 1, ack) > windowOf(words, at, side);

/** An answer to the SYN that echoes a timestamp which the SYN did not have (RFC 7323 3.2). */
function isForeignEcho(words: Int32Array, at: number, view: DataView, l4: number): boolean {
  const sent = words[at + R.SYN_TIMESTAMP] as number;
  if (sent === 0) return false;
  const option = tcpOptions.timestampsAt(view, l4);
  if (option < 0) return false;
  const echo = tcpOptions.timestampEcho(view, option);
  // A SYN that was sent again may have a later one.
  return echo !== 0 && (((echo - sent) | 0) < 0 || ((echo - sent) | 0) > echoesMax);
}

/** Ticks that a repeated SYN may be later than the first: two minutes of a microsecond clock. */
const echoesMax = 120_000_000;

/** Remembers what the SYN says: where the numbers begin, the window's scale, the timestamp. */
function noteOpening(words: Int32Array, at: number, side: number, flags: number, seq: number, view: DataView, l4: number): void {
  words[at + R.ISN_CLIENT + side] = seq;
  const scale = tcpOptions.windowScale(view, l4);
  words[at + R.WINDOW_CLIENT + side] = (scale < 0 ? 1 : scale + 1) << 16;
  if (side !== 0 || (flags & ACK) !== 0) return;
  const option = tcpOptions.timestampsAt(view, l4);
  words[at + R.SYN_TIMESTAMP] = option < 0 ? 0 : tcpOptions.timestampValue(view, option);
}

function ofSyn(words: Int32Array, at: number, side: number, state: number, seq: number): number {
  const marks = words[at + R.FLAGS] as number;
  const isSame = seq === words[at + R.ISN_CLIENT + side];
  if (state === synSent && side === 0 && !isSame) {
    // A new attempt: what the old one sent does not count.
    words[at + R.FLAGS] = marks & ~(RecordFlag.highClient | RecordFlag.holeClient);
    return 0;
  }
  if (state <= synSent || (marks & RecordFlag.syn) === 0) return 0;
  if (state === synReceived) {
    if (side === 1) return StreamEvent["3whs_syn_toclient_on_syn_recv"] | IGNORED;
    return isSame ? 0 : StreamEvent["3whs_syn_resend_diff_seq_on_syn_recv"] | IGNORED;
  }
  if (side === 1) return StreamEvent.est_syn_toclient | IGNORED;
  if (isSame) return StreamEvent.est_syn_resend | IGNORED;
  // When the server accepts it, a new connection begins with its answer.
  words[at + R.ISN_CLIENT] = seq;
  words[at + R.FLAGS] = marks | RecordFlag.reopening;
  return StreamEvent.est_syn_resend_diff_seq | IGNORED;
}

function ofSynAck(words: Int32Array, at: number, side: number, state: number, seq: number, ack: number): number {
  const marks = words[at + R.FLAGS] as number;
  if ((marks & RecordFlag.syn) === 0) return 0;
  const acknowledged = (ack - (words[at + R.ISN_CLIENT] as number)) | 0;
  if (state === synSent) {
    // When the server has answered with a SYN of its own, the client acknowledges that: a split handshake.
    if (side === 0) return isKnown(words, at, 1) ? 0 : StreamEvent["3whs_synack_in_wrong_direction"] | IGNORED;
    // With Fast Open it may acknowledge the SYN's data as well (RFC 7413).
    return acknowledged < 1 || aheadOf(words, at, 0, ack) > 0 ? StreamEvent["3whs_synack_with_wrong_ack"] | IGNORED : 0;
  }
  if ((marks & RecordFlag.synAck) === 0 || (marks & RecordFlag.reopening) !== 0) return 0;
  const isOther = acknowledged < 1 || aheadOf(words, at, 0, ack) > 0;
  if (state === synReceived) {
    if (side === 0) return StreamEvent["3whs_synack_toserver_on_syn_recv"] | IGNORED;
    if (isOther) return StreamEvent["3whs_synack_resend_with_different_ack"] | IGNORED;
    if (seq === words[at + R.ISN_SERVER]) return 0;
    const isKnownToo = (marks & RecordFlag.twoAnswers) !== 0 && words[at + R.HOLE_SERVER] === seq;
    words[at + R.FLAGS] = marks | RecordFlag.twoAnswers;
    words[at + R.HOLE_SERVER] = seq;
    return isKnownToo ? IGNORED : StreamEvent["3whs_synack_resend_with_diff_seq"] | IGNORED;
  }
  if (side === 0) return StreamEvent.est_synack_toserver | IGNORED;
  if (isOther) return StreamEvent.est_synack_resend_with_different_ack | IGNORED;
  return seq === words[at + R.ISN_SERVER] ? 0 : StreamEvent.est_synack_resend_with_diff_seq | IGNORED;
}

/**
 * A RST counts when it is in the window of its receiver. One that answers a SYN has to acknowledge it; one by which a
 * client answers something that was no answer to its SYN does not end its attempt.
 */
function ofRst(words: Int32Array, at: number, side: number, state: number, flags: number, seq: number, ack: number): number {
  if (state === TcpState.none) return StreamEvent.rst_but_no_session;
  if (state >= timeWait && state !== closeWait && state !== lastAck) return 0;
  const hasAck = (flags & ACK) !== 0;
  if (state === synSent) {
    if (side === 0) return (words[at + R.PACKETS_SERVER] as number) > 0 ? IGNORED : 0;
    const acknowledged = (ack - (words[at + R.ISN_CLIENT] as number)) | 0;
    return hasAck && (acknowledged < 0 || aheadOf(words, at, 0, ack) > 0) ? StreamEvent.rst_invalid_ack | IGNORED : 0;
  }
  if (isOutOfWindow(words, at, side, seq)) return StreamEvent.rst_out_of_window | IGNORED;
  return hasAck && isInvalidAck(words, at, side, ack) ? StreamEvent.rst_invalid_ack | IGNORED : 0;
}

function ofFin(words: Int32Array, at: number, side: number, state: number, seq: number, ack: number, flags: number): number {
  if (state === TcpState.none) return StreamEvent.fin_but_no_session;
  if (state < synReceived || state === closed) return 0;
  if (isOutOfWindow(words, at, side, seq)) return finOutOfWindow(state) | IGNORED;
  if ((flags & ACK) === 0 || !isInvalidAck(words, at, side, ack)) return 0;
  return (state <= established ? StreamEvent.fin_invalid_ack : invalidAck(state)) | IGNORED;
}

function ofAck(words: Int32Array, at: number, side: number, state: number, seq: number, ack: number, flags: number, bytes: number): number {
  if (state === synReceived) return ofThird(words, at, side, seq, ack, bytes);
  const marks = words[at + R.FLAGS] as number;
  if (state === closed && bytes > 0 && (marks & (RecordFlag.rstClient << side)) !== 0 && isKnown(words, at, side))
    return isOutOfWindow(words, at, side, seq) ? 0 : StreamEvent.suspected_rst_inject | REOPENED;
  if (state < established || state === closed || (flags & ACK) === 0) return 0;
  return isInvalidAck(words, at, side, ack) ? invalidAck(state) : 0;
}

/** The client says which of two answers to its SYN it has taken. */
function choose(words: Int32Array, at: number, ack: number): void {
  words[at + R.FLAGS] = (words[at + R.FLAGS] as number) & ~RecordFlag.twoAnswers;
  const other = words[at + R.HOLE_SERVER] as number;
  if (((other + 1) | 0) !== ack) return;
  words[at + R.ISN_SERVER] = other;
  words[at + R.HIGH_SERVER] = ack;
}

/** The segment that completes the handshake. */
function ofThird(words: Int32Array, at: number, side: number, seq: number, ack: number, bytes: number): number {
  const both = RecordFlag.syn | RecordFlag.synAck;
  if (((words[at + R.FLAGS] as number) & both) !== both) return 0;
  if (side === 1) {
    // In a split handshake the client has sent the SYN/ACK.
    const isSplit = ((words[at + R.TCP_FLAGS_CLIENT] as number) & ACK) !== 0;
    return isSplit || bytes > 0 ? 0 : StreamEvent["3whs_ack_in_wrong_dir"];
  }
  if (((words[at + R.FLAGS] as number) & RecordFlag.twoAnswers) !== 0) choose(words, at, ack);
  const isWrongAck = ((ack - (words[at + R.ISN_SERVER] as number)) | 0) < 1 || aheadOf(words, at, 1, ack) > windowOf(words, at, 0);
  if (!isWrongAck) return 0;
  const isWrongSeq = isOutOfWindow(words, at, 0, seq);
  return (isWrongSeq ? StreamEvent["3whs_wrong_seq_wrong_ack"] : StreamEvent["3whs_right_seq_wrong_ack_evasion"]) | IGNORED;
}

function invalidAck(state: number): number {
  switch (state) {
    case finWait1:
      return StreamEvent.fin1_invalid_ack;
    case finWait2:
      return StreamEvent.fin2_invalid_ack;
    case closing:
      return StreamEvent.closing_invalid_ack;
    case closeWait:
      return StreamEvent.closewait_invalid_ack;
    case lastAck:
      return StreamEvent.lastack_invalid_ack;
    case timeWait:
      return StreamEvent.timewait_invalid_ack;
    default:
      return StreamEvent.est_invalid_ack;
  }
}

function finOutOfWindow(state: number): number {
  switch (state) {
    case finWait1:
      return StreamEvent.fin1_fin_wrong_seq;
    case finWait2:
      return StreamEvent.fin2_fin_wrong_seq;
    case closeWait:
      return StreamEvent.closewait_fin_out_of_window;
    default:
      return StreamEvent.fin_out_of_window;
  }
}

/** Event of a segment out of its receiver's window. */
export function outOfWindow(state: number): number {
  switch (state) {
    case finWait1:
      return StreamEvent.fin1_ack_wrong_seq;
    case finWait2:
      return StreamEvent.fin2_ack_wrong_seq;
    case closing:
      return StreamEvent.closing_ack_wrong_seq;
    case closeWait:
      return StreamEvent.closewait_ack_out_of_window;
    case lastAck:
      return StreamEvent.lastack_ack_wrong_seq;
    case timeWait:
      return StreamEvent.timewait_ack_wrong_seq;
    default:
      return StreamEvent.est_packet_out_of_window;
  }
}
