import type { PacketRows } from "#contract/inspector.ts";
import type { FrameBlock } from "#contract/source.ts";
import { numberHolds } from "#engine/rules/judge/number.ts";
import type { PacketTest } from "#engine/rules/signature.ts";
import { packetField, vlanTag } from "./packet-fields.ts";

const TCP = 6;
const ipOptions: Readonly<Record<string, number>> = {
  eol: 0,
  nop: 1,
  rr: 7,
  ts: 68,
  sec: 130,
  lsrr: 131,
  esec: 133,
  satid: 136,
  ssrr: 137,
  rtralt: 148,
};
const emptyless: ReadonlySet<string> = new Set(["!=", "range", "notRange", ">", ">="]);
/** Bits of the flags column (`flow/columns.ts`). */
const BAD_IP_CHECKSUM = 2;
const BAD_L4_CHECKSUM = 4;

/** True when a packet's headers are as the rule wants them. */
export function packetFits(tests: readonly PacketTest[], block: FrameBlock, rows: PacketRows, row: number): boolean {
  for (const test of tests) if (!holds(test, block, rows, row)) return false;
  return true;
}

function holds(test: PacketTest, block: FrameBlock, rows: PacketRows, row: number): boolean {
  switch (test.type) {
    case "number": {
      if (test.field === "vlan.id" && test.layer !== undefined) return vlanFits(test, rows.vlan[row] as number);
      const value = packetField(test.field, block, rows, row);
      // Only what asks for few bytes looks at packets that carry none.
      if (test.field === "dsize" && value === 0 && emptyless.has(test.test.operator)) return false;
      return value !== undefined && numberHolds(test.test, value) !== test.negated;
    }
    case "flags":
      return rows.protocol[row] === TCP && (rows.l4[row] as number) >= 0 && bitsFit(test, (rows.tcpFlags[row] as number) & ~test.ignored);
    case "fragbits": {
      if (rows.ipVersion[row] !== 4) return false;
      return bitsFit(test, block.view.getUint8((rows.l3[row] as number) + 6) >> 5);
    }
    case "ipopts":
      return rows.ipVersion[row] === 4 && hasOption(test.option, block, rows.l3[row] as number);
    case "sameip":
      return isSame(rows, row);
    case "checksum":
      return checksumFits(test, rows, row);
    default:
      // Events and reputations are seen to elsewhere.
      return true;
  }
}

function bitsFit({ value, mode }: { readonly value: number; readonly mode: "exact" | "all" | "any" | "none" }, bits: number): boolean {
  switch (mode) {
    case "exact":
      return bits === value;
    case "all":
      return (bits & value) === value;
    case "any":
      return (bits & value) !== 0;
    default:
      return (bits & value) === 0;
  }
}

function vlanFits(test: Extract<PacketTest, { type: "number" }>, vlan: number): boolean {
  const tags = [vlanTag(vlan, 0), vlanTag(vlan, 1)].filter((tag) => tag !== undefined);
  const fits = (tag: number | undefined): boolean => tag !== undefined && numberHolds(test.test, tag) !== test.negated;
  if (test.layer === "any") return tags.some(fits);
  if (test.layer === "all") return tags.length > 0 && tags.every(fits);
  return fits(tags.at(test.layer as number));
}

/** Options of an IPv4 header (RFC 791 §3.1). */
function hasOption(name: string, { view }: FrameBlock, l3: number): boolean {
  const end = l3 + (view.getUint8(l3) & 15) * 4;
  const wanted = name === "any" ? -1 : ipOptions[name];
  for (let at = l3 + 20; at < end; ) {
    const kind = view.getUint8(at);
    if (wanted === -1 || kind === wanted) return true;
    if (kind === 0) return false;
    const length = kind === 1 ? 1 : at + 1 < end ? view.getUint8(at + 1) : 0;
    if (length === 0) return false;
    at += length;
  }
  return false;
}

function isSame(rows: PacketRows, row: number): boolean {
  return (
    rows.ipVersion[row] !== 0 &&
    rows.source0[row] === rows.target0[row] &&
    rows.source1[row] === rows.target1[row] &&
    rows.source2[row] === rows.target2[row] &&
    rows.source3[row] === rows.target3[row]
  );
}

const layerProtocols: Readonly<Record<string, readonly [version: number, protocol: number]>> = {
  tcpv4: [4, 6],
  tcpv6: [6, 6],
  udpv4: [4, 17],
  udpv6: [6, 17],
  icmpv4: [4, 1],
  icmpv6: [6, 58],
  igmp: [4, 2],
};

function checksumFits({ layer, valid }: Extract<PacketTest, { type: "checksum" }>, rows: PacketRows, row: number): boolean {
  const flags = rows.flags[row] as number;
  if (layer === "ipv4") return rows.ipVersion[row] === 4 && ((flags & BAD_IP_CHECKSUM) === 0) === valid;
  const [version, protocol] = layerProtocols[layer] as readonly [number, number];
  return rows.ipVersion[row] === version && rows.protocol[row] === protocol && ((flags & BAD_L4_CHECKSUM) === 0) === valid;
}
