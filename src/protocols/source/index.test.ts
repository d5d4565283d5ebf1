import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import { gameKind } from "#protocols/game-query/facts.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import { bunzip2 } from "./bzip2.ts";
import plugin from "./index.ts";
import { probe } from "./probe.ts";

protocolSuite({ ...plugin, kinds: [gameKind] }, import.meta.dirname);

describe("probe", () => {
  test.each([
    ["A2S_INFO", "ffffffff54536f7572636520456e67696e6520517565727900", Probe.yes],
    ["a challenge", "ffffffff4101020304", Probe.yes],
    ["a challenge that is too long", "ffffffff410102030405", Probe.no],
    ["players that do not fit", "ffffffff440500", Probe.no],
    ["a Quake query", "ffffffff676574737461747573", Probe.no],
    ["a part whose number is beyond the total", `feffffff0100000002040000${"00".repeat(8)}`, Probe.no],
    ["four bytes", "ffffffff", Probe.no],
  ])("%s", (_case, hex, answer) => expect(probe(0, ByteView.over(fromHex(hex)), false)).toBe(answer));
});

test("bzip2: a text with runs comes out as it went in", () => {
  const packed =
    "425a6839314159265359e8c206cf00002d5b80c000002048400000a2a65d20000820005451a1a64c11832469a106d3d44d490130c412051af0410a60f1e8132ffe55cca1b75ebe5b8898a177245385090e8c206cf0";
  const plain = bunzip2(fromHex(packed), 0, 1000) as Uint8Array;
  expect(String.fromCharCode(...plain)).toBe(`sv_gravity\x00800\x00${"a".repeat(300)}mp_timelimit\x00${"30\x00".repeat(20)}`);
  expect(bunzip2(fromHex(packed), 0, 100)).toBeUndefined();
  expect(bunzip2(fromHex(packed.slice(0, -40)), 0, 1000)).toBeUndefined();
});
