import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Probe, type ProtocolDefinition } from "#contract/parser.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";

protocolSuite(plugin, import.meta.dirname);

describe("near misses", () => {
  test.each([
    ["world-of-warcraft", "3000574f524c44204f4620574152435241465420434f4e4e454354494f4f"],
    ["tes-online", "0000000d000100010000000401020304"],
    ["tencent-games", "3366000b000c100100000000010000004c0000000000020300"],
    ["genshin-impact", "000000ff0000000000000000499602d2fffffffe"],
    ["nintendo", "32ab986403fb0381967c40a8"],
    ["activision", "0d0200d3dded03961669981a27af4f381bc0a80015020d6c3deb1fa182"],
    ["steam", "56533032000000000000000000000000"],
  ])("%s: %s", (name, hex) => {
    for (const definition of plugin.protocols as readonly ProtocolDefinition[])
      if (definition.name === name) expect(definition.probe(0, ByteView.over(fromHex(hex)), false)).toBe(Probe.no);
  });
});
