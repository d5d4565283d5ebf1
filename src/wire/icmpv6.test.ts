import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as icmpv6 from "./icmpv6.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["eight bytes", "8000 0000 0001 0002", Verdict.ok],
  ["seven", "8000 0000 0001 00", Verdict.icmpv6TooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(icmpv6.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test.each([
  ["echo", "8000 0000 0001 0002", Verdict.ok],
  ["echo with code 1", "8001 0000 0001 0002", Verdict.icmpv6UnknownCode],
  ["type 50", "3200 0000 0000 0000", Verdict.icmpv6UnassignedType],
  ["type 180", "b400 0000 0000 0000", Verdict.icmpv6UnassignedType],
  ["type 100", "6400 0000 0000 0000", Verdict.icmpv6ExperimentationType],
  ["type 200", "c800 0000 0000 0000", Verdict.icmpv6ExperimentationType],
  ["listener report with hop limit 64", "8300 0000 0000 0000", Verdict.icmpv6MldHopLimit],
  [
    "too big that quotes a header",
    "0200 0000 00000500 6012 3456 0008 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002",
    Verdict.ok,
  ],
  ["too big that quotes nothing", "0200 0000 00000500", Verdict.icmpv6QuoteTruncated],
  [
    "too big that quotes IPv4",
    "0200 0000 00000500 4012 3456 0008 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002",
    Verdict.icmpv6QuoteWrongVersion,
  ],
  ["unreachable with code 9", "0109 0000 00000000", Verdict.icmpv6UnknownCode],
] as const)("checkMessage: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(icmpv6.checkMessage(bytes, 0, bytes.byteLength, 64)).toBe(verdict);
});
