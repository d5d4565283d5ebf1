import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, statSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { addressSteps, moveAddresses } from "./move-addresses.ts";

/** A capture on disk that every contender reads. */
export interface BenchInput {
  readonly path: string;
  readonly bytes: number;
  readonly packets: number;
}

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const WINDOW_BYTES = 1 << 22;
const LITTLE_ENDIAN_MICROSECONDS = 0xa1b2c3d4;

/**
 * Unpacks a pcap and repeats it until the file has `bytes` bytes (undefined: as it is). Copies stay distinct flows: in
 * copy k all IP addresses are moved, and time goes on where the copy before it ended. Results are kept in `cache`.
 */
export function prepareInput(source: string, bytes: number | undefined, cache: string): BenchInput {
  mkdirSync(cache, { recursive: true });
  const name = basename(source).replace(/\.pcap(\.zst)?$/, "");
  const path = join(cache, bytes === undefined ? `${name}.pcap` : `${name}-${bytes}.pcap`);
  if (!existsSync(path)) {
    const raw = readFileSync(source);
    write(source.endsWith(".zst") ? zstdDecompressSync(raw) : raw, bytes, path);
  }
  return { path, bytes: statSync(path).size, packets: countPackets(path) };
}

/** The first packets of a capture as a file of its own, for what is too slow to read all of it. */
export function prepareHead(input: BenchInput, packets: number): BenchInput {
  if (input.packets <= packets) return input;
  const path = input.path.replace(/\.pcap$/, `-first-${packets}.pcap`);
  if (!existsSync(path)) {
    const end = [...recordsOfFile(input.path).take(packets + 1)].at(-1) ?? FILE_HEADER_BYTES;
    const file = openSync(input.path, "r");
    const data = Buffer.alloc(end);
    readSync(file, data, 0, end, 0);
    closeSync(file);
    writeWhole(path, [data]);
  }
  return { path, bytes: statSync(path).size, packets };
}

interface PcapRecord {
  /** Offset of the record's header. */
  readonly at: number;
  readonly seconds: number;
  readonly captured: number;
}

function* records(data: Buffer): Generator<PcapRecord> {
  if (data.readUInt32LE(0) !== LITTLE_ENDIAN_MICROSECONDS)
    throw new Error("the benchmark repeats little-endian pcap files with microseconds only");
  for (let at = FILE_HEADER_BYTES; at + RECORD_HEADER_BYTES <= data.length; ) {
    const captured = data.readUInt32LE(at + 8);
    yield { at, seconds: data.readUInt32LE(at), captured };
    at += RECORD_HEADER_BYTES + captured;
  }
}

/** The same of a file that may be too large for one buffer; `at` is enough here. */
function* recordsOfFile(path: string): Generator<number> {
  const file = openSync(path, "r");
  const window = Buffer.alloc(WINDOW_BYTES);
  try {
    let from = 0;
    let length = readSync(file, window, 0, WINDOW_BYTES, 0);
    for (let at = FILE_HEADER_BYTES; ; ) {
      if (at + RECORD_HEADER_BYTES > from + length) {
        from = at;
        length = readSync(file, window, 0, WINDOW_BYTES, from);
        if (length < RECORD_HEADER_BYTES) return;
      }
      yield at;
      at += RECORD_HEADER_BYTES + window.readUInt32LE(at - from + 8);
    }
  } finally {
    closeSync(file);
  }
}

function countPackets(path: string): number {
  let count = 0;
  for (const _ of recordsOfFile(path)) count++;
  return count;
}

function write(data: Buffer, target: number | undefined, path: string): void {
  if (target === undefined) {
    writeWhole(path, [data]);
    return;
  }
  const all = [...records(data)];
  const first = all.reduce((least, record) => Math.min(least, record.seconds), Number.POSITIVE_INFINITY);
  const duration = all.reduce((most, record) => Math.max(most, record.seconds), 0) - first;
  writeWhole(path, copies(data, all, target, duration + 1));
}

/** The file header, then whole copies, the last one cut behind the record that reaches the target. */
function* copies(data: Buffer, all: readonly PcapRecord[], target: number, seconds: number): Generator<Uint8Array> {
  yield data.subarray(0, FILE_HEADER_BYTES);
  let size = FILE_HEADER_BYTES;
  for (let k = 0; size < target; k++) {
    const copy = Buffer.from(data);
    const before = size;
    for (const { at, seconds: time, captured } of all) {
      copy.writeUInt32LE(time + k * seconds, at);
      if (k > 0) moveAddresses(copy, at + RECORD_HEADER_BYTES, captured, addressSteps(k));
      size += RECORD_HEADER_BYTES + captured;
      if (size >= target) break;
    }
    yield copy.subarray(FILE_HEADER_BYTES, FILE_HEADER_BYTES + size - before);
  }
}

/** Under another name until it is whole, so that an interrupted run leaves no half file behind. */
function writeWhole(path: string, parts: Iterable<Uint8Array>): void {
  const file = openSync(`${path}.part`, "w");
  try {
    for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(file, part, at);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.part`, path);
}
