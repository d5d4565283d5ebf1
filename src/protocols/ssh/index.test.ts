import { expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { probe } from "./parser.ts";

protocolSuite(plugin, import.meta.dirname);

test.each([
  ["a greeting", "SSH-2.0-x", Probe.yes],
  ["too few bytes", "SSH", Probe.more],
  ["the magic without a version", "SSH-x", Probe.no],
  ["another protocol's greeting", "220 SSH-2.0", Probe.no],
])("probe: %s", (_case, text, answer) => {
  expect(probe(0, ByteView.over(Uint8Array.from(text, (letter) => letter.charCodeAt(0))))).toBe(answer);
});
