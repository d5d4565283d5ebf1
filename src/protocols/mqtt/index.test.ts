import { expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { probe } from "./probe.ts";

protocolSuite(plugin, import.meta.dirname);

test.each([
  ["3.1.1", "100c00044d51545404", false, Probe.yes],
  ["a bridge of 3.1", "101000064d514973647083", false, Probe.yes],
  ["version 6", "100c00044d51545406", false, Probe.no],
  ["another name", "100c00044d51545504", false, Probe.no],
  ["too few bytes", "100c0004", false, Probe.more],
  ["a ping on the usual port", "c000", true, Probe.maybe],
  ["a ping elsewhere", "c000", false, Probe.no],
  ["flags that no packet has", "c100", true, Probe.no],
])("probe: %s", (_case, hex, usualPort, answer) => expect(probe(0, ByteView.over(fromHex(hex)), usualPort)).toBe(answer));
