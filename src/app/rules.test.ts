import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { checkRules, ruleText } from "./rules.ts";

test.each([
  ["plain text stays", [71, 69, 84, 32, 47], "GET /"],
  ["bytes in a row share their pipes", [97, 0, 1, 98], "a|00 01|b"],
  ["what rules give a meaning is written as bytes", [34, 59, 58, 92, 124], "|22 3b 3a 5c 7c|"],
  ["nothing stays nothing", [], ""],
])("ruleText: %s", (_case, bytes, text) => expect(ruleText(Uint8Array.from(bytes))).toBe(text));

test("rules of a file are accepted or refused, and lists that are not there are told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oddwire-rules-"));
  try {
    const file = join(folder, "own.rules");
    writeFileSync(
      file,
      'alert tcp any any -> any 22 (msg:"a"; flow:to_server; content:"abcd"; sid:1;)\nalert tcp any any -> any any (nonsense; sid:2;)\nalert dns any any -> any any (dns.query; dataset:isset,names,type string,load names.lst; sid:3;)\n',
    );
    const { config } = await loadConfig({ file: undefined, environment: {}, settings: [] });
    const { rules, refused, warnings } = checkRules([file], config);
    expect(rules.map(({ sid, scope, side }) => [sid, scope, side])).toEqual([
      [1, "stream", "toServer"],
      [3, "transaction", "toServer"],
    ]);
    expect(rules[0]?.prefilter).toEqual({ buffer: "payload", literal: "abcd", bytes: 4, nocase: false });
    expect(refused).toMatchObject([{ file, line: 2, column: 31, sid: 2, kind: "unsupported" }]);
    expect(warnings).toMatchObject([{ file, cause: "the list names.lst is not there" }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
