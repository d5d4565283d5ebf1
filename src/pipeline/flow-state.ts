import { TcpState } from "#flow/tcp-state.ts";
import { TCP } from "#flow/track.ts";
import { RecordFlag } from "#schema/flow-record.ts";

/** `flow.state` of a record's kind and flags words. */
export function flowStateName(kind: number, flags: number): "new" | "established" | "closed" | "bypassed" {
  if ((flags & RecordFlag.released) !== 0) return "bypassed";
  if ((kind & 0xff) !== TCP) return (flags & RecordFlag.established) === 0 ? "new" : "established";
  const state = kind >>> 24;
  if (state === TcpState.closed || state === TcpState.timeWait) return "closed";
  return state >= TcpState.established ? "established" : "new";
}
