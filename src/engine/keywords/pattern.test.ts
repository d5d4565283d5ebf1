import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { latin1 } from "#base/bytes.ts";
import { parseKeywords } from "./parse.ts";
import { patternOf } from "./pattern.ts";
import { requiredTexts } from "./required.ts";
import { keywordsIn } from "./test-text.ts";

function matched(line: string, text: string): boolean {
  const { keywords, troubles } = parseKeywords([{ name: "list", text: line }]);
  expect(troubles).toEqual([]);
  return keywordsIn(keywords, text).length > 0;
}

const word = 'word "wget"';
test.each<[string, string, string, boolean]>([
  ["a word alone", word, "wget", true],
  ["between spaces", word, "use wget now", true],
  ["in capitals", word, "WGET", true],
  ["in capitals, when case counts", 'word "wget" case=yes', "WGET", false],
  ["behind a letter", word, "rwget", false],
  ["before a digit", word, "wget2", false],
  ["before an underscore", word, "wget_log", false],
  ["in camel case", word, "runWget", false],
  ["at the front of camel case", word, "wgetUrl", false],
  ["behind a percent sign and digits", word, "x=1%20wget%20-q", true],
  ["behind an escaped line end", word, '{"x":"a\\nwget b"}', true],
  ["behind a letter that no backslash escapes", word, "anwget", false],
  ["behind an escape of JSON", word, "\\u0020wget", true],
  ["with a hyphen", word, "wget-log", true],
  ["a phrase over any spaces", 'phrase "rm -rf"', "rm \t -rf", true],
  ["a phrase over plus signs and percent signs", 'phrase "rm -rf"', "rm+%20-rf", true],
  ["a phrase over what a shell takes for a space", 'phrase "cat /etc/passwd"', "cat$IFS$9/etc/passwd", true],
  ["a phrase that ends like another word", 'phrase "rm -rf"', "farm -rf", false],
  ["a phrase whose edge is no word", 'phrase "eval("', "xeval(1", false],
  ["a phrase that may be followed by anything", 'phrase "cmd="', "cmd=ls", true],
  ["a command at the beginning", 'command "wget"', "wget http://a", true],
  ["a command behind a separator", 'command "wget"', "ls; wget http://a", true],
  ["a command behind a percent sign", 'command "wget"', "ip=1%3Bwget%20http://a", true],
  ["a command in a substitution", 'command "wget"', "$(wget http://a)", true],
  ["a command with a path", 'command "wget"', "x|/usr/bin/wget http://a", true],
  ["a command of another user", 'command "wget"', "&& sudo busybox wget http://a", true],
  ["a command as a parameter", 'command "wget"', "/x.php?cmd=wget+http://a", true],
  ["a command with the ending of Windows", 'command "certutil"', "&&certutil.exe -urlcache", true],
  ["a command at a prompt", 'command "wget"', "root@a:/# wget a", true],
  ["a command in a sentence", 'command "wget"', "you may use wget to load it", false],
  ["a software's name", 'command "wget"', "Wget/1.21", false],
  ["a command with what must follow", 'command "nc" arguments=/-e\\s/', "; nc -v -e /bin/sh", true],
  ["a command without it", 'command "nc" arguments=/-e\\s/', "; nc -v host", false],
  ["what must follow on another line", 'command "nc" arguments=/-e\\s/', "; nc -v host\n -e x", false],
  ["an expression", "regex /union\\s+select/i", "UNION  SELECT", true],
  ["bytes", 'hex "00 41 42"', "x\0AB", true],
  ["bytes beyond ASCII, as UTF-8", 'word "größe"', "die größe", true],
])("matches: %s", (_case, line, text, expected) => expect(matched(line, text)).toBe(expected));

test.each<[string, string[]]>([
  ["abc", ["abc"]],
  ["a(bcdef)g", ["bcdef"]],
  ["ab+cde", ["cde"]],
  ["abcd?", ["abc"]],
  ["ab|cd", ["ab", "cd"]],
  ["ab|.", []],
  ["(?:ab|cd)efg", ["efg"]],
  ["(?:abcd|efgh)(?:x|y)ij", ["abcd", "efgh"]],
  ["(?:abcd|efgh)?ij", ["ij"]],
  ["(?:abc)+", ["abc"]],
  ["(?:abc){0,2}d", ["d"]],
  ["\\bwget\\b", ["wget"]],
  ["a\\.b\\/c", ["a.b/c"]],
  ["[abc]def[^\\]]gh", ["def"]],
  ["ab{2,3}cde", ["cde"]],
  ["x\\x41bcd", ["bcd"]],
  ["(?!abcdef)gh", ["gh"]],
  ["(?<=abcdef)gh", ["gh"]],
  ["", []],
])("what an expression always holds: %s", (source, texts) => expect(requiredTexts(source)).toEqual(texts));

test("the default list is right, and what leads to its expressions is in what they match", () => {
  const { keywords, troubles } = parseKeywords([{ name: "default", text: readFileSync("rules/keywords.txt", "utf8") }]);
  expect(troubles).toEqual([]);
  let tried = 0;
  for (const keyword of keywords) {
    const { source, literals } = patternOf(keyword);
    const texts = literals.map((literal) => latin1(literal, 0, literal.length).toLowerCase());
    if (/\(\?<?[=!]|\\b|\\1/.test(source)) continue;
    tried++;
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(source)), (text) => texts.some((one) => text.toLowerCase().includes(one))),
      { seed: 1, numRuns: 20 },
    );
  }
  expect(tried).toBeGreaterThan(20);
});
