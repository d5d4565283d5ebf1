import { RecordFlag } from "#schema/flow-record.ts";
import type { FlowStream } from "./flow-stream.ts";
import * as R from "./record.generated.ts";
import type { StreamSide } from "./stream-side.ts";
import { TcpState } from "./tcp-state.ts";

/** True when bytes of a side were sent that have not arrived here; the FIN counts one. */
export const isBehind = (side: StreamSide, highKnown: number, high: number): boolean =>
  side.started && highKnown !== 0 && ((high - side.next) | 0) > 1;

const TIMESTAMPS_ONLY = 32;
/** NOP, NOP, timestamps: where most segments have them. */
const USUAL = 0x0101080a;

/**
 * True when the segment is older than what its side has sent since (PAWS, RFC 7323 5.3): its receiver drops it.
 * Remembers the timestamp of a segment in order. Segments with further options are not judged.
 */
export function isStale(own: StreamSide, view: DataView, l4: number, payload: number, seq: number): boolean {
  if (payload - l4 !== TIMESTAMPS_ONLY || view.getInt32(l4 + 20) !== USUAL) return false;
  const stamp = view.getInt32(l4 + 24);
  const before = own.timestamp;
  // Linux lets one tick pass.
  if (before !== 0 && stamp !== 0 && ((before - stamp) | 0) > 1) return true;
  if (((seq - own.next) | 0) <= 0) own.timestamp = stamp;
  return false;
}

/** A hole was skipped: the highest byte is at least where the stream stands. */
export function raiseHigh(words: Int32Array, at: number, side: number, stream: FlowStream): void {
  const own = side === 0 ? stream.client : stream.server;
  const place = at + R.HIGH_CLIENT + side;
  if (own.started && ((own.next - (words[place] as number)) | 0) > 0) words[place] = own.next;
}

/** A RST turned out not to have ended the connection: it goes on, and what it carries is read again. */
export function reopen(words: Int32Array, at: number): void {
  const flags = (words[at + R.FLAGS] as number) & ~(RecordFlag.rstClient | RecordFlag.rstServer);
  words[at + R.FLAGS] = (flags & RecordFlag.encrypted) !== 0 ? flags : flags & ~RecordFlag.bypass;
  words[at + R.KIND] = ((words[at + R.KIND] as number) & 0xff_ffff) | (TcpState.established << 24);
}
