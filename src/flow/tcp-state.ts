/**
 * States of a TCP connection as both sides' flags show it to a listener, numbered for the record.
 *
 *   none → synSent → synReceived → established → finWait1 → finWait2 → timeWait → closed    (the client closes first)
 *                                              → closeWait → lastAck → closed               (the server closes first)
 *   any → closed                                                                            (RST)
 */
export const TcpState = {
  none: 0,
  synSent: 1,
  synReceived: 2,
  established: 3,
  finWait1: 4,
  finWait2: 5,
  timeWait: 6,
  closeWait: 7,
  lastAck: 8,
  closing: 9,
  closed: 10,
} as const;
export type TcpState = (typeof TcpState)[keyof typeof TcpState];

/** Names as Suricata writes them. */
export const tcpStateNames = [
  "none",
  "syn_sent",
  "syn_recv",
  "established",
  "fin_wait1",
  "fin_wait2",
  "time_wait",
  "close_wait",
  "last_ack",
  "closing",
  "closed",
] as const;

export const TcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

/** State after a segment with `flags` from `side` (0: client). */
export function nextTcpState(state: number, side: number, flags: number): number {
  if ((flags & TcpFlag.rst) !== 0) return TcpState.closed;
  if ((flags & TcpFlag.syn) !== 0) return afterSyn(state, flags);
  if ((flags & TcpFlag.fin) !== 0) return afterFin(state, side);
  return (flags & TcpFlag.ack) !== 0 ? afterAck(state, side) : state === TcpState.none ? TcpState.established : state;
}

function afterSyn(state: number, flags: number): number {
  if ((flags & TcpFlag.ack) !== 0) return state <= TcpState.synReceived ? TcpState.synReceived : state;
  return state === TcpState.none ? TcpState.synSent : state;
}

function afterFin(state: number, side: number): number {
  switch (state) {
    case TcpState.finWait1:
      return side === 0 ? state : TcpState.closing;
    case TcpState.finWait2:
      return side === 0 ? state : TcpState.timeWait;
    case TcpState.closeWait:
      return side === 0 ? TcpState.lastAck : state;
    case TcpState.timeWait:
    case TcpState.lastAck:
    case TcpState.closing:
    case TcpState.closed:
      return state;
    default:
      return side === 0 ? TcpState.finWait1 : TcpState.closeWait;
  }
}

function afterAck(state: number, side: number): number {
  switch (state) {
    case TcpState.none:
      return TcpState.established;
    case TcpState.synReceived:
      return side === 0 ? TcpState.established : state;
    case TcpState.finWait1:
      return side === 1 ? TcpState.finWait2 : state;
    case TcpState.timeWait:
    case TcpState.closing:
      return side === 0 ? TcpState.closed : state;
    case TcpState.lastAck:
      return side === 1 ? TcpState.closed : state;
    default:
      return state;
  }
}
