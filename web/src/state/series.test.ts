import { expect, test } from "vitest";
import { summaryAt } from "#client/testing.ts";
import { OTHER, Series } from "./series.ts";

const at = (second: number, shares: readonly [string, number][]) =>
  summaryAt(second, {
    bits_per_second: shares.reduce((sum, [, bytes]) => sum + bytes * 8, 0),
    protocols: shares.map(([name, bytes]) => ({ name, bytes, packets: 1 })),
  });

test("a window holds the last seconds, largest protocol first, the rest as other", () => {
  const series = new Series();
  for (let i = 0; i < 100; i++)
    series.push(
      at(i, [
        ["dns", 10],
        ["tls", 100],
        ["ntp", 1],
      ]),
    );
  const window = series.window("bits", 10, 2);
  expect(window.times).toHaveLength(11);
  expect(window.parts.map((part) => part.name)).toEqual(["tls", "dns", OTHER]);
  expect(window.parts.map((part) => part.values[10])).toEqual([800, 80, 8]);
});

test("a protocol that falls silent falls to zero, one that appears late is zero before", () => {
  const series = new Series();
  series.push(at(0, [["dns", 10]]));
  series.push(at(1, [["tls", 10]]));
  const { parts } = series.window("bits", 60, 5);
  expect(Object.fromEntries(parts.map((part) => [part.name, [...part.values]]))).toEqual({ dns: [80, 0], tls: [0, 80] });
});

test("after more than an hour the oldest rows go and columns stay aligned", () => {
  const series = new Series();
  for (let i = 0; i < 4000; i++) series.push(at(i, [["tls", i]]));
  const { times, total, parts } = series.window("bits", 1e9, 3);
  expect(times).toHaveLength(3600);
  expect(times[3599]).toBe(1_767_225_600 + 3999);
  expect([total[0], parts[0]?.values[0]]).toEqual([400 * 8, 400 * 8]);
});

test("the same second again replaces its row, an older one starts anew", () => {
  const series = new Series();
  series.push(at(5, [["tls", 1]]));
  series.push(at(5, [["tls", 2]]));
  expect([series.count, series.bits[0]]).toEqual([1, 16]);
  series.push(at(-60, [["dns", 1]]));
  expect([series.count, series.times[0]]).toEqual([1, 1_767_225_540]);
});

test("history fills the columns, a summary that it overtook is left out, the next one goes on", () => {
  const series = new Series();
  series.push(at(0, [["udp", 1]]));
  const time = [10, 11, 12].map((second) => summaryAt(second).time);
  const zero = [0, 0, 0];
  series.load({
    time,
    bits_per_second: [8, 16, 24],
    packets_per_second: zero,
    events_per_second: zero,
    live_flows: zero,
    protocols: [{ name: "tls", bits_per_second: [8, 16, 24], packets_per_second: zero }],
  });
  series.push(at(11, [["tls", 9]]));
  series.push(at(13, [["tls", 4]]));
  expect([...series.window("bits", 60, 3).parts].map((part) => [part.name, Array.from(part.values)])).toEqual([["tls", [8, 16, 24, 32]]]);
});

test("protocols beyond the limit are counted as other", () => {
  const series = new Series();
  series.push(
    at(
      0,
      Array.from({ length: 100 }, (_, i) => [`p${i}`, 1] as [string, number]),
    ),
  );
  const { parts } = series.window("bits", 60, 100);
  expect(parts.at(-1)).toMatchObject({ name: OTHER, sum: 68 * 8 });
});
