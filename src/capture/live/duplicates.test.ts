import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DuplicateFinder } from "./duplicates.ts";

interface Frame {
  readonly type?: number;
  readonly id?: number;
  /** Hop limit: what a router changes. */
  readonly hops?: number;
  readonly sequence?: number;
  /** Bytes of TCP data (IPv6). */
  readonly data?: number;
  readonly outgoing?: boolean;
  /** Microseconds since the frame before. */
  readonly after?: number;
}

/** Fields that the finder looks at, in an Ethernet frame of IPv4 or IPv6 with TCP. */
function view(frame: Frame): DataView {
  const one = new DataView(new ArrayBuffer(90));
  const { type = 0x0800, id = 7, hops = 64, sequence = 1, data = 10 } = frame;
  one.setUint16(12, type);
  const six = type === 0x86dd;
  one.setUint16(six ? 18 : 16, six ? 20 + data : 40 + data);
  one.setUint16(six ? 28 : 18, six ? 0 : id);
  one.setUint8(six ? 21 : 22, hops);
  one.setUint8(six ? 20 : 23, 6);
  one.setUint32((six ? 54 : 34) + 4, sequence);
  one.setUint8((six ? 54 : 34) + 12, 5 << 4);
  return one;
}

function marks(loopback: boolean, frames: readonly Frame[]): readonly boolean[] {
  const finder = new DuplicateFinder(loopback);
  let time = 1_000_000_000;
  return frames.map((frame) => {
    time += frame.after ?? 10;
    return finder.isDuplicate(view(frame), 0, 90, 90, frame.outgoing ?? false, time);
  });
}

const others = (count: number): readonly Frame[] => Array.from({ length: count }, (_, i) => ({ id: 1000 + i }));

test.each<[string, boolean, readonly Frame[], readonly number[]]>([
  ["a copy right behind its original", false, [{}, {}], [1]],
  ["the fourth of four, as the second", false, [{}, {}, {}, {}], [1, 3]],
  ["a copy that a router has passed on", false, [{}, { hops: 63 }], [1]],
  ["not another identification", false, [{ id: 1 }, { id: 2 }], []],
  ["not a datagram without identification", false, [{ id: 0 }, { id: 0 }], []],
  ["a copy behind 60 others", false, [{}, ...others(60), {}], [61]],
  ["not behind 70 others", false, [{}, ...others(70), {}], []],
  ["not after 6 ms", false, [{}, { after: 6000 }], []],
  ["IPv6 with data", false, [{ type: 0x86dd }, { type: 0x86dd }], [1]],
  [
    "not a repeated acknowledgement over IPv6",
    false,
    [
      { type: 0x86dd, data: 0 },
      { type: 0x86dd, data: 0 },
    ],
    [],
  ],
  ["not what is neither", false, [{ type: 0x0806 }, { type: 0x0806 }], []],
  ["loopback: received after sent", true, [{ outgoing: true }, {}], [1]],
  ["loopback: two sent, then both received", true, [{ outgoing: true }, { outgoing: true }, {}, {}], [2, 3]],
  ["loopback: not received without sent", true, [{}, {}], []],
  ["loopback: never what is sent", true, [{ outgoing: true }, { outgoing: true }, { outgoing: true }], []],
  ["loopback: anything, also without identification", true, [{ type: 0x0806, outgoing: true }, { type: 0x0806 }], [1]],
])("marked: %s", (_case, loopback, frames, marked) => {
  expect(marks(loopback, frames).flatMap((mark, i) => (mark ? [i] : []))).toEqual(marked);
});

test("at most half of the frames are marked, whatever they are", () => {
  const frame = fc.record({
    id: fc.nat(3),
    hops: fc.constantFrom(63, 64),
    outgoing: fc.boolean(),
    type: fc.constantFrom(0x0800, 0x86dd, 0x0806),
  });
  fc.assert(
    fc.property(fc.boolean(), fc.array(frame, { maxLength: 60 }), (loopback, frames) => {
      expect(marks(loopback, frames).filter(Boolean).length * 2).toBeLessThanOrEqual(frames.length);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("a frame of any length at the end of the memory is looked at without reading past it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (bytes, loopback) => {
      const finder = new DuplicateFinder(loopback);
      const one = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      finder.isDuplicate(one, 0, bytes.length, bytes.length, true, 1);
      expect(finder.isDuplicate(one, 0, bytes.length, bytes.length, true, 1) && loopback).toBe(false);
    }),
    { seed: 7, numRuns: 500 },
  );
});
