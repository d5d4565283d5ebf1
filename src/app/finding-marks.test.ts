import { expect, test } from "vitest";
import { FakeFindingMarks } from "#test/fake/fake-finding-marks.ts";
import { LearningMarks } from "./finding-marks.ts";

const beacon = (port: number) => ({ detector: "beacon", category: "beacon", port, networks: ["10.1.0.0/16"], reasons: { gaps: 3 } });
const scan = { detector: "port-scan", category: "scan", networks: ["internet"], reasons: { doors: 40 } };

test("says nothing before the first verdict, is unsure after a few, and knows after many", () => {
  const marks = new LearningMarks(new FakeFindingMarks());
  expect(marks.opinion(beacon(443))).toBeUndefined();
  marks.put("b0", { state: "seen" }, beacon(443));
  expect(marks.opinion(beacon(443))).toBeUndefined();
  marks.put("b1", { state: "benign" }, beacon(443));
  expect(marks.opinion(beacon(443))).toMatchObject({ verdict: "unknown", verdicts: 1 });
  for (let i = 2; i < 12; i++) marks.put(`b${i}`, { state: "benign" }, beacon(443));
  for (let i = 0; i < 8; i++) marks.put(`s${i}`, { state: "closed" }, scan);
  const opinion = marks.opinion(beacon(443));
  expect(opinion).toMatchObject({ verdict: "benign", alike: 11, verdicts: 19 });
  expect(opinion?.reasons[0]?.weight).toBeGreaterThan(0);
  expect(marks.opinion(scan)).toMatchObject({ verdict: "true", alike: 8 });
});

test("a verdict that is taken back is forgotten", () => {
  const marks = new LearningMarks(new FakeFindingMarks());
  for (let i = 0; i < 12; i++) marks.put(`b${i}`, { state: "false" }, beacon(443));
  expect(marks.opinion(beacon(443))?.verdict).toBe("false");
  for (let i = 0; i < 12; i++) marks.put(`b${i}`, { state: "new" }, beacon(443));
  expect(marks.opinion(beacon(443))).toBeUndefined();
});
