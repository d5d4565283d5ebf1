import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { gameKind } from "#protocols/game-query/facts.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { probe } from "./probe.ts";
import { componentText } from "./status.ts";

protocolSuite({ ...plugin, kinds: [gameKind] }, import.meta.dirname);

describe("probe", () => {
  test.each<[string, Side, string, Probe]>([
    ["a handshake", 0, "1000f205096c6f63616c686f737463dd01", Probe.yes],
    ["a handshake that goes nowhere", 0, "1000f205096c6f63616c686f737463dd04", Probe.no],
    ["an address that does not fill it", 0, "1000f205086c6f63616c686f737463dd01", Probe.no],
    ["an answer that is no JSON", 1, "0700054141414141", Probe.no],
    ["TLS", 0, "16030100a5010000a10303", Probe.no],
    ["zeros", 0, "0000000000000000", Probe.no],
  ])("%s", (_case, side, hex, answer) => expect(probe(side, ByteView.over(fromHex(hex)), false)).toBe(answer));
});

test("text components: nested ones are read, up to a depth", () => {
  expect(componentText({ text: "A ", extra: [{ text: "B" }, " C", { extra: [{ translate: "d.e" }] }] })).toBe("A B Cd.e");
  let deep: unknown = "x";
  for (let i = 0; i < 100; i++) deep = { extra: [deep] };
  expect(componentText(deep)).toBe("");
});
