import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { FrameFlag } from "#contract/source.ts";
import { concat, numberedFrame, type PcapRecord, pcapFile, readCapture, words } from "./testing.ts";

const FRAME = fromHex("001122334455 66778899aabb 0800 45");
const DAY = 86_400;

describe("golden bytes", () => {
  // The same packet of 2020-09-13T12:26:40.123456 in each kind of file, typed by hand.
  test.each([
    ["little-endian microseconds", "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000  00105e5f 40e20100 0f000000 40000000", 1],
    ["big-endian microseconds", "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001  5f5e1000 0001e240 0000000f 00000040", 1],
    ["little-endian nanoseconds", "4d3cb2a1 0200 0400 00000000 00000000 ffff0000 01000000  00105e5f 15cd5b07 0f000000 40000000", 1],
    ["big-endian nanoseconds", "a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000001  5f5e1000 075bcd15 0000000f 00000040", 1],
    [
      "Kuznetzov's format",
      "34cdb2a1 0200 0400 00000000 00000000 ffff0000 01000000  00105e5f 40e20100 0f000000 40000000 02000000 0800 00 00",
      1,
    ],
    ["a link type with FCS bits", "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000024  00105e5f 40e20100 0f000000 40000000", 1],
    ["raw IP by its DLT number", "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 0c000000  00105e5f 40e20100 0f000000 40000000", 101],
  ])("%s", async (_case, hex, linkType) => {
    const read = await readCapture(concat([fromHex(hex), FRAME]));
    const hexFrame = "00112233445566778899aabb080045";
    expect(read.frames).toEqual([
      { number: 1, time: 1_600_000_000_123_456, wire: 64, linkType, flags: 0, interfaceIndex: 0, hex: hexFrame },
    ]);
    expect(read.counters).toMatchObject({ frames: 1, bytes: 15, damaged: 0 });
    expect(read.interfaces).toEqual([""]);
  });

  test("Kuznetzov's packet type 4 is a frame that this host sent", async () => {
    const read = await readCapture(pcapFile({ magic: 0xa1b2cd34, little: false }, [{ seconds: 1, data: FRAME, packetType: 4 }]));
    expect(read.frames[0]?.flags).toBe(FrameFlag.outgoing);
  });

  test("a file of only a header holds no packet and no damage", async () => {
    const read = await readCapture(pcapFile({}, []));
    expect(read.blocks).toEqual([]);
    expect(read.counters).toMatchObject({ frames: 0, damaged: 0 });
  });
});

describe("columns", () => {
  test("time that goes backwards is flagged, and the clock stays at its largest", async () => {
    const records = [5, 7, 6, 6, 8].map((seconds) => ({ seconds, data: FRAME }));
    const read = await readCapture(pcapFile({}, records));
    expect(read.frames.map((frame) => frame.flags)).toEqual([0, 0, FrameFlag.clockBackwards, 0, 0]);
    expect(read.blocks).toEqual([[1, 5, 8_000_000]]);
    const back = await readCapture(pcapFile({}, records.slice(0, 4)));
    expect(back.blocks).toEqual([[1, 4, 7_000_000]]);
  });

  test("packet numbers go on from block to block, cut at full columns and full memory", async () => {
    const records = Array.from({ length: 500 }, (_, i) => ({ seconds: i, data: numberedFrame(i, (i * 37) % 900) }));
    const read = await readCapture(pcapFile({}, records));
    expect(read.frames.map((frame) => frame.number)).toEqual(records.map((_, i) => i + 1));
    expect(read.frames.map((frame) => frame.hex.length / 2)).toEqual(records.map((record) => record.data.length));
    expect(read.blocks.every(([, count]) => count <= 64)).toBe(true);
    expect(read.counters.damaged).toBe(0);
  });

  test("a length on the wire below the captured one, or above 2^31, is put right", async () => {
    const read = await readCapture(
      pcapFile({}, [
        { seconds: 1, data: FRAME, wire: 3 },
        { seconds: 1, data: FRAME },
        { seconds: 1, data: FRAME, wire: 0xffff_ffff },
      ]),
    );
    expect(read.frames.map((frame) => frame.wire)).toEqual([15, 15, 0x7fff_ffff]);
  });

  test("frames a day and more apart are believed when records follow", async () => {
    const records = [1, 3 * DAY, 3, 9 * DAY, 5].map((seconds) => ({ seconds, data: FRAME }));
    const read = await readCapture(pcapFile({}, records));
    expect(read.counters).toMatchObject({ frames: 5, damaged: 0 });
  });

  test("a frame larger than a block is cut to what fits, and the next one is read", async () => {
    const records: PcapRecord[] = [1, 2, 3].map((seconds) => ({ seconds, data: numberedFrame(seconds, seconds === 2 ? 40_000 : 100) }));
    const read = await readCapture(pcapFile({}, records));
    expect(read.frames.map((frame) => [frame.hex.length / 2, frame.wire])).toEqual([
      [100, 100],
      [12_288, 40_000],
      [100, 100],
    ]);
    expect(read.damage).toEqual([{ offset: 140, reason: "a frame of 40000 bytes was cut to 12288" }]);
  });
});

const good = Array.from({ length: 40 }, (_, i): PcapRecord => ({ seconds: 1_600_000_000 + i, data: numberedFrame(i, 60 + i) }));
const wholeFile = pcapFile({}, good);
/** Offset of a record of `good` in its file. */
const offsetOf = (index: number): number => good.slice(0, index).reduce((sum, record) => sum + 16 + record.data.length, 24);

function damagedAt(index: number, field: number, value: number): Uint8Array {
  const bytes = wholeFile.slice();
  new DataView(bytes.buffer).setUint32(offsetOf(index) + field, value, true);
  return bytes;
}

describe("damage", () => {
  const cutWithin = wholeFile.subarray(0, offsetOf(39) + 50);
  const cutInHeader = wholeFile.subarray(0, offsetOf(39) + 7);
  const zeros = concat([wholeFile, new Uint8Array(100)]);
  const inserted = concat([wholeFile.subarray(0, offsetOf(10)), numberedFrame(5, 777), wholeFile.subarray(offsetOf(10))]);
  const joined = concat([wholeFile, wholeFile]);
  const middle = "the file ends in the middle of a record";
  const alone = "a record with an unlikely length or time, and none behind it";
  test.each([
    ["cut within a frame", cutWithin, 39, offsetOf(39), middle],
    ["cut within a record's header", cutInHeader, 39, offsetOf(39), middle],
    [
      "a record of 4 GB",
      damagedAt(10, 8, 0xffff_ffff),
      39,
      offsetOf(10),
      `a record of 4294967295 bytes is impossible; 86 bytes were skipped`,
    ],
    [
      "a captured length beyond the file",
      damagedAt(10, 8, 90_000),
      39,
      offsetOf(10),
      "a record goes beyond the end of the file; 86 bytes were skipped",
    ],
    ["a captured length of one byte too many", damagedAt(10, 8, 71), 39, offsetOf(10), `${alone}; 86 bytes were skipped`],
    [
      "a time far off before a wrong length",
      concat([damagedAt(10, 0, 0x7fff_0000).subarray(0, offsetOf(10) + 30), wholeFile.subarray(offsetOf(11))]),
      39,
      offsetOf(10),
      `${alone}; 30 bytes were skipped`,
    ],
    ["zeros at the end", zeros, 40, wholeFile.length, `${alone}; no record was found behind it`],
    ["foreign bytes in the middle", inserted, 40, offsetOf(10), "a record of 3907115731 bytes is impossible; 777 bytes were skipped"],
    ["two files joined", joined, 80, wholeFile.length, `${alone}; 24 bytes were skipped`],
  ])("%s: what can be read is read, the damage is named", async (_case, bytes, frames, offset, reason) => {
    const read = await readCapture(bytes);
    expect(read.damage).toEqual([{ offset, reason }]);
    expect(read.counters).toMatchObject({ frames, damaged: 1 });
  });

  test("records are found again behind megabytes of nonsense", async () => {
    const nonsense = numberedFrame(99, 3_000_001);
    const read = await readCapture(concat([wholeFile.subarray(0, offsetOf(20)), nonsense, wholeFile.subarray(offsetOf(20))]));
    expect(read.counters).toMatchObject({ frames: 40, damaged: 1 });
    expect(read.damage[0]?.reason).toContain("3000001 bytes were skipped");
  });

  test("at most 100 damages are kept in words, all are counted", async () => {
    const piece = concat([wholeFile.subarray(24), words(true, [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff])]);
    const read = await readCapture(concat([wholeFile, ...Array<Uint8Array>(150).fill(piece)]));
    expect(read.counters).toMatchObject({ frames: 151 * 40, damaged: 150 });
    expect(read.damage.length).toBe(100);
  });
});
