import { defaultConfig } from "#schema/config.ts";
import { PacketColumns } from "./columns.ts";
import { Depths } from "./depths.ts";
import type { SegmentHost } from "./flow-stream.ts";
import { ProtocolFinder } from "./protocol-finder.ts";
import { SegmentRule } from "./segment-rule.ts";
import type { StreamHost } from "./stream-host.ts";

/** The platform seam for tests. */
export { testPlatform } from "#test/protocol/drive.ts";

/** A packet of a test: only the facts that its test is about. */
export interface TestPacket {
  readonly source?: number;
  readonly target?: number;
  readonly sourcePort?: number;
  readonly targetPort?: number;
  readonly protocol?: number;
  readonly ipVersion?: number;
  readonly vlan?: number;
  readonly tunnel?: number;
}

/** Writes one row of columns. */
export function fillRow(columns: PacketColumns, row: number, packet: TestPacket): void {
  columns.ipVersion[row] = packet.ipVersion ?? 4;
  columns.protocol[row] = packet.protocol ?? 17;
  columns.source0[row] = packet.source ?? 0x0a000001;
  columns.target0[row] = packet.target ?? 0x0a000002;
  for (const column of [columns.source1, columns.source2, columns.source3, columns.target1, columns.target2, columns.target3])
    column[row] = 0;
  columns.sourcePort[row] = packet.sourcePort ?? 1000;
  columns.targetPort[row] = packet.targetPort ?? 2000;
  columns.vlan[row] = packet.vlan ?? 0;
  columns.tunnel[row] = packet.tunnel ?? 0;
  columns.count = Math.max(columns.count, row + 1);
}

/** Columns with the given rows. */
export function rowsOf(...packets: readonly TestPacket[]): PacketColumns {
  const columns = new PacketColumns();
  for (const [row, packet] of packets.entries()) fillRow(columns, row, packet);
  return columns;
}

/** What a flow's stream asks about segments, for tests that are not about them. */
export const quietSegments: Omit<SegmentHost, keyof StreamHost> = {
  depths: new Depths(defaultConfig, new ProtocolFinder([])),
  onDepth: () => undefined,
  segmentRule: SegmentRule.first,
  onInOrder: () => undefined,
  isOther: () => false,
  isOneSided: () => false,
  onStreamEvent: () => undefined,
};
