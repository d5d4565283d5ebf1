import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Indicator, Trouble } from "./indicator.ts";
import { readList } from "./read-list.ts";

function read(text: string): { indicators: Indicator[]; troubles: Trouble[] } {
  const indicators: Indicator[] = [];
  const troubles: Trouble[] = [];
  const steps = readList(
    text,
    (indicator) => indicators.push(indicator),
    (trouble) => troubles.push(trouble),
  );
  while (steps.next().done !== true);
  return { indicators, troubles };
}
const brief = (text: string): string[] => read(text).indicators.map(({ type, value, allowed }) => `${allowed ? "!" : ""}${type} ${value}`);

test.each([
  ["one a line, with comments and notes", "# list\n192.0.2.1\r\nevil.example # phishing\n\n", ["address 192.0.2.1", "domain evil.example"]],
  ["what is allowed", "!good.example\n! 192.0.2.0/24", ["!domain good.example", "!address 192.0.2.0/24"]],
  [
    "a hosts file",
    "127.0.0.1 localhost\n0.0.0.0 a.example b.example\n:: c.example",
    ["domain a.example", "domain b.example", "domain c.example"],
  ],
  ["a list of networks with remarks behind semicolons", "192.0.2.0/24 ; SBL1\n; remark", ["address 192.0.2.0/24"]],
  ["a table", "value,type\nevil.example,domain\n192.0.2.1,ip", ["domain evil.example", "address 192.0.2.1"]],
  [
    "a table whose column says the type",
    "ja3_md5,Firstseen\nabcdefabcdefabcdefabcdefabcdefab,2020",
    ["ja3 abcdefabcdefabcdefabcdefabcdefab"],
  ],
  [
    "a table whose header is a comment",
    '# Feed\n# "first_seen_utc","ioc_value","ioc_type"\n"2026","192.0.2.1:443","ip:port"\n"2026","evil.example","domain"',
    ["address 192.0.2.1", "domain evil.example"],
  ],
  [
    "a table of MISP, of which some rows are no indicators",
    'uuid,type,value,to_ids\n1,ip-dst,192.0.2.1,1\n2,domain,a.example,0\n3,filename|md5,"x|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",1\n4,yara,x,1',
    ["address 192.0.2.1", "md5 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
  ],
  ["a column that allows", "value,action\ngood.example,allow", ["!domain good.example"]],
  [
    "words that speak for what follows",
    "# oddwire: type=ja3 allow\nabcdefabcdefabcdefabcdefabcdefab",
    ["!ja3 abcdefabcdefabcdefabcdefabcdefab"],
  ],
  ["a mark of the byte order", "\ufeffevil.example", ["domain evil.example"]],
])("lists: %s", (_case, text, expected) => {
  expect(brief(text)).toEqual(expected);
  expect(read(text).troubles).toEqual([]);
});

test("source, severity, expiry and note come from the row, else from the words above", () => {
  const { indicators } = read(
    '# oddwire: source="our team" severity=high expires=2027-01-31\nvalue,type,source,expires,note,severity\na.example,domain,,,,\nb.example,domain,CERT,2026-12-31T12:00:00+01:00,"a, b",low\n',
  );
  expect(indicators.map(({ source, severity, expires, note }) => [source, severity, expires, note])).toEqual([
    ["our team", 1, Date.UTC(2027, 0, 31) / 1000, ""],
    ["CERT", 3, Date.UTC(2026, 11, 31, 11) / 1000, "a, b"],
  ]);
});

test.each([
  ["what is nothing", "  nonsense", { line: 1, column: 3 }],
  ["the line counts", "a.example\n\n192.0.2.300", { line: 3, column: 1 }],
  ["two values", "a.example b.example", { line: 1, column: 10 }],
  ["a type that is not known", "value,type\na.example,colour", { line: 2, column: 1 }],
  ["a time that is none", "value,expires\na.example,soon", { line: 2, column: 1 }],
  ["a word that is none", "# oddwire: colour=red", { line: 1, column: 12 }],
  ["a row without a value", "note,value\nx,", { line: 2, column: 1 }],
])("troubles say where: %s", (_case, text, place) => {
  const { troubles } = read(text);
  expect(troubles[0]).toMatchObject(place);
  expect(troubles[0]?.mend).not.toBe("");
});

test("no text throws, and every line is an indicator, a trouble or nothing", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "\n",
      ",",
      '"',
      "#",
      "!",
      "value,type\n",
      "# oddwire: ",
      "192.0.2.1",
      "/",
      ":",
      "[",
      "]",
      "|",
      "ip-dst|port",
      "evil.example",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const { indicators, troubles } = read(text);
      for (const { value } of indicators) expect(value).not.toBe("");
      for (const { line } of troubles) expect(line).toBeLessThanOrEqual(text.split("\n").length);
    }),
    { seed: 7, numRuns: 2000 },
  );
});
