import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { Probe } from "#contract/parser.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { probe } from "./probe.ts";

protocolSuite(plugin, import.meta.dirname);

describe("probe", () => {
  test.each<readonly [string, string, Probe]>([
    ["a greeting", "050100", Probe.yes],
    ["a greeting that is not complete", "0502 00", Probe.more],
    ["the same method twice", "0502 0000", Probe.no],
    ["a bind of DCE/RPC", "05000b0310000000", Probe.no],
    ["text behind a greeting", "050100 474554", Probe.no],
    ["a request of SOCKS 4 to an unusual port, without a user", "0401 0050 c0000207 00", Probe.maybe],
    ["bytes behind a request of SOCKS 4", "0401 0050 c0000207 00 01", Probe.no],
  ])("%s", (_case, hex, answer) => expect(probe(0, ByteView.over(fromHex(hex)), false)).toBe(answer));

  test("random bytes are hardly ever SOCKS", () => {
    const random = new Random(5);
    let wrong = 0;
    for (let i = 0; i < 20_000; i++) if (probe(0, ByteView.over(random.bytes(random.between(4, 60))), true) === Probe.yes) wrong++;
    expect(wrong).toBe(0);
  });
});
