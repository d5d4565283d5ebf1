import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { OddwireError } from "#contract/errors.ts";
import { BlockPoolMemory } from "./block.ts";
import { openCaptures } from "./open.ts";
import { concat, numberedFrame, type PcapRecord, pcapFile, type ReadCapture, readCapture, smallPool } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "oddwire-capture-"));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

const records = (count: number, seconds = 1_600_000_000): PcapRecord[] =>
  Array.from({ length: count }, (_, i) => ({ seconds: seconds + i, data: numberedFrame(i, 40 + ((i * 53) % 700)) }));
const plain = pcapFile({}, records(600));
const readPath = (...paths: string[]): Promise<ReadCapture> => readCapture(new Uint8Array(0), { paths });
async function* breaking(): AsyncGenerator<Uint8Array> {
  yield plain.subarray(0, 5000);
  throw Object.assign(new Error("read"), { code: "EIO" });
}
const failure = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof OddwireError ? `${error.code}: ${error.message}` : String(error);
};

describe("compression, found by content", () => {
  const half = Math.floor(plain.length / 2);
  const inTwo = (compress: (bytes: Uint8Array) => Uint8Array): Uint8Array =>
    concat([compress(plain.subarray(0, half)), compress(plain.subarray(half))]);
  test.each([
    ["gzip", gzipSync(plain)],
    ["gzip of two members", inTwo(gzipSync)],
    ["zstd", zstdCompressSync(plain)],
    ["zstd of two frames", inTwo(zstdCompressSync)],
    ["gzip with bytes behind it", concat([gzipSync(plain), new Uint8Array(50)])],
  ])("%s: the same frames as uncompressed", async (name, bytes) => {
    const read = await readPath(put(`${name}.txt`, bytes));
    expect(read.frames).toEqual((await readCapture(plain)).frames);
    expect(read.counters.damaged).toBe(0);
  });

  test.each([
    ["gzip", gzipSync(plain)],
    ["zstd", zstdCompressSync(plain)],
  ])("%s that is cut: what was decompressed is read, the damage is named", async (name, bytes) => {
    const read = await readPath(put(`cut.${name}`, bytes.subarray(0, bytes.length - 40)));
    expect(read.frames.length).toBeGreaterThan(name === "gzip" ? 500 : 0);
    expect(read.damage).toMatchObject([{ reason: `the ${name} data ends early` }]);
  });

  test("gzip that is damaged in the middle", async () => {
    const random = pcapFile(
      {},
      Array.from({ length: 3000 }, (_, i) => ({ seconds: i, data: numberedFrame(i * i, 500) })),
    );
    const bytes = gzipSync(random, { level: 1 });
    bytes.fill(0xff, bytes.length - 3000, bytes.length - 2900);
    const read = await readPath(put("broken.gz", bytes));
    expect(read.frames.length).toBeGreaterThan(0);
    expect(read.damage[0]?.reason).toContain("the gzip data is damaged");
  });

  test("a bomb is read in bounded memory", async () => {
    const bomb = concat([gzipSync(plain), ...Array<Uint8Array>(8).fill(gzipSync(new Uint8Array(16_777_216)))]);
    const before = process.memoryUsage().rss;
    const read = await readPath(put("bomb.gz", bomb));
    expect(read.counters).toMatchObject({ frames: 600, damaged: 1 });
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
});

describe("what is no capture", () => {
  test.each([
    ["an empty file", "", "ODW_FILE_EMPTY: FILE is empty (give a pcap or pcapng file)"],
    ["text", "hello, I am no capture at all\n", "it looks like text"],
    ["an ELF program", "\x7fELF\x02\x01\x01", "it is an ELF program"],
    ["a snoop capture", "snoop\0\0\0\0\0\0\x02", "it is a snoop capture, which is not read"],
    ["a Network Monitor capture", "GMBU\0\0\0\0\0\0\0\0", "it is a Network Monitor 2 capture, which is not read"],
    ["unknown bytes", "\x01\x02\x03\x04\x05", "it begins with 01 02 03 04"],
    ["zeros", "\0".repeat(99), "it begins with zeros"],
    ["a pcap header that is cut", plain.subarray(0, 20), "it is pcap, but ends within its header"],
    ["text inside gzip", gzipSync("hello, I am no capture either\n"), "it looks like text inside gzip"],
    ["gzip inside gzip", gzipSync(gzipSync(plain)), "it is gzip inside gzip: unpack it first"],
    ["zstd inside gzip", gzipSync(zstdCompressSync(plain)), "it is zstd inside gzip: unpack it first"],
    ["an empty file inside gzip", gzipSync(""), "it is gzip with nothing readable inside"],
    ["a gzip header alone", gzipSync(plain).subarray(0, 10), "it is gzip with nothing readable inside"],
  ])("%s is named", async (name, bytes, words) => {
    const path = put(`no ${name}`, typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
    const message = await failure(readPath(path));
    expect(message.replace(path, "FILE")).toContain(words);
    expect(message).toMatch(/^ODW_FILE_(EMPTY|NOT_CAPTURE): /);
  });

  test.each([
    ["a path that is not there", "missing.pcap", "there is no such file"],
    ["a folder", ".", "it is a directory"],
  ])("%s cannot be opened", async (_case, name, words) => {
    expect(await failure(readPath(join(folder, name)))).toContain(`ODW_FILE_MISSING: cannot open ${join(folder, name)}: ${words}`);
  });
});

describe("several files", () => {
  const early = put("early.pcap", pcapFile({}, records(3, 1_600_000_000)));
  const late = put("late.pcap.gz", gzipSync(pcapFile({ linkType: 101 }, records(3, 1_700_000_000))));
  const piped = pcapFile({ linkType: 113 }, records(2, 1_650_000_000));

  test("are read in the order of their first packets, with continuous numbers and one clock", async () => {
    const read = await readPath(late, early);
    expect(read.frames.map((frame) => [frame.number, frame.linkType])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 101],
      [5, 101],
      [6, 101],
    ]);
    expect(read.blocks).toEqual([
      [1, 3, 1_600_000_002_000_000],
      [4, 3, 1_700_000_002_000_000],
    ]);
  });

  test("leave the standard input in its place", async () => {
    const read = await readCapture(piped, { paths: [late, "-", early] });
    expect(read.frames.map((frame) => frame.linkType)).toEqual([1, 1, 1, 113, 113, 101, 101, 101]);
  });

  test("a bad one among them is passed over and named; a missing one stops the run", async () => {
    const read = await readPath(early, put("notes.txt", "these are my notes about the captures\n"), late);
    expect(read.counters).toMatchObject({ frames: 6, damaged: 1 });
    expect(read.damage[0]?.reason).toMatch(/notes\.txt is no capture file: it looks like text; it was passed over$/);
    expect(await failure(readPath(early, join(folder, "missing")))).toMatch(/^ODW_FILE_MISSING/);
    expect(await failure(readPath(put("empty1", ""), put("empty2", "")))).toMatch(/^ODW_FILE_EMPTY/);
  });

  test("damage names its file", async () => {
    const cut = put("cut.pcap", plain.subarray(0, plain.length - 5));
    expect((await readPath(cut, early)).damage[0]?.reason).toBe("cut.pcap: the file ends in the middle of a record");
  });
});

describe("the source", () => {
  test("tells how much of how much was read, in compressed bytes", async () => {
    const bytes = gzipSync(plain);
    await using source = await openCaptures([put("progress.gz", bytes)], { pool: smallPool() });
    expect(source.totalBytes).toBe(bytes.length);
    for (let block = await source.next(); block !== undefined; block = await source.next()) source.release(block);
    expect(source.readBytes).toBe(bytes.length);
    expect([source.name, source.kind]).toEqual(["progress.gz", "file"]);
  });

  test("stops early, and every block is back in the pool at the end", async () => {
    const pool = smallPool();
    await using source = await openCaptures([put("stop.pcap", plain)], { pool });
    const block = await source.next();
    expect(block?.count).toBeGreaterThan(0);
    source.stop();
    expect(await source.next()).toBeUndefined();
    if (block !== undefined) source.release(block);
    expect(pool.free).toBe(2);
  });

  test("stops while it waits for a pipe, and hands out what it has", async () => {
    const pipe = new PassThrough();
    pipe.write(plain.subarray(0, 5000));
    await using source = await openCaptures(["-"], { pool: smallPool(), standardInput: pipe });
    const waiting = source.next();
    setTimeout(() => source.stop(), 20);
    const block = await waiting;
    expect(block?.count).toBeGreaterThan(5);
    expect(await source.next()).toBeUndefined();
    expect(source.counters.damaged).toBe(0);
  });

  test("reads a named pipe", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    const [read] = await Promise.all([readPath(path), writeFile(path, plain)]);
    expect(read.frames.length).toBe(600);
  });

  test("gives the same blocks from a file, from one piece and from pieces of odd sizes", async () => {
    const whole = await readPath(put("same.pcap", plain));
    for (const pieces of [[plain.length], [1], [16_384], [3, 1000, 77, 65_536]])
      expect(await readCapture(plain, { pieces })).toEqual(whole);
  });

  test("keeps no view on a released block: poisoned memory and several blocks change nothing", async () => {
    const calm = new BlockPoolMemory({ blocks: 1, bytesMax: 16_384, framesMax: 64, shared: true });
    expect(await readCapture(plain, { pool: smallPool(true) })).toEqual(await readCapture(plain, { pool: calm }));
  });

  test("an input that breaks off with an error is damage, not a failure", async () => {
    await using source = await openCaptures(["-"], { pool: smallPool(), standardInput: breaking() });
    const block = await source.next();
    expect(block?.count).toBeGreaterThan(1);
    expect(source.damage).toMatchObject([{ reason: "the disk reports an error" }]);
  });
});
