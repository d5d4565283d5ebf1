import type { PacketColumns } from "./columns.ts";
import type { ProtocolFinder } from "./protocol-finder.ts";
import { TcpFlag } from "./tcp-state.ts";
import { TCP, UDP } from "./track.ts";

/** Ports below are given to well-known services (RFC 6335 §6). */
const wellKnownEnd = 1024;
/** Ports from here on are taken by clients as they come (RFC 6335 §6). */
const dynamicStart = 49_152;

/**
 * Who opened? A SYN says it, a SYN with ACK says it of the other side; else the first sender, unless only its port is
 * well known, or (TCP) only its port is a usual one of servers.
 */
export function sentByServer(columns: PacketColumns, row: number, protocol: number, finder: Pick<ProtocolFinder, "isServerPort">): boolean {
  if (protocol !== TCP && protocol !== UDP) return false;
  if (protocol === TCP) {
    const flags = columns.tcpFlags[row] as number;
    if ((flags & TcpFlag.syn) !== 0) return (flags & TcpFlag.ack) !== 0;
  }
  const source = columns.sourcePort[row] as number;
  const target = columns.targetPort[row] as number;
  if (target < wellKnownEnd) return false;
  if (source < wellKnownEnd) return true;
  return protocol === TCP && source < dynamicStart && finder.isServerPort(source) && !finder.isServerPort(target);
}
