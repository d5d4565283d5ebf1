import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BlockPoolMemory, createFrameBlock } from "#capture/block.ts";
import { openCaptures } from "#capture/open.ts";
import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import { ChunkRing } from "./chunk-ring.ts";
import { FrameRecorder, type RecordingSetup } from "./frame-recorder.ts";
import { recordingFiles, recordingName } from "./recording-file.ts";
import { RecordingPlan } from "./recording-plan.ts";
import { RecordingWriter } from "./recording-writer.ts";

const START = 1_750_000_000_000_000;
const layout = { bytesMax: 1 << 19, framesMax: 512, shared: false };

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "oddwire-record-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Frame {
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly vlan?: number;
  readonly flags?: number;
  readonly wire?: number;
  readonly linkType?: number;
}

const frame = (number: number, size = 60): Frame => ({ time: START + number * 1000, bytes: new Uint8Array(size).fill(number) });

function blockOf(frames: readonly Frame[], firstNumber = 1): FrameBlock {
  const block = createFrameBlock(layout);
  let at = 100;
  frames.forEach(({ time, bytes, vlan = 0, flags = 0, wire, linkType = 1 }, i) => {
    block.bytes.set(bytes, at);
    block.offset[i] = at;
    block.captured[i] = bytes.length;
    block.wire[i] = wire ?? bytes.length;
    block.time[i] = time;
    block.vlan[i] = vlan;
    block.flags[i] = flags;
    block.linkType[i] = linkType;
    at += bytes.length + 20;
  });
  block.count = frames.length;
  block.firstNumber = firstNumber;
  return block;
}

interface Wish {
  readonly threads?: number;
  readonly ringBytes?: number;
  readonly fileBytesMax?: number;
  readonly fileSeconds?: number;
  readonly bytesMax?: number;
  readonly snapBytes?: number;
  readonly ageSecondsMax?: number;
}

/** A recording whose writer steps when the test says so. */
function recording(wish: Wish = {}) {
  const setup: RecordingSetup = {
    directory,
    snapBytes: wish.snapBytes ?? 262_144,
    fileBytesMax: wish.fileBytesMax ?? 1 << 20,
    fileSeconds: wish.fileSeconds ?? 3600,
    plan: RecordingPlan.memory(),
  };
  const rings = Array.from({ length: wish.threads ?? 1 }, () => ChunkRing.memory(wish.ringBytes ?? 1 << 16));
  const troubles: string[] = [];
  const writer = new RecordingWriter({
    setup,
    rings,
    bytesMax: wish.bytesMax ?? 1 << 30,
    ageSecondsMax: wish.ageSecondsMax ?? 0,
    onTrouble: (text) => troubles.push(text),
  });
  const recorders = rings.map((ring, index) => new FrameRecorder(setup, ring, index === 0));
  const plan = new RecordingPlan(setup.plan, setup);
  return { writer, recorders, recorder: recorders[0] as FrameRecorder, troubles, plan };
}

/** First byte, time and lengths of each frame of the files, in the order of their names. */
async function recorded(paths = recordingFiles(directory).map(({ path }) => path)) {
  const frames: { first: number; time: number; captured: number; wire: number; bytes: string }[] = [];
  const pool = new BlockPoolMemory({ ...layout, blocks: 1 });
  for (const path of paths) {
    await using source = await openCaptures([path], { pool });
    for (let block = await source.next(); block !== undefined; block = await source.next()) {
      for (let i = 0; i < block.count; i++) {
        const at = block.offset[i] as number;
        frames.push({
          first: block.bytes[at] as number,
          time: block.time[i] as number,
          captured: block.captured[i] as number,
          wire: block.wire[i] as number,
          bytes: block.bytes.subarray(at, at + Math.min(20, block.captured[i] as number)).toHex(),
        });
      }
      source.release(block);
    }
    expect(source.damage).toEqual([]);
  }
  return frames;
}

describe("a recording", () => {
  test("is a pcap file that holds what was captured, and an alert's packet is where the recorder says", async () => {
    const { writer, recorder } = recording();
    recorder.record(blockOf([frame(1), frame(2, 1400)]));
    expect(recorder.place(2)).toEqual({ file: join(directory, "oddwire-20250615T150640.001000Z.pcap"), number: 2 });
    expect(recorder.place(3)).toBeUndefined();
    recorder.record(blockOf([frame(3), frame(4)], 3));
    expect(recorder.place(4)?.number).toBe(4);
    expect(recorder.place(2)).toBeUndefined();
    expect(writer.step()).toBe(2);
    const frames = await recorded();
    expect(frames.map(({ first, time, captured }) => [first, time - START, captured])).toEqual([
      [1, 1000, 60],
      [2, 2000, 1400],
      [3, 3000, 60],
      [4, 4000, 60],
    ]);
    expect(recorder.counts).toEqual({ recorded: 4, behind: 0, failed: 0 });
    writer.close();
  });

  test("has VLAN tags back in their place, cuts to the snap length, and leaves out what was seen before", async () => {
    const { writer, recorder } = recording({ snapBytes: 64 });
    const tagged = { ...frame(1), vlan: (0x8100 << 16) | 0x0007, bytes: Uint8Array.from({ length: 80 }, (_, i) => i) };
    recorder.record(blockOf([{ ...frame(9), flags: FrameFlag.duplicate }, tagged, { ...frame(2, 100), wire: 1500 }]));
    expect([recorder.place(1), recorder.place(2)?.number, recorder.place(3)?.number]).toEqual([undefined, 1, 2]);
    writer.step();
    const [first, second] = await recorded();
    expect(first).toMatchObject({ captured: 64, wire: 84, bytes: "000102030405060708090a0b810000070c0d0e0f" });
    expect(second).toMatchObject({ first: 2, captured: 64, wire: 1500 });
    expect(recorder.counts.recorded).toBe(2);
    writer.close();
  });

  test("begins another file by size and by age, and numbers start again", async () => {
    const { writer, recorder } = recording({ fileBytesMax: 65_536, fileSeconds: 60 });
    const places: (number | undefined)[] = [];
    for (let i = 0; i < 12; i++) {
      const time = START + (i < 8 ? i : i + 100) * 1_000_000;
      recorder.record(blockOf([{ time, bytes: new Uint8Array(10_000).fill(i + 1) }], i + 1));
      places.push(recorder.place(i + 1)?.number);
      writer.step();
    }
    expect(places).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 1, 2, 3, 4]);
    expect(recordingFiles(directory)).toHaveLength(3);
    expect((await recorded()).map(({ first }) => first)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    writer.close();
  });

  test("of several threads is in the order of their blocks, whoever hands his over first", async () => {
    const { writer, recorders } = recording({ threads: 3, ringBytes: 1 << 20 });
    let number = 0;
    const expected: number[] = [];
    for (let round = 0; round < 60; round++) {
      const recorder = recorders[(round * 7) % 3] as FrameRecorder;
      recorder.record(blockOf([frame(++number), frame(++number)]));
      expected.push(number - 1, number);
    }
    expect(writer.step() + writer.step() + writer.step()).toBeGreaterThan(0);
    while (writer.step() > 0);
    expect((await recorded()).map(({ first }) => first)).toEqual(expected.map((one) => one & 0xff));
    writer.close();
  });

  test("has a series of files for each link type", async () => {
    const { writer, recorders } = recording({ threads: 2 });
    recorders[0]?.record(blockOf([frame(1)]));
    recorders[1]?.record(blockOf([{ ...frame(2), linkType: 101 }]));
    recorders[0]?.record(blockOf([frame(3)]));
    while (writer.step() > 0);
    expect(readdirSync(directory).toSorted()).toEqual([recordingName(START + 1000, 1), recordingName(START + 2000, 101)]);
    expect((await recorded()).map(({ first }) => first)).toEqual([1, 3, 2]);
    writer.close();
  });

  test("loses whole blocks, and says so, when the writer is behind", async () => {
    const { writer, recorder } = recording({ ringBytes: 4096 });
    for (let i = 0; i < 10; i++) recorder.record(blockOf([frame(i + 1, 1000)], i + 1));
    expect(recorder.counts).toEqual({ recorded: 3, behind: 7, failed: 0 });
    expect(recorder.place(10)).toBeUndefined();
    writer.step();
    for (let i = 10; i < 40; i++) {
      recorder.record(blockOf([frame(i + 1, 700)], i + 1));
      writer.step();
    }
    expect(recorder.counts).toEqual({ recorded: 33, behind: 7, failed: 0 });
    expect((await recorded()).map(({ first }) => first)).toEqual([1, 2, 3, ...Array.from({ length: 30 }, (_, i) => i + 11)]);
    writer.close();
  });

  test("is bounded: the oldest files go, and nothing else in the folder", async () => {
    writeFileSync(join(directory, "mine.pcap"), "");
    const { writer, recorder } = recording({ fileBytesMax: 65_536, bytesMax: 262_144 });
    for (let i = 0; i < 60; i++) {
      recorder.record(blockOf([frame(i + 1, 30_000)], i + 1));
      writer.step();
    }
    writer.close();
    const files = recordingFiles(directory);
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(262_144);
    expect((await recorded()).at(-1)?.first).toBe(60);
    expect(readdirSync(directory)).toContain("mine.pcap");
  });

  test("loses files of an earlier run when they are too old", () => {
    const old = join(directory, recordingName(START, 1));
    writeFileSync(old, "");
    utimesSync(old, new Date(Date.now() - 7_200_000), new Date(Date.now() - 7_200_000));
    const fresh = join(directory, recordingName(START + 1, 1));
    writeFileSync(fresh, "");
    const { writer, plan } = recording({ ageSecondsMax: 3600 });
    plan.stop();
    writer.run();
    expect(recordingFiles(directory).map(({ path }) => path)).toEqual([fresh]);
  });

  test("goes on in another file when the disk fails, and counts what is missing", async () => {
    const { writer, recorder, troubles } = recording();
    recorder.record(blockOf([frame(1)]));
    writer.step();
    // Nobody can make a file where a directory is missing.
    const blocked = join(directory, "..", "gone");
    rmSync(blocked, { force: true, recursive: true });
    const failing = recordingIn(blocked);
    failing.recorder.record(blockOf([frame(1)]));
    failing.recorder.record(blockOf([frame(2)], 2));
    failing.writer.step();
    expect(failing.troubles).toHaveLength(2);
    expect(failing.troubles.join()).toContain("packets are not recorded: ENOENT");
    failing.recorder.record(blockOf([frame(3)], 3));
    expect(failing.recorder.counts).toEqual({ recorded: 0, behind: 0, failed: 3 });
    expect(failing.recorder.place(3)).toBeUndefined();
    mkdirSync(blocked);
    try {
      await new Promise((resolve) => setTimeout(resolve, 1050));
      failing.writer.step();
      failing.recorder.record(blockOf([frame(4)], 4));
      failing.writer.step();
      expect((await recorded(recordingFiles(blocked).map(({ path }) => path))).map(({ first }) => first)).toEqual([4]);
      expect(failing.recorder.place(4)?.number).toBe(1);
    } finally {
      failing.writer.close();
      rmSync(blocked, { recursive: true });
    }
    expect(troubles).toEqual([]);
    writer.close();
  });

  test("is read to its last whole record while a block is being written", async () => {
    const { writer, recorder } = recording();
    recorder.record(blockOf([frame(1), frame(2)]));
    writer.step();
    const [file] = recordingFiles(directory);
    const whole = readFileSync((file as { path: string }).path);
    const copy = join(directory, "growing.pcap");
    writeFileSync(copy, whole);
    appendFileSync(copy, whole.subarray(24, 60));
    const pool = new BlockPoolMemory({ ...layout, blocks: 1 });
    await using source = await openCaptures([copy], { pool });
    const block = await source.next();
    expect(block?.count).toBe(2);
    writer.close();
  });
});

function recordingIn(other: string) {
  const before = directory;
  directory = other;
  try {
    return recording();
  } finally {
    directory = before;
  }
}
