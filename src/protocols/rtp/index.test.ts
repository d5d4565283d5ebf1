import { expect, test } from "vitest";
import { drive, type Step } from "#test/protocol/drive.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";

protocolSuite(plugin, import.meta.dirname);

const [rtp] = plugin.protocols ?? [];
const packet = (sequence: number, stamp: number, type = 0, ssrc = 7): Step => {
  const bytes = new Uint8Array(172);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x8000 | type);
  view.setUint16(2, sequence);
  view.setUint32(4, stamp);
  view.setUint32(8, ssrc);
  return [0, bytes];
};
const told = (steps: readonly Step[], time: (step: number) => number): Record<string, unknown> | undefined =>
  drive(rtp as NonNullable<typeof rtp>, steps, { time }).events[0]?.[3];

test("jitter: packets of 20 ms that come every 20 and 30 ms in turn", () => {
  const steps = Array.from({ length: 200 }, (_, i) => packet(i, i * 160));
  const even = told(steps, (step) => step * 20_000);
  expect(even).toMatchObject({ packets: 200, lost: 0, jitter: 0, duration: 3.98 });
  // Each arrival differs by 10 ms from the one before: the mean settles there.
  const uneven = told(steps, (step) => step * 20_000 + (step % 2) * 10_000);
  expect(uneven?.["jitter"]).toBeCloseTo(10, 1);
});

test("losses across the turn of the sequence number, a late packet, one twice", () => {
  const numbers = [65_533, 65_534, 1, 0, 2, 2, 5];
  const stream = told(
    numbers.map((number) => packet(number, number * 160)),
    (step) => step * 20_000,
  );
  // 65535, 3 and 4 are missing.
  expect(stream).toMatchObject({ packets: 7, lost: 3, duplicates: 1, out_of_order: 1 });
});

test("a leap is a new beginning, not a loss", () => {
  const stream = told(
    [packet(1, 0), packet(2, 160), packet(30_000, 320), packet(30_001, 480), packet(30_003, 800)],
    (step) => step * 20_000,
  );
  expect(stream).toMatchObject({ packets: 5, lost: 1 });
});

test.each([
  ["one packet", [packet(1, 0)]],
  ["two sources at once", [packet(1, 0, 0, 7), packet(2, 160, 0, 8)]],
  ["numbers that do not follow", [packet(1, 0), packet(9000, 160)]],
])("%s is no stream", (_case, steps) => {
  expect(told(steps, (step) => step)).toBeUndefined();
});
