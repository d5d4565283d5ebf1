import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { OddwireError } from "#contract/errors.ts";
import { BlockPoolMemory } from "./block.ts";
import {
  concat,
  ngBlock,
  ngInterface,
  ngObsolete,
  ngOptions,
  ngPacket,
  ngSection,
  ngSimple,
  ngStatistics,
  numberedFrame,
  pcapFile,
  readCapture,
  words,
} from "./testing.ts";

const RUNS = 10_000;
/** Numbers that break readers. */
const EXTREMES = [0, 1, 3, 11, 12, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 262_144, 262_145, 67_108_865];

const pcap = pcapFile(
  {},
  Array.from({ length: 12 }, (_, i) => ({ seconds: 1_600_000_000 + i, data: numberedFrame(i, 20 + i * 9) })),
);
const flags = ngOptions([
  [2, words(true, [2])],
  [4, words(true, [1, 0])],
]);
const pcapng = concat([
  ngSection(),
  ngInterface(
    1,
    0,
    ngOptions([
      [2, new TextEncoder().encode("eth0")],
      [9, Uint8Array.of(0x80 | 40)],
    ]),
  ),
  ...Array.from({ length: 6 }, (_, i) =>
    ngPacket({ high: i, data: numberedFrame(i, 20 + i * 9), options: i % 2 === 0 ? flags : new Uint8Array(0) }),
  ),
  ngBlock(0xbad, numberedFrame(1, 40)),
  ngSimple(numberedFrame(2, 33)),
  ngObsolete({ data: numberedFrame(3, 31), drops: 2 }),
  ngStatistics(0, ngOptions([[5, words(true, [7, 0])]])),
  ngSection(false),
  ngInterface(113, 0, new Uint8Array(0), false),
  ...Array.from({ length: 4 }, (_, i) => ngPacket({ high: i, data: numberedFrame(i, 30) }, false)),
]);

/** Some bytes changed, taken out, put in or doubled, or the end cut off. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Uint8Array = bytes.slice();
  for (let i = random.between(1, 5); i > 0 && result.length > 8; i--) {
    const at = random.between(4, result.length - 3);
    const view = new DataView(result.buffer, result.byteOffset, result.length);
    switch (random.between(0, 6)) {
      case 0:
        result[at] = random.between(0, 256);
        break;
      case 1:
        if (at + 4 <= result.length) view.setUint32(at & ~3, random.pick(EXTREMES), random.chance(0.8));
        break;
      case 2:
        result = concat([result.subarray(0, at), result.subarray(Math.min(result.length, at + random.between(1, 40)))]);
        break;
      case 3:
        result = concat([result.subarray(0, at), random.bytes(random.between(1, 40)), result.subarray(at)]);
        break;
      case 4:
        result = concat([result.subarray(0, at), result.subarray(Math.max(0, at - random.between(1, 200)))]);
        break;
      default:
        if (random.chance(0.3)) result = result.subarray(0, at);
    }
  }
  return result;
}

describe.each([
  ["pcap", pcap],
  ["pcapng", pcapng],
])("mutated %s", (name, seedFile) => {
  test(`${RUNS} mutations: no failure but a named one, no frame outside of its block, the same blocks from odd pieces`, async () => {
    const random = new Random(20_261_121).fork(name);
    const pool = new BlockPoolMemory({ blocks: 1, bytesMax: 8192, framesMax: 5, shared: false, poison: true });
    let readable = 0;
    for (let run = 0; run < RUNS; run++) {
      const bytes = mutate(seedFile, random);
      try {
        // `readCapture` copies each frame, and fails when one does not lie in its block.
        const read = await readCapture(bytes, { pool });
        const captured = read.frames.reduce((sum, frame) => sum + frame.hex.length / 2, 0);
        if (captured > bytes.length) throw new Error("more bytes were read than there are");
        if (read.frames.some((frame, i) => frame.number !== i + 1 || !(frame.time >= 0 && frame.time <= 2 ** 53)))
          throw new Error("a number or a time is wrong");
        if (read.counters.frames !== read.frames.length) throw new Error("the count is wrong");
        if (run % 50 === 0) expect(await readCapture(bytes, { pool, pieces: [1, 7, 300] })).toEqual(read);
        readable++;
      } catch (error) {
        if (!(error instanceof OddwireError)) throw new Error(`run ${run}: ${String(error)}`, { cause: error });
      }
      expect(pool.free).toBe(1);
    }
    expect(readable).toBeGreaterThan(RUNS * 0.9);
  });
});
