import { expect, test } from "vitest";
import { parsed, testWords } from "#engine/rules/language/testing.ts";
import type { RuleWord } from "#schema/rule-word.ts";
import { compileRule, Sides } from "./rule.ts";
import { wordRules } from "./word-rules.ts";

const words: ReadonlyMap<string, RuleWord> = new Map(testWords.map((word) => [word.name, { doc: "", ...word }]));

const rulesOf = (text: string) =>
  wordRules(
    parsed(text).signatures.map((signature, number) => compileRule(signature, number, () => Sides.both)),
    words,
    ["http", "http2", "dns"],
    undefined,
  );

const http = (options: string, sid = 1): string => `alert http any any -> any any (${options} sid:${sid};)`;

test.each([
  ["a rule that is found by a literal in it", http('http.uri; content:"/evil";'), false],
  ["two such rules", `${http('http.uri; content:"/evil";')}\n${http('http.uri; content:"/bad"; nocase;', 2)}`, false],
  ["a rule that is found in another word", http('http.uri; content:"/a"; http.user_agent; content:"longer literal";'), true],
  ["a rule without a literal", http('http.uri; pcre:"/^.[0-9]/";'), true],
  ["one of two rules has no literal", `${http('http.uri; content:"/evil";')}\n${http('http.uri; pcre:"/^.[0-9]/";', 2)}`, true],
  ["a rule that keeps a list of values", http('http.uri; content:"/evil"; dataset:set,seen,type string,state seen.lst;'), true],
])("values of a word without a literal are kept for what may look at them: %s", (_case, text, expected) => {
  expect(rulesOf(text).get("http")?.words.get("http.uri")?.keepsAll).toBe(expected);
});

test("protocols of which the same is asked have their literals in common", () => {
  const found = rulesOf(http('http.uri; content:"/evil";'));
  const [first, second] = ["http", "http2"].map((name) => found.get(name)?.words.get("http.uri")?.literals[0]?.literals);
  expect(first).toBeDefined();
  expect(second).toBe(first);
});
