import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { FrameFlag } from "#contract/source.ts";
import {
  concat,
  halves,
  ngBlock,
  ngInterface,
  ngObsolete,
  ngOptions,
  ngPacket,
  ngSection,
  ngSimple,
  ngStatistics,
  numberedFrame,
  readCapture,
  words,
} from "./testing.ts";

const FRAME = fromHex("001122334455 66778899aabb 0800 45");
const HEX = "00112233445566778899aabb080045";
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** 1,600,000,000.123456 s in microseconds, as high and low word. */
const TIME = { high: 0x5af2b, low: 0xec01_e240 };
const EXPECTED_TIME = TIME.high * 2 ** 32 + TIME.low;
const count64 = (value: number, little = true): Uint8Array => words(little, little ? [value, 0] : [0, value]);

describe("golden bytes", () => {
  // Section, interface and one packet, typed by hand.
  const little =
    "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000" +
    "01000000 14000000 0100 0000 00000400 14000000" +
    "06000000 30000000 00000000 2baf0500 40e201ec 0f000000 40000000 00112233445566778899aabb08004500 30000000";
  const big =
    "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c" +
    "00000001 00000014 0001 0000 00040000 00000014" +
    "00000006 00000030 00000000 0005af2b ec01e240 0000000f 00000040 00112233445566778899aabb08004500 00000030";
  test.each([
    ["little-endian", little],
    ["big-endian", big],
  ])("%s", async (_case, hex) => {
    const read = await readCapture(fromHex(hex));
    expect(read.frames).toEqual([{ number: 1, time: EXPECTED_TIME, wire: 64, linkType: 1, flags: 0, interfaceIndex: 0, hex: HEX }]);
    expect(read.counters).toMatchObject({ frames: 1, bytes: 15, damaged: 0 });
  });
});

/** A packet with epb_flags behind a comment. */
const flags = (word: number, little: boolean): Uint8Array =>
  ngPacket(
    {
      data: FRAME,
      options: ngOptions(
        [
          [1, text("note")],
          [2, words(little, [word])],
        ],
        little,
      ),
    },
    little,
  );
const named = (name: string, little: boolean): Uint8Array =>
  ngOptions(
    [
      [2, text(name)],
      [9, Uint8Array.of(9)],
    ],
    little,
  );

/** A file with one interface, then the blocks. */
const file = (...blocks: Uint8Array[]): Uint8Array => concat([ngSection(), ngInterface(1), ...blocks]);

describe.each([
  ["little-endian", true],
  ["big-endian", false],
])("blocks, %s", (_case, little) => {
  const start = [ngSection(little), ngInterface(1, 8, new Uint8Array(0), little)];
  const packet = ngPacket({ ...TIME, data: FRAME }, little);

  test("simple packets take the time before them and are as long as the snapshot length lets them", async () => {
    const read = await readCapture(concat([...start, packet, ngSimple(FRAME.subarray(0, 8), 100, little)]));
    expect(read.frames[1]).toMatchObject({ time: EXPECTED_TIME, wire: 100, hex: HEX.slice(0, 16), flags: 0 });
  });

  test("obsolete packets are read, with their drops", async () => {
    const read = await readCapture(concat([...start, ngObsolete({ ...TIME, data: FRAME, drops: 3 }, little)]));
    expect(read.frames[0]).toMatchObject({ time: EXPECTED_TIME, wire: 15, hex: HEX });
    expect(read.counters.dropped).toBe(3);
  });

  test("statistics are totals, drop counts of packets are added up, and the same loss is not counted twice", async () => {
    const drop = ngOptions([[4, count64(2, little)]], little);
    const dropping = ngPacket({ data: FRAME, options: drop }, little);
    const statistics = (card: number, system: number): Uint8Array =>
      ngStatistics(
        0,
        ngOptions(
          [
            [5, count64(card, little)],
            [7, count64(system, little)],
          ],
          little,
        ),
        little,
      );
    const read = await readCapture(concat([...start, dropping, dropping, statistics(3, 2), statistics(5, 4)]));
    expect(read.counters).toMatchObject({ frames: 2, dropped: 9, damaged: 0 });
  });

  test("packet flags tell what was sent, and errors of the link", async () => {
    const read = await readCapture(
      concat([...start, flags(1, little), flags(2, little), flags(0x0100_0002, little), flags(0x8000_0001, little)]),
    );
    expect(read.frames.map((frame) => frame.flags)).toEqual([
      0,
      FrameFlag.outgoing,
      FrameFlag.outgoing | FrameFlag.linkError,
      FrameFlag.linkError,
    ]);
  });
});

test("names, secrets, journals, custom and unknown blocks are passed over", async () => {
  const others = [4, 9, 10, 0xbad, 0x4000_0bad, 0x8000_1234].map((type) => ngBlock(type, numberedFrame(type, 40)));
  const read = await readCapture(
    file(...others, ngPacket({ data: FRAME }), ngBlock(10, new Uint8Array(100_000)), ngPacket({ data: FRAME })),
  );
  expect(read.counters).toMatchObject({ frames: 2, damaged: 0 });
});

test.each([true, false])("TLS secrets come with the block that follows them, little-endian %s", async (little) => {
  const line = "CLIENT_RANDOM 00 11";
  const body = (type: number, length: number): Uint8Array => concat([words(little, [type, length]), text(line), new Uint8Array(1)]);
  const packets = Array.from({ length: 100 }, () => ngPacket({ data: FRAME }, little));
  const read = await readCapture(
    concat([
      ngSection(little),
      ngInterface(1, 0, new Uint8Array(0), little),
      ngBlock(10, body(0x544c534b, line.length), little),
      ...packets,
      ngBlock(10, body(0x5353_484b, line.length), little),
      ngBlock(10, body(0x544c534b, 4000), little),
      ...packets,
    ]),
  );
  expect(read.secrets).toEqual([
    [1, `${line}\n`],
    [65, `${line}\0\n`],
  ]);
  expect(read.counters).toMatchObject({ frames: 200, damaged: 1 });
});

test("sections have their own byte order and interfaces; interfaces of one name are one", async () => {
  const first = [ngSection(true), ngInterface(1, 0, named("eth0", true), true), ngInterface(101, 0, named("tun0\u001b[2J", true), true)];
  const second = [ngSection(false), ngInterface(113, 0, named("eth0", false), false)];
  const packets = [ngPacket({ interfaceId: 1, low: 5_999, data: FRAME }), ngPacket({ data: FRAME, low: 7_000 })];
  const read = await readCapture(concat([...first, ...packets, ...second, ngPacket({ low: 8_001, data: FRAME }, false)]));
  expect(read.interfaces).toEqual(["eth0", "tun0 [2J"]);
  expect(read.frames.map((frame) => [frame.linkType, frame.interfaceIndex, frame.time])).toEqual([
    [101, 1, 5],
    [1, 0, 7],
    [113, 0, 8],
  ]);
});

test("an interface's offset in seconds is added to its times", async () => {
  const options = ngOptions([[14, words(true, [0xffff_fff6, 0xffff_ffff])]]);
  const read = await readCapture(concat([ngSection(), ngInterface(1, 0, options), ngPacket({ low: 12_000_001, data: FRAME })]));
  expect(read.frames[0]?.time).toBe(2_000_001);
});

test("more than 256 interface names share the last index", async () => {
  const blocks = Array.from({ length: 300 }, (_, i) => ngInterface(1, 0, ngOptions([[2, text(`if${i}`)]])));
  const packets = [0, 254, 255, 299].map((interfaceId) => ngPacket({ interfaceId, data: FRAME }));
  const read = await readCapture(concat([ngSection(), ...blocks, ...packets]));
  expect(read.frames.map((frame) => read.interfaces[frame.interfaceIndex])).toEqual(["if0", "if254", "others", "others"]);
});

test("a frame and a block larger than the memory are cut and passed over", async () => {
  const blocks = [ngPacket({ data: numberedFrame(1, 50_000) }), ngBlock(0xbad, new Uint8Array(400_000)), ngPacket({ data: FRAME })];
  const read = await readCapture(file(...blocks));
  expect(read.frames.map((frame) => [frame.hex.length / 2, frame.wire])).toEqual([
    [12_288, 50_000],
    [15, 15],
  ]);
  expect(read.damage).toEqual([{ offset: 48, reason: "a frame of 50000 bytes was cut to 12288" }]);
});

describe("damage", () => {
  const packets = Array.from({ length: 20 }, (_, i) => ngPacket({ low: i, data: numberedFrame(i, 50) }));
  const size = (packets[0] as Uint8Array).length;
  const whole = file(...packets);
  const at = (index: number): number => 48 + index * size;
  const changed = (index: number, field: number, value: number): Uint8Array => {
    const bytes = whole.slice();
    new DataView(bytes.buffer).setUint32(at(index) + field, value, true);
    return bytes;
  };
  const skipped = `${size} bytes were skipped`;
  test.each([
    ["cut within a block", whole.subarray(0, at(19) + 40), 19, at(19), "the file ends in the middle of a record"],
    ["a length that is no multiple of four", changed(5, 4, size + 1), 19, at(5), `a block of ${size + 1} bytes is impossible; ${skipped}`],
    ["a length of 4 GB", changed(5, 4, 0xffff_fffc), 19, at(5), `a block of 4294967292 bytes is impossible; ${skipped}`],
    ["a length of zero", changed(5, 4, 0), 19, at(5), `a block of 0 bytes is impossible; ${skipped}`],
    ["a length beyond the file", changed(5, 4, 8000), 19, at(5), `a record goes beyond the end of the file; ${skipped}`],
    ["another trailing length", changed(5, size - 4, 4), 19, at(5), `a block's two lengths differ; ${skipped}`],
    ["a captured length beyond the block", changed(5, 20, 900), 19, at(5), `a packet of 900 bytes in a block of ${size}; ${skipped}`],
    ["an unknown interface", changed(5, 8, 7), 19, at(5), "a packet of interface 7, which was not described, was left out"],
    [
      "foreign bytes in the middle",
      concat([whole.subarray(0, at(5)), numberedFrame(3, 333), whole.subarray(at(5))]),
      20,
      at(5),
      "a block of 2391244921 bytes is impossible; 333 bytes were skipped",
    ],
    [
      "a section with a broken magic",
      concat([whole, ngSection().map((byte, i) => (i === 8 ? 0 : byte)), ...packets]),
      40,
      whole.length,
      "a section with an unknown byte order; 28 bytes were skipped",
    ],
    ["a time beyond all calendars", changed(5, 12, 0xffff_ffff), 20, at(5), "an impossible time was replaced by the last one"],
  ])("%s: what can be read is read, the damage is named", async (_case, bytes, frames, offset, reason) => {
    const read = await readCapture(bytes);
    expect(read.damage).toEqual([{ offset, reason }]);
    expect(read.counters).toMatchObject({ frames, damaged: 1 });
  });

  test("a packet before any interface is left out", async () => {
    const read = await readCapture(
      concat([ngSection(), ngPacket({ data: FRAME }), ngSimple(FRAME), ngInterface(1), ngPacket({ data: FRAME })]),
    );
    expect(read.counters).toMatchObject({ frames: 1, damaged: 2 });
  });

  test("options that break off do no harm", async () => {
    const options = concat([halves(true, [2, 200]), words(true, [2])]);
    const read = await readCapture(file(ngPacket({ data: FRAME, options }), ngPacket({ data: FRAME })));
    expect(read.counters).toMatchObject({ frames: 2, damaged: 0 });
  });
});
