import { describe, expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import { gameKind } from "#protocols/game-query/facts.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { probe } from "./probe.ts";

protocolSuite({ ...plugin, kinds: [gameKind] }, import.meta.dirname);

const bytes = (text: string): ByteView => ByteView.over(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));

describe("probe", () => {
  test.each([
    ["a question of version 1", "\\status\\", false, Probe.yes],
    ["a path", "\\server\\share\\file", false, Probe.no],
    ["a question of version 3", "\xfe\xfd\x09\0\0\0\x01", false, Probe.yes],
    ["DTLS", "\xfe\xfd\0\0\0\0\0\0\0\0\0\0\x10", false, Probe.no],
    ["a challenge", "\x09\0\0\0\x0112345\0", false, Probe.maybe],
    ["a challenge on a usual port", "\x09\0\0\0\x0112345\0", true, Probe.yes],
    ["settings", "\0\0\0\0\x01hostname\0Example\0", false, Probe.yes],
    ["zeros", "\0\0\0\0\0\0\0\0\0\0\0\0", false, Probe.no],
  ])("%s", (_case, text, usual, answer) => expect(probe(0, bytes(text), usual)).toBe(answer));
});
