import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Keyword } from "./keyword.ts";
import { parseKeywords, readLine } from "./parse.ts";

const place = { file: "list", line: 1 };
function keyword(line: string): Keyword {
  const read = readLine(line, place);
  if (read === undefined || !("sid" in read)) throw new Error(`${line}: ${JSON.stringify(read)}`);
  return read;
}

test.each<[string, string, Partial<Keyword>]>([
  ["a word", 'word "wget"', { kind: "word", pattern: "wget", contexts: [], direction: "both", severity: "medium", isCaseSensitive: false }],
  [
    "everything",
    'word "wget" context=http-uri,shell case=yes direction=to_server port=80,8000-8100 severity=high note="a \\"b\\" c" # why',
    {
      contexts: ["http-uri", "shell"],
      isCaseSensitive: true,
      direction: "to_server",
      ports: [
        [80, 80],
        [8000, 8100],
      ],
      severity: "high",
      note: 'a "b" c',
    },
  ],
  ["a phrase", 'phrase "rm -rf /"', { kind: "phrase", pattern: "rm -rf /" }],
  ["a command and what follows it", 'command "curl" arguments=/https?:\\/\\//', { kind: "command", suffix: "https?:\\/\\/" }],
  ["an expression", "regex /a\\/b[/]c/is", { kind: "regex", pattern: "a\\/b[/]c", flags: "s", isCaseSensitive: false }],
  ["an expression whose case counts", "regex /abc/", { isCaseSensitive: true }],
  ["bytes", 'hex "7F 45 4c46"', { kind: "hex", pattern: "7f454c46", isCaseSensitive: true }],
  ["escapes in quotes", 'phrase "a\\tb\\x41\\\\"', { pattern: "a\tbA\\" }],
  ["any context", 'word "abc" context=any', { contexts: [] }],
])("read: %s", (_case, line, expected) => expect(keyword(line)).toMatchObject(expected));

test.each<[string, string, number, RegExp]>([
  ["no kind", 'wrod "x"', 1, /no kind/],
  ["nothing behind the kind", "word", 5, /missing/],
  ["an open quote", 'word "abc', 6, /not closed/],
  ["an open expression", "regex /abc", 7, /not closed/],
  ["no space between", 'word "abc"case=no', 11, /without a space/],
  ["a strange escape", 'word "a\\qb"', 8, /means nothing/],
  ["an option that is none", 'word "abc" colour=red', 12, /no option colour/],
  ["a word as an option", 'word "abc" nocase', 12, /no option/],
  ["a context that is none", 'word "abc" context=http-uri,web', 12, /no context web/],
  ["a port that is none", 'word "abc" port=70000', 12, /no list of ports/],
  ["ports the wrong way round", 'word "abc" port=90-80', 12, /no list of ports/],
  ["a severity that is none", 'word "abc" severity=bad', 12, /no severity/],
  ["a direction that is none", 'word "abc" direction=up', 12, /no direction/],
  ["case", 'word "abc" case=maybe', 12, /neither/],
  ["a word of two", 'word "a b"', 6, /no spaces/],
  ["an empty word", 'word ""', 6, /empty/],
  ["half a byte", 'hex "7f4"', 5, /no bytes/],
  ["an expression in quotes", 'regex "abc"', 7, /between slashes/],
  ["a word in slashes", "word /abc/", 6, /in quotes/],
  ["an expression that is wrong", "regex /a(b/", 7, /./],
  ["an expression that matches nothing everywhere", "regex /(abc)?/", 7, /matches nothing/],
  ["an expression without plain characters", "regex /[a-z]+\\d/", 7, /plain characters/],
  ["flags that are none", "regex /abc/x", 7, /flags/],
  ["arguments of a word", 'word "abc" arguments=/x/', 6, /no arguments/],
  ["off without a number", "off wget", 5, /number/],
])("refused with column, cause and mend: %s", (_case, line, column, cause) => {
  const read = readLine(line, place);
  expect(read).toMatchObject({ place, column });
  expect(read !== undefined && "cause" in read ? read.cause : "").toMatch(cause);
  expect(read !== undefined && "mend" in read ? read.mend : "").not.toBe("");
});

test.each(["", "   ", "# comment", "\t# comment", "\r"])("says nothing: %j", (line) => expect(readLine(line, place)).toBeUndefined());

test("a later list turns keywords of an earlier one off; the same one twice is told", () => {
  const { sid } = keyword('word "wget"');
  const { keywords, troubles } = parseKeywords([
    { name: "default", text: '\ufeffword "wget"\nword "curl"\r\nword "wget" severity=high' },
    { name: "own", text: `off ${sid} # noisy\noff 5\n` },
  ]);
  expect(keywords.map(({ pattern, isOn }) => [pattern, isOn])).toEqual([
    ["wget", false],
    ["curl", true],
  ]);
  expect(troubles.map(({ place: { file, line }, cause }) => [file, line, cause])).toEqual([
    ["default", 3, "the same keyword stands in default line 1"],
    ["own", 2, "no keyword has the number 5"],
  ]);
});

const number = (line: string): number => keyword(line).sid;
test("the number stays when the note or severity changes, and changes with what is matched", () => {
  expect(number('word "wget" severity=high note="x"')).toBe(number('word "wget"'));
  for (const other of ['word "curl"', 'phrase "wget"', 'word "wget" case=yes', 'word "wget" context=http', 'word "wget" port=80'])
    expect(number(other)).not.toBe(number('word "wget"'));
});

test("the plain form of a line reads back as the same keyword", () => {
  const text = fc.string({ minLength: 2, maxLength: 12, unit: "grapheme" }).filter((one) => one.trim().length > 1);
  const option = fc.constantFrom(" case=yes", " direction=to_client", " port=1-5,80", " severity=low", " context=http,shell", "");
  fc.assert(
    fc.property(text, fc.array(option, { maxLength: 3 }), text, (pattern, options, note) => {
      const quoted = JSON.stringify(pattern).replace(/\\[bf]|\\u.{4}/g, "x");
      const read = readLine(
        `phrase ${quoted}${[...new Set(options)].join("")} note=${JSON.stringify(note).replace(/\\[bf]|\\u.{4}/g, "x")}`,
        place,
      );
      if (read === undefined || !("sid" in read)) return;
      expect(keyword(read.text)).toEqual(read);
    }),
    { seed: 3 },
  );
});

test("no line throws", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom("word ", "regex ", '"', "/", "\\", "(", "[", "note=", "context=", "off ", "hex ", " ", "#"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const read = readLine(pieces.join(""), place);
      if (read !== undefined && "column" in read) expect(read.column).toBeGreaterThan(0);
    }),
    { seed: 5, numRuns: 3000 },
  );
});
