import { expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { DerCursor } from "#base/der.ts";
import { Probe, type ProtocolDefinition } from "#contract/parser.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import { filterText } from "./filter.ts";
import plugin from "./index.ts";

const [overTcp] = plugin.protocols as [ProtocolDefinition];

protocolSuite(plugin, import.meta.dirname);

test.each([
  ["presence", "870b6f626a656374436c617373", "(objectClass=*)"],
  ["both", "a010a306040161040162a306040163040164", "(&(a=b)(c=d))"],
  ["not", "a208a306040161040162", "(!(a=b))"],
  ["substrings", "a40e0401613009800162810163820164", "(a=b*c*d)"],
  ["a beginning", "a4080401613003800162", "(a=b*)"],
  ["letters with a meaning", "a3080401610403282a5c", "(a=\\28\\2a\\5c)"],
  ["a rule", "a90a81013182026964830131", "(id:1:=1)"],
  ["an unknown kind", "ab00", "(?)"],
])("filter: %s", (_case, hex, text) => {
  const bytes = fromHex(hex);
  const cursor = new DerCursor(bytes, 0, bytes.length);
  expect(cursor.next()).toBe(true);
  expect(filterText(cursor)).toBe(text);
});

test("a filter of filters without end is cut", () => {
  let bytes = fromHex("870161");
  for (let depth = 0; depth < 40; depth++) bytes = Uint8Array.from([0xa2, bytes.length, ...bytes]);
  const cursor = new DerCursor(bytes, 0, bytes.length);
  cursor.next();
  expect(filterText(cursor)).toMatch(/^(?:\(!){13}\(…\)\){13}$/);
});

test.each([
  ["a request of SNMP", "302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500", Probe.no],
  ["an operation longer than its message", "300c020101604002010304008000", Probe.no],
  ["a bind", "300c020101600702010304008000", Probe.yes],
  ["its beginning", "300c020101", Probe.more],
])("probe: %s", (_case, hex, answer) => {
  expect(overTcp.probe(0, ByteView.over(fromHex(hex)), false)).toBe(answer);
});
