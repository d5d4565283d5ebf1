import type { PacketColumns } from "./columns.ts";
import { TcpFlag } from "./tcp-state.ts";
import { TCP, UDP } from "./track.ts";

/** Who opened? A SYN says it, a SYN with ACK says it of the other side; else the first sender, unless only its port is well known. */
export function sentByServer(columns: PacketColumns, row: number, protocol: number): boolean {
  if (protocol !== TCP && protocol !== UDP) return false;
  if (protocol === TCP) {
    const flags = columns.tcpFlags[row] as number;
    if ((flags & TcpFlag.syn) !== 0) return (flags & TcpFlag.ack) !== 0;
  }
  return (columns.sourcePort[row] as number) < 1024 && (columns.targetPort[row] as number) >= 1024;
}
