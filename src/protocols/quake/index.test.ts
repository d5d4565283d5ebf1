import { describe, expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import { gameKind } from "#protocols/game-query/facts.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { probe, probeDoom } from "./probe.ts";

protocolSuite({ ...plugin, kinds: [gameKind] }, import.meta.dirname);

const bytes = (text: string): ByteView => ByteView.over(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));

describe("probe", () => {
  test.each([
    ["getstatus", "\xff\xff\xff\xffgetstatus", Probe.yes],
    ["a command that is no command of Quake", "\xff\xff\xff\xffgetstatusx", Probe.no],
    ["GoldSrc's challenge", "\xff\xff\xff\xffgetchallenge steam\n", Probe.no],
    ["GoldSrc's connect", '\xff\xff\xff\xffconnect 48 1 "\\prot\\3"', Probe.no],
    ["A2S_INFO", "\xff\xff\xff\xffTSource Engine Query\0", Probe.no],
    ["a control message with another length", "\x80\x00\x00\x10\x02QUAKE\0\x03", Probe.no],
    ["nothing", "", Probe.no],
  ])("%s", (_case, text, answer) => expect(probe(0, bytes(text))).toBe(answer));

  test("Doom 3's command ends with a zero byte", () => {
    expect(probeDoom(0, bytes("\xff\xffgetInfo\0abcd"))).toBe(Probe.yes);
    expect(probeDoom(0, bytes("\xff\xffgetInfo abcd"))).toBe(Probe.no);
  });
});
