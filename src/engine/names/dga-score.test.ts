import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { benignName } from "./dga/benign.ts";
import { randomFamilies, wordFamilies } from "./dga/families.ts";
import { modelText, trainModel } from "./dga/model-text.ts";
import { judgeName } from "./dga-score.ts";
import { splitName } from "./registered-domain.ts";
import { segment } from "./segment.ts";
import { Vocabulary } from "./vocabulary.ts";
import { readWeights, writeWeights } from "./weight-text.ts";
import { words } from "./words.ts";

const score = (label: string, suffix = "com"): number => judgeName({ label, suffix })?.score ?? Number.NaN;

describe("judgeName", () => {
  test.each(["wikipedia", "weather-forecast", "kitchenstories", "northwind", "stackoverflow", "deutschebahn", "nytimes", "berkeley"])(
    "%s is a name that people gave",
    (label) => expect(score(label)).toBeLessThan(0.3),
  );

  test.each(["xqjzkwvbtpmd", "a8f3c09e71bd42f6", "kq3v7zx2mp5t6w", "wdhqkxrtplcn", "ohbkqwfvjmtrae"])("%s was made by a program", (label) =>
    expect(score(label)).toBeGreaterThan(0.9),
  );

  test("hosts of clouds are judged by who registered the name above them", () => {
    const host = splitName("d3k5l8qxz7w2v1.cloudfront.net");
    expect(host === undefined ? 1 : (judgeName(host)?.score ?? 1)).toBeLessThan(0.5);
  });

  test("the suffix weighs, but little", () => {
    expect(score("qwkrtplm", "top")).toBeGreaterThan(score("qwkrtplm", "com"));
    expect(score("northwind", "tk")).toBeLessThan(0.5);
  });

  test.each(["", "abc", "xn--mnchen-3ya", "a b c d", "ümlaut", "x".repeat(64)])("'%s' is not judged", (label) =>
    expect(judgeName({ label, suffix: "com" })).toBeUndefined(),
  );

  test("any label gives a score between zero and one, or none", () => {
    const label = fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9-]{1,63}$/));
    fc.assert(
      fc.property(label, (text) => {
        const judged = judgeName({ label: text, suffix: "com" });
        if (judged !== undefined) expect(judged.score >= 0 && judged.score <= 1).toBe(true);
      }),
    );
  });
});

test("the model of the product is what its sources give", () => {
  const committed = readFileSync(join(import.meta.dirname, "dga-model.generated.ts"), "utf8");
  expect(modelText(trainModel()) === committed).toBe(true);
  expect(committed.length).toBeLessThan(65_536);
});

const shareAbove = (labels: readonly string[]): number => labels.filter((label) => score(label) > 0.9).length / labels.length;

test("campaigns that training never saw are found, and names by rule pass", () => {
  const random = new Random(99);
  expect(shareAbove(Array.from({ length: 2000 }, () => benignName(random, words)))).toBeLessThan(0.01);
  for (const [name, family] of Object.entries(randomFamilies)) {
    expect([name, shareAbove(family(4242, 300)) > (name === "few-letters" ? 0.2 : 0.5)]).toEqual([name, true]);
  }
});

describe("families", () => {
  test.each(Object.entries({ ...randomFamilies, ...wordFamilies }))("%s: a seed gives its names, another seed others", (_name, family) => {
    const names = family(20_260_101, 50);
    expect(family(20_260_101, 50)).toEqual(names);
    expect(family(20_260_102, 50)).not.toEqual(names);
    expect(names.filter((name) => !/^[a-z0-9]{6,63}$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBeGreaterThan(45);
  });
});

describe("what it stands on", () => {
  test.each([
    ["two words", "kitchenstories", 14, 2],
    ["the longer words win", "weathercock", 7, 1],
    ["a word inside of noise", "xqzgardenkk", 6, 1],
    ["no word", "xqzvkk", 0, 0],
  ])("segment: %s", (_case, label, covered, count) => {
    const known = new Vocabulary(["kitchen", "stories", "weather", "garden", "her", "eat", "den"]);
    expect(segment(label, known)).toEqual({ covered, words: count });
  });

  test("weights come back from their text", () => {
    const levels = Float64Array.from({ length: 91 }, (_, i) => i - 45);
    const text = writeWeights(levels, 1);
    expect(text).toMatch(/^[#-[\]-~]{91}$/);
    expect(Array.from(readWeights(text, 91))).toEqual(Array.from(levels));
    expect([...readWeights(writeWeights(Float64Array.of(1000, -1000), 1), 3)]).toEqual([45, -45, 0]);
  });
});
