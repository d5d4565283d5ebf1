import { expect, test } from "vitest";
import { peak, stacked } from "./stack.ts";

const part = (name: string, values: number[]) => ({ name, values: Float64Array.from(values), sum: 0 });

test("each layer stands on the ones below and the parts stay as they were", () => {
  const parts = [part("tls", [1, 2]), part("dns", [10, 20]), part("other", [100, 200])];
  const window = { times: Float64Array.of(1, 2), total: Float64Array.of(111, 222), parts };
  expect(stacked(window).map((layer) => Array.from(layer))).toEqual([
    [1, 2],
    [11, 22],
    [111, 222],
  ]);
  expect([...(parts[2]?.values ?? [])]).toEqual([100, 200]);
});

test("the peak of nothing is 0", () => expect([peak(new Float64Array()), peak(Float64Array.of(3, 9, 4))]).toEqual([0, 9]));
