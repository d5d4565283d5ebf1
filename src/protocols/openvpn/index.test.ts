import { expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Probe, type ProtocolDefinition } from "#contract/parser.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";

protocolSuite(plugin, import.meta.dirname);

const [udp] = plugin.protocols as readonly [ProtocolDefinition, ProtocolDefinition];

test.each<[string, string, boolean, Probe]>([
  ["a bare reset", "38 0102030405060708 00 00000000", false, Probe.yes],
  ["one with SHA-1", `38 0102030405060708 ${"a5".repeat(20)} 00000001 67748580 00 00000000`, false, Probe.yes],
  ["one with SHA-512", `38 0102030405060708 ${"a5".repeat(64)} 00000001 67748580 00 00000000`, false, Probe.yes],
  ["another number", `38 0102030405060708 ${"a5".repeat(20)} 00000002 67748580 00 00000000`, true, Probe.no],
  ["a length between", `38 0102030405060708 ${"a5".repeat(21)} 00000001 67748580 00 00000000`, true, Probe.no],
  ["another key", "39 0102030405060708 00 00000000", true, Probe.no],
  ["no session", "38 0000000000000000 00 00000000", true, Probe.no],
  ["data", "30 0102030405060708 00 00000000", true, Probe.no],
  ["too short", "38 01020304", true, Probe.no],
])("probe: %s", (_case, hex, usualPort, expected) => {
  expect(udp.probe(0, ByteView.over(fromHex(hex)), usualPort)).toBe(expected);
});
