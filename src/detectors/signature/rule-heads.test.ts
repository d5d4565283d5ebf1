import { expect, test } from "vitest";
import { accepted } from "#engine/rules/language/testing.ts";
import { compileRule, Sides } from "./rule.ts";
import { RuleHeads } from "./rule-heads.ts";

const TCP = 6;
const UDP = 17;
const headOf = (text: string): RuleHeads => new RuleHeads([compileRule(accepted(text), 0, () => Sides.both)]);

const content = 'content:"abc"; sid:1;';
test.each<[string, string, boolean, { side?: number; version?: number; protocol?: number; source?: number; target?: number }]>([
  ["any port", `alert tcp any any -> any any (${content})`, true, {}],
  ["the port", `alert tcp any any -> any 80 (${content})`, true, {}],
  ["another port", `alert tcp any any -> any 81 (${content})`, false, {}],
  ["the sender's port", `alert tcp any any -> any 1024 (${content})`, false, {}],
  ["the sender's port, both ways", `alert tcp any any <> any 1024 (${content})`, true, {}],
  ["several ports are left to the judge", `alert tcp any any -> any [81,82] (${content})`, true, {}],
  ["another protocol", `alert udp any any -> any any (${content})`, false, {}],
  ["its protocol", `alert udp any any -> any any (${content})`, true, { protocol: UDP }],
  ["any protocol", `alert ip any any -> any any (${content})`, true, { protocol: UDP, version: 6 }],
  ["the other version", `alert ip6 any any -> any any (${content})`, false, {}],
  ["the other side", `alert tcp any any -> any any (flow:to_client; ${content})`, false, {}],
  ["its side", `alert tcp any any -> any any (flow:to_client; ${content})`, true, { side: 1 }],
])("%s", (_case, text, expected, { side = 0, version = 4, protocol = TCP, source = 1024, target = 80 }) => {
  const heads = headOf(text);
  expect(heads.fits(0, side, heads.layersOf(version, protocol), source, target)).toBe(expected);
});
