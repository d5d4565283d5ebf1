import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as mpls from "./mpls.ts";
import { MplsPayload } from "./mpls.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["an ordinary label", "00010 1 40", Verdict.ok],
  ["three bytes", "000101", Verdict.mplsTooSmall],
  ["router alert above another label", "00001 0 40", Verdict.ok],
  ["router alert at the bottom", "00001 1 40", Verdict.mplsRouterAlertLabel],
  ["implicit null", "00003 1 40", Verdict.mplsImplicitNullLabel],
  ["label 5", "00005 0 40", Verdict.mplsReservedLabel],
  ["the entropy indicator", "00007 0 40", Verdict.ok],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(mpls.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

const MACS = "010203040506 0708090a0b0c";

test.each([
  ["IPv4 by its nibble", "00010140", "45000014", MplsPayload.ipv4],
  ["IPv6 by its nibble", "00010140", "60000000", MplsPayload.ipv6],
  ["explicit null of IPv6", "00002140", "00000000", MplsPayload.ipv6],
  ["Ethernet", "00010140", `${MACS} 0800 45000014`, MplsPayload.ethernet],
  ["Ethernet whose address looks like IPv4", "00010140", `45${MACS.slice(2)} 0800 45000014`, MplsPayload.ethernet],
  ["Ethernet behind a control word", "00010140", `00000000 ${MACS} 86dd 60000000`, MplsPayload.controlledEthernet],
  ["something else", "00010140", "10203040", MplsPayload.unknown],
  ["nothing", "00010140", "", MplsPayload.unknown],
] as const)("payloadKind: %s", (_case, label, payload, kind) => {
  const bytes = view(label + payload);
  expect(mpls.payloadKind(bytes, 0, 4, bytes.byteLength)).toBe(kind);
});

test("getters", () => {
  const bytes = view("12345140");
  expect([mpls.label(bytes, 0), mpls.isBottom(bytes, 0)]).toEqual([0x12345, true]);
});
