import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as nsh from "./nsh.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);
const FIXED = `0fc6 01 01 000123ff ${"00".repeat(16)}`;

test.each([
  ["fixed metadata", FIXED, Verdict.ok],
  ["no metadata", "0fc2 02 01 000123ff", Verdict.ok],
  ["seven bytes", "0fc2 02 01 000123", Verdict.nshTooSmall],
  ["metadata that is not there", FIXED.slice(0, -2), Verdict.nshTooSmall],
  ["version 1", `4${FIXED.slice(1)}`, Verdict.nshUnsupportedVersion],
  ["a length below the header", "0fc1 02 01 000123ff", Verdict.nshBadLength],
  ["fixed metadata of another length", `0fc5${FIXED.slice(4)}`, Verdict.nshBadLength],
] as const)("check: %s", (_case, hex, verdict) => expect(nsh.check(view(hex), 0, view(hex).byteLength)).toBe(verdict));

test("getters", () => {
  const bytes = view(FIXED);
  expect([nsh.headerBytes(bytes, 0), nsh.nextProtocol(bytes, 0), nsh.servicePath(bytes, 0)]).toEqual([24, 1, 0x123]);
});
