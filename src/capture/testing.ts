import { toHex } from "#base/bytes.ts";
import type { Damage, FrameBlock, FrameFilter, Source, SourceCounters } from "#contract/source.ts";
import { BlockPoolMemory } from "./block.ts";
import { openCaptures } from "./open.ts";

/** Support for tests: builds capture files byte by byte and reads captures into plain values. */

export interface PcapRecord {
  readonly seconds: number;
  readonly fraction?: number;
  readonly data: Uint8Array;
  readonly wire?: number;
  /** Captured length as the record tells it; the data's own by default. */
  readonly captured?: number;
  /** Packet type of Kuznetzov's format. */
  readonly packetType?: number;
}

export interface PcapShape {
  readonly magic?: number;
  readonly little?: boolean;
  readonly linkType?: number;
  readonly snapBytes?: number;
}

/** A pcap file. */
export function pcapFile(shape: PcapShape, records: readonly PcapRecord[]): Uint8Array {
  const { magic = 0xa1b2c3d4, little = true, linkType = 1, snapBytes = 65_535 } = shape;
  const head = words(little, [magic, 0, 0, 0, snapBytes, linkType]);
  const view = new DataView(head.buffer);
  view.setUint16(4, 2, little);
  view.setUint16(6, 4, little);
  return concat([head, ...records.map((record) => pcapRecord(record, little, magic === 0xa1b2cd34))]);
}

function pcapRecord(record: PcapRecord, little: boolean, modified: boolean): Uint8Array {
  const { seconds, fraction = 0, data, captured = data.length, wire = data.length } = record;
  const more = modified ? [0, 0] : [];
  const head = words(little, [seconds, fraction, captured, wire, ...more]);
  if (modified) head[22] = record.packetType ?? 0;
  return concat([head, data]);
}

/** A pcapng block of any type around a body whose length is a multiple of four. */
export function ngBlock(type: number, body: Uint8Array, little = true): Uint8Array {
  const length = body.length + 12;
  return concat([words(little, [type, length]), body, words(little, [length])]);
}

export const ngSection = (little = true): Uint8Array =>
  ngBlock(0x0a0d0d0a, words(little, [0x1a2b3c4d, little ? 1 : 0x1_0000, -1, -1]), little);

/** Options by code; the list's end is added. */
export function ngOptions(options: readonly (readonly [number, Uint8Array])[], little = true): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [code, value] of options) parts.push(halves(little, [code, value.length]), padded(value));
  return options.length === 0 ? new Uint8Array(0) : concat([...parts, words(little, [0])]);
}

export function ngInterface(linkType: number, snapBytes = 0, options: Uint8Array = new Uint8Array(0), little = true): Uint8Array {
  return ngBlock(1, concat([halves(little, [linkType, 0]), words(little, [snapBytes]), options]), little);
}

export interface NgPacket {
  readonly interfaceId?: number;
  readonly high?: number;
  readonly low?: number;
  readonly data: Uint8Array;
  readonly wire?: number;
  readonly options?: Uint8Array;
}

export function ngPacket(packet: NgPacket, little = true): Uint8Array {
  const { interfaceId = 0, high = 0, low = 0, data, wire = data.length, options = new Uint8Array(0) } = packet;
  return ngBlock(6, concat([words(little, [interfaceId, high, low, data.length, wire]), padded(data), options]), little);
}

export const ngSimple = (data: Uint8Array, wire = data.length, little = true): Uint8Array =>
  ngBlock(3, concat([words(little, [wire]), padded(data)]), little);

export function ngObsolete(packet: NgPacket & { readonly drops: number }, little = true): Uint8Array {
  const { interfaceId = 0, high = 0, low = 0, data, wire = data.length } = packet;
  const head = concat([halves(little, [interfaceId, packet.drops]), words(little, [high, low, data.length, wire])]);
  return ngBlock(2, concat([head, padded(data)]), little);
}

export const ngStatistics = (interfaceId: number, options: Uint8Array, little = true): Uint8Array =>
  ngBlock(5, concat([words(little, [interfaceId, 0, 0]), options]), little);

export function words(little: boolean, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setUint32(i * 4, value, little);
  });
  return bytes;
}

export function halves(little: boolean, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setUint16(i * 2, value, little);
  });
  return bytes;
}

const padded = (value: Uint8Array): Uint8Array => concat([value, new Uint8Array(-value.length & 3)]);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A frame of a given length whose bytes tell its number. */
export const numberedFrame = (number: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (number * 31 + i * 7) & 0xff);

/** A frame copied out of its block. */
export interface ReadFrame {
  readonly number: number;
  readonly time: number;
  readonly wire: number;
  readonly linkType: number;
  readonly flags: number;
  readonly interfaceIndex: number;
  readonly hex: string;
}

export interface ReadCapture {
  readonly frames: readonly ReadFrame[];
  /** Number of the first frame, count and clock of each block. */
  readonly blocks: readonly (readonly [number, number, number])[];
  readonly counters: SourceCounters;
  readonly damage: readonly Damage[];
  readonly interfaces: readonly string[];
  /** Number of the first frame of the blocks that came with secrets, and these. */
  readonly secrets: readonly (readonly [number, string])[];
}

export interface ReadOptions {
  readonly paths?: readonly string[];
  readonly pool?: BlockPoolMemory;
  readonly filter?: FrameFilter;
  /** Sizes of the pieces that the bytes come in, over and over. */
  readonly pieces?: readonly number[];
}

export const smallPool = (poison = true): BlockPoolMemory =>
  new BlockPoolMemory({ blocks: 2, bytesMax: 16_384, framesMax: 64, shared: false, poison });

/** Reads a capture to its end: `bytes` as the standard input, or the paths of the options. */
export async function readCapture(bytes: Uint8Array, options: ReadOptions = {}): Promise<ReadCapture> {
  const pool = options.pool ?? smallPool();
  const standardInput = inPieces(bytes, options.pieces ?? [bytes.length]);
  const filter = options.filter === undefined ? {} : { filter: options.filter };
  await using source = await openCaptures(options.paths ?? ["-"], { pool, standardInput, ...filter });
  return await collect(source);
}

async function collect(source: Source): Promise<ReadCapture> {
  const frames: ReadFrame[] = [];
  const blocks: [number, number, number][] = [];
  const secrets: [number, string][] = [];
  for (;;) {
    const block = await source.next();
    if (block === undefined) break;
    if (block.secrets !== undefined) secrets.push([block.firstNumber, block.secrets]);
    blocks.push([block.firstNumber, block.count, block.clock]);
    for (let i = 0; i < block.count; i++) frames.push(copyFrame(block, i));
    source.release(block);
  }
  return { frames, blocks, counters: source.counters, damage: source.damage, interfaces: source.interfaces, secrets };
}

function copyFrame(block: FrameBlock, index: number): ReadFrame {
  const at = block.offset[index] as number;
  const captured = block.captured[index] as number;
  if (at < 0 || captured < 0 || at + captured > block.bytes.length) throw new RangeError(`frame ${index} lies outside of its block`);
  if (captured > (block.wire[index] as number)) throw new RangeError(`frame ${index} is longer than it was on the wire`);
  return {
    number: block.firstNumber + index,
    time: block.time[index] as number,
    wire: block.wire[index] as number,
    linkType: block.linkType[index] as number,
    flags: block.flags[index] as number,
    interfaceIndex: block.interfaceIndex[index] as number,
    hex: toHex(block.bytes, at, at + captured),
  };
}

export async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] as number);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
