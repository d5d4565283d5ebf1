import { describe, expect, test } from "vitest";
import { ActionWindow, waypointsMax } from "./action-window.ts";

function copy(window: ActionWindow): { waits: number[]; tokens: number[] } {
  const [gaps, tokens] = [new Float64Array(window.actionsMax), new Uint8Array(window.actionsMax)];
  const n = window.copyActions(gaps, tokens);
  return { waits: [...gaps.subarray(0, n)], tokens: [...tokens.subarray(0, n)] };
}

describe("action window", () => {
  test("holds the last actions, oldest first, through growth and around its end", () => {
    for (const count of [0, 1, 63, 64, 65, 199, 200, 201, 533]) {
      const window = new ActionWindow(200);
      for (let i = 0; i < count; i++) window.push(i + 1, i % 24);
      const { waits, tokens } = copy(window);
      const from = Math.max(0, count - 200);
      expect(window.count).toBe(count);
      expect(waits.map(Math.round)).toEqual(Array.from({ length: count - from }, (_, i) => from + i + 1));
      expect(tokens).toEqual(Array.from({ length: count - from }, (_, i) => (from + i) % 24));
    }
  });

  test.each([
    ["nothing is a millisecond", 0, 0.001],
    ["a tick", 0.0667, 0.0667],
    ["an hour", 3600, 3600],
    ["a day", 86_400, 86_400],
  ])("%s: a wait is kept to 1 in 3,000", (_case, seconds, kept) => {
    const window = new ActionWindow(50);
    window.push(seconds, 1);
    expect(Math.abs((copy(window).waits[0] as number) / kept - 1)).toBeLessThan(1 / 3000);
  });

  test("equal waits stay equal, longer ones never become shorter", () => {
    const window = new ActionWindow(400);
    for (let i = 0; i < 400; i++) window.push(0.001 * 1.03 ** (i >> 1), 0);
    const { waits } = copy(window);
    for (let i = 1; i < waits.length; i++) expect(waits[i]).toBeGreaterThanOrEqual(waits[i - 1] as number);
    expect(new Set(waits).size).toBe(200);
  });

  test("way points: only where something moved, and the last ones", () => {
    const window = new ActionWindow(50);
    for (let i = 0; i < 200; i++) for (let again = 0; again < 2; again++) window.pushPoint(i, i * 2);
    const [x, y] = [new Float64Array(waypointsMax), new Float64Array(waypointsMax)];
    expect(window.copyPoints(x, y)).toBe(waypointsMax);
    expect([x[0], y[0], x[waypointsMax - 1]]).toEqual([72, 144, 199]);
  });
});
