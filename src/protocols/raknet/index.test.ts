import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import { gameKind } from "#protocols/game-query/facts.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { probe } from "./probe.ts";

protocolSuite({ ...plugin, kinds: [gameKind] }, import.meta.dirname);

describe("probe", () => {
  const magic = "00ffff00fefefefefdfdfdfd12345678";
  test.each([
    ["a ping", `01${"00".repeat(8)}${magic}${"11".repeat(8)}`, false, Probe.yes],
    ["a ping with another magic", `01${"00".repeat(8)}${magic.replace("fe", "ff")}${"11".repeat(8)}`, false, Probe.no],
    ["frames that fill the datagram", "84000000400010000000090a", false, Probe.maybe],
    ["the same on a usual port", "84000000400010000000090a", true, Probe.yes],
    ["frames that do not", "84000000400010000000090a0b", false, Probe.no],
    ["an acknowledgement", "c0000101000000", false, Probe.maybe],
    ["an acknowledgement with more behind it", "c000010100000000", false, Probe.no],
    ["RTP", "800000010000000000000001d5d5d5d5d5", false, Probe.no],
  ])("%s", (_case, hex, usual, answer) => expect(probe(0, ByteView.over(fromHex(hex)), usual)).toBe(answer));
});
