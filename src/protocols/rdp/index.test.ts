import { expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Probe, type ProtocolDefinition, Side } from "#contract/parser.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";

const [definition] = plugin.protocols as [ProtocolDefinition];

protocolSuite(plugin, import.meta.dirname);

test.each([
  ["an industrial connection request", Side.toServer, "0300001611e00000000100c0010ac1020100c2020102", true, Probe.no],
  ["its answer", Side.toClient, "0300001611d00001000100c0010ac1020100c2020102", true, Probe.no],
  ["a negotiation", Side.toServer, "030000130ee000000000000100080003000000", false, Probe.yes],
  ["a negotiation from the wrong side", Side.toClient, "030000130ee000000000000100080003000000", false, Probe.no],
  ["nothing but a connection request", Side.toServer, "0300000b06e00000000000", false, Probe.maybe],
  ["the same on the usual port", Side.toServer, "0300000b06e00000000000", true, Probe.yes],
  ["half a frame", Side.toServer, "030000130ee00000", false, Probe.more],
])("probe: %s", (_case, side, hex, usual, answer) => {
  expect(definition.probe(side, ByteView.over(fromHex(hex)), usual)).toBe(answer);
});
