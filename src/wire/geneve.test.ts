import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as geneve from "./geneve.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["without options", "0000655800007b00", true],
  ["one option of four bytes", "0200655800007b00 0102800100000000", true],
  ["an option that overruns the header", "0200655800007b00 0102800200000000", false],
  ["options that are not there", "0200655800007b00", false],
  ["version 1", "4000655800007b00", false],
  ["reserved flags", "0001655800007b00", false],
  ["reserved byte", "0000655800007b01", false],
  ["seven bytes", "0000655800007b", false],
] as const)("matches: %s", (_case, hex, answer) => expect(geneve.matches(view(hex), 0, view(hex).byteLength)).toBe(answer));

test("getters", () => {
  const bytes = view("0240655800007b00");
  expect([geneve.vni(bytes, 0), geneve.protocol(bytes, 0), geneve.headerBytes(bytes, 0)]).toEqual([123, 0x6558, 16]);
});
