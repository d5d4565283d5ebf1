import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as arp from "./arp.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["an Ethernet reply", "0001 0800 06 04 0002 001122334455 c0a80001 66778899aabb c0a80002", Verdict.ok],
  ["27 bytes", "0001 0800 06 04 0002 001122334455 c0a80001 66778899aabb c0a800", Verdict.arpTooSmall],
  ["seven bytes", "00010800060400", Verdict.arpTooSmall],
  ["token ring", "0006 0800 06 04 0002", Verdict.arpUnsupportedHardware],
  ["AppleTalk", "0001 809b 06 04 0002", Verdict.arpUnsupportedProtocol],
  ["hardware addresses of 7 bytes", "0001 0800 07 04 0002", Verdict.arpInvalidSizes],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(arp.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("0001 0800 06 04 0002 001122334455 c0a80001 66778899aabb c0a80002");
  expect([arp.operation(bytes, 0), arp.senderIp(bytes, 0), arp.targetIp(bytes, 0), arp.senderMacAt(0), arp.targetMacAt(0)]).toEqual([
    2,
    0xc0a80001 | 0,
    0xc0a80002 | 0,
    8,
    18,
  ]);
});
