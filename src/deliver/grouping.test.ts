import { expect, test } from "vitest";
import { causesMax, Grouping } from "./grouping.ts";
import { type Notice, noticeOf } from "./notice.ts";
import { finding } from "./testing.ts";

const notice = (number: number, severity = "high"): Notice => noticeOf(finding(number, { severity })) as Notice;

test("a cause is told once in its cool-down; what was held back is told together when it is over", () => {
  const grouping = new Grouping(1000);
  expect([0, 10, 20].map((now) => grouping.take(notice(1), now))).toEqual([true, false, false]);
  expect(grouping.take(notice(2), 30)).toBe(true);
  expect(grouping.due(999)).toEqual([]);
  expect(grouping.due(1000).map(({ title, repeated }) => [title, repeated])).toEqual([["10.0.0.1 calls home", 2]]);
  // The time begins anew, and a cause that was not seen again is forgotten.
  expect([grouping.take(notice(1), 1100), grouping.take(notice(2), 1100)]).toEqual([false, true]);
  expect(grouping.due(Number.POSITIVE_INFINITY).map(({ repeated }) => repeated)).toEqual([1]);
  expect(grouping.due(Number.POSITIVE_INFINITY)).toEqual([]);
  expect(grouping.grouped).toBe(3);
});

test("what is worse than before is told at once", () => {
  const grouping = new Grouping(1000);
  expect([grouping.take(notice(1, "low"), 0), grouping.take(notice(1, "critical"), 1), grouping.take(notice(1, "high"), 2)]).toEqual([
    true,
    true,
    false,
  ]);
});

test("without a cool-down all are told; causes are bounded", () => {
  const open = new Grouping(0);
  expect([open.take(notice(1), 0), open.take(notice(1), 0)]).toEqual([true, true]);
  const grouping = new Grouping(1000);
  const one = notice(1);
  for (let i = 0; i <= causesMax; i++) grouping.take({ ...one, key: String(i) }, 0);
  expect([grouping.take({ ...one, key: "0" }, 1), grouping.take({ ...one, key: "5" }, 1)]).toEqual([true, false]);
});
