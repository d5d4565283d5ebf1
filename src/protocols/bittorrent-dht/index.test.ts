import { expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { probe } from "./parser.ts";

protocolSuite(plugin, import.meta.dirname);

const over = (text: string): ByteView => ByteView.over(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));

test.each([
  ["an answer", "d1:rd2:id3:abce1:t2:aa1:y1:re", Probe.yes],
  ["a dictionary of something else", "d1:ai5e1:bi6e3:xyz2:aae", Probe.no],
  ["a dictionary without an end, nested deeply", `d1:a${"l".repeat(500)}`, Probe.no],
  ["a query that breaks off", "d1:ad2:id20:abcdefgh", Probe.maybe],
  ["words", "d1fferent w0rds", Probe.no],
])("probe: %s", (_case, text, answer) => expect(probe(over(text))).toBe(answer));
