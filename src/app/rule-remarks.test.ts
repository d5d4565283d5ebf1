import { expect, test } from "vitest";
import { type Config, defaultConfig } from "#schema/config.ts";
import { judgedByName, rejectionTexts } from "./rule-remarks.ts";

const config = (more: Partial<Config> = {}): Config => ({ ...defaultConfig, ...more }) as Config;

test.each<[string, [number, number, number], Partial<Config>, string | undefined]>([
  ["nothing to judge by is nothing to tell", [0, 0, 0], {}, undefined],
  ["all are judged", [1200, 0, 0], { "rules.files": ["a.rules"] }, "1,200 judged"],
  ["the command says why some are not", [3, 2, 0], { "rules.files": ["a.rules"] }, "3 judged, 2 rejected: oddwire rules check a.rules"],
  [
    "each kind has a command of its own",
    [3, 1, 1],
    { "rules.files": ["it's.rules"], "keywords.files": ["k"] },
    "3 judged, 1 rejected: oddwire rules check 'it'\\''s.rules'; oddwire keywords check k, 1 given up while they were judged",
  ],
  [
    "many files are not all named",
    [1, 1, 0],
    { "indicators.files": ["a", "b", "c", "d"] },
    "1 judged, 1 rejected: oddwire indicators check a b c …",
  ],
  ["lists of the folder have no command", [1, 1, 0], {}, "1 judged, 1 rejected"],
])("judged: %s", (_case, [loaded, failed, benched], more, text) =>
  expect(
    judgedByName({ "detect.rules_loaded": loaded, "detect.rules_failed": failed, "detect.rules_benched": benched }, config(more)),
  ).toBe(text),
);

test("rejections name the first and the command that names all", () => {
  const rejected = [{ file: "a.rules", line: 7, column: 3, kind: "error", cause: "it has no sid", mend: "give it one" }];
  const report = { loaded: 10, memoryBytes: 0, rejected };
  expect(
    rejectionTexts(
      [
        { ...report, inspector: "signature", rejectedCount: 2 },
        { ...report, inspector: "keyword", rejected: [], rejectedCount: 0 },
        { ...report, inspector: "indicator", rejectedCount: 1 },
      ],
      config({ "rules.files": ["a.rules"] }),
    ),
  ).toEqual([
    "2 of 12 rules rejected: a.rules:7:3: it has no sid; all of them: oddwire rules check a.rules",
    "1 of 11 indicators rejected: a.rules:7:3: it has no sid",
  ]);
});
