import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as extensions from "./ipv6-extensions.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);
const ALERT = "05020000 0100";
const PAD = "0104 00000000";

test.each([
  ["router alert", 0, `3a00 ${ALERT}`, Verdict.ok, 58, 8],
  [
    "hop-by-hop, routing, destination",
    0,
    `2b00 ${ALERT} 3c00 0400 00000000 0600 0004 010203 00`,
    Verdict.ipv6DestinationUnknownOption,
    6,
    24,
  ],
  ["two hop-by-hop headers", 0, `0000 ${ALERT} 0600 ${ALERT}`, Verdict.ipv6DuplicateHopByHop, 6, 16],
  ["two routing headers", 43, "2b00 0400 00000000 0600 0400 00000000", Verdict.ipv6DuplicateRouting, 6, 16],
  [
    "a home address of length 2, and the headers behind it",
    60,
    `3c00 c902 0000 0000 3c00 ${PAD} 0600 ${PAD}`,
    Verdict.ipv6InvalidOptionLength,
    6,
    24,
  ],
  ["three destination headers", 60, "3c00 0401 0100 0100 3c00 0401 0100 0100 0600 0401 0100 0100", Verdict.ipv6DuplicateDestination, 6, 24],
  ["only padding hop by hop", 0, `0600 ${PAD}`, Verdict.ipv6HopByHopOnlyPadding, 6, 8],
  ["only padding for the destination", 60, `0600 ${PAD}`, Verdict.ipv6DestinationOnlyPadding, 6, 8],
  ["an unknown hop-by-hop option", 0, "0600 1e04 00000000", Verdict.ipv6HopByHopUnknownOption, 6, 8],
  ["routing type 0", 43, "0600 0000 00000000", Verdict.ipv6RoutingType0, 6, 8],
  ["authentication", 51, "0604 0000 00000001 00000001 000000000000000000000000", Verdict.ok, 6, 24],
  ["authentication with reserved bits", 51, "0602 0001 00000001 00000001 00000000", Verdict.ipv6AuthenticationReserved, 6, 16],
  ["mobility, HIP, shim6", 135, "8b00 000000000000 8c00 000000000000 0600 000000000000", Verdict.ok, 6, 24],
  ["a fragment header on a whole packet", 44, "0600 0000 00000001", Verdict.ipv6UselessFragment, 6, 8],
  ["a fragment header with reserved bits", 44, "0601 0001 00000001", Verdict.ipv6FragmentReserved, 6, 8],
  ["a later fragment ends the walk", 44, "3c00 0008 00000001 ffff", Verdict.ok, 60, 8],
  ["nothing follows", 60, "3b00 c904", Verdict.ipv6ExtensionTruncated, 60, 0],
  ["a header of more than there is", 60, `3b01 ${PAD}`, Verdict.ipv6ExtensionTruncated, 60, 0],
  ["an option of more than its header", 0, "0600 0505 00000000", Verdict.ipv6InvalidOptionLength, 6, 8],
  ["a PadN of two bytes, which is common", 0, "0600 0502 0000 0100", Verdict.ok, 6, 8],
  ["a transport header at once", 6, "", Verdict.ok, 6, 0],
] as const)("walk: %s", (_case, first, hex, verdict, protocol, at) => {
  const walk = new extensions.ExtensionWalk();
  const bytes = view(hex);
  extensions.walkExtensions(bytes, first, 0, bytes.byteLength, walk);
  expect([walk.verdict, walk.protocol, walk.at]).toEqual([verdict, protocol, at]);
});

test("a chain of more headers than are read", () => {
  const walk = new extensions.ExtensionWalk();
  const bytes = view("8b00000000000000".repeat(extensions.extensionHeadersMax + 1));
  extensions.walkExtensions(bytes, 139, 0, bytes.byteLength, walk);
  expect([walk.verdict, walk.stopped]).toEqual([Verdict.ipv6TooManyExtensions, true]);
});

test("values of a fragment header", () => {
  const bytes = view("0600 00b9 deadbeef");
  expect([extensions.fragmentOffset(bytes, 0), extensions.moreFragments(bytes, 0), extensions.fragmentId(bytes, 0)]).toEqual([
    184,
    true,
    0xdeadbeef | 0,
  ]);
});
