import { expect, test } from "vitest";
import { coverageItems } from "./coverage-items.ts";
import { summaryAt } from "./testing.ts";

const { coverage } = summaryAt(0);

test("every member of the coverage has its item; what is rare has one when there is something to tell", () => {
  const keys = (one: typeof coverage): string[] => coverageItems(one).map((item) => item.key);
  expect(keys({ ...coverage, interface_drops: 1 })).toEqual(Object.keys(coverage));
  expect(keys(coverage)).toEqual(Object.keys(coverage).filter((key) => key !== "interface_drops"));
});

test("zero is clear, anything else is marked and says what it costs", () => {
  expect(coverageItems(coverage).filter((item) => item.tone === "marked")).toEqual([]);
  const drops = coverageItems({ ...coverage, kernel_drops: 12_345 })[0];
  expect(drops).toMatchObject({ tone: "marked", value: "12.3 k" });
  expect(drops?.meaning).toContain("capture.ring-bytes");
});

test("the encrypted share is a fact, not a fault", () => {
  expect(coverageItems({ ...coverage, encrypted_share: 0.823 }).at(-1)).toMatchObject({ tone: "neutral", value: "82 %" });
});
