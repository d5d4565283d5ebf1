import { ipv4Text, ipv6FullText } from "#base/address.ts";
import type { PacketColumns } from "#flow/columns.ts";

/** The source or target address of a decoded packet, as text. */
export function rowAddress(columns: PacketColumns, row: number, source: boolean): string {
  const words = source
    ? [columns.source0, columns.source1, columns.source2, columns.source3]
    : [columns.target0, columns.target1, columns.target2, columns.target3];
  const [a, b, c, d] = words.map((column) => column[row] as number) as [number, number, number, number];
  return columns.ipVersion[row] === 6 ? ipv6FullText(a, b, c, d) : ipv4Text(a);
}
