import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";
import { layoutOf, type Step } from "./layouts.ts";

/** Object headers of one message, and points of it, that are told. */
const objectsMax = 64;
const pointsMax = 256;
/** Points of one message that are passed over. */
const pointsReadMax = 65_536;
/** Bytes of a text or of a file's block that are told. */
const textBytesMax = 256;

const READ = 1;

export interface Objects {
  readonly list: Transaction[];
  /** False when they could not all be read. */
  complete: boolean;
  /** True when that was because of an unknown kind. */
  unknown: boolean;
}

/** Reads the objects of a message (IEEE 1815 §4.2.2.7). A read request names points without telling any. */
export function readObjects(window: ByteView, at: number, functionCode: number): Objects {
  const reader = new Reader(window, at, window.end);
  const objects: Objects = { list: [], complete: true, unknown: false };
  let read = 0;
  while (reader.left > 0 && objects.list.length < objectsMax) {
    const header = readHeader(reader);
    if (reader.short) {
      objects.complete = false;
      break;
    }
    const { count, prefix } = header;
    objects.list.push(header.fields);
    read += count;
    if (count === 0 || (functionCode === READ && prefix === 0)) continue;
    if (read > pointsReadMax || !readPoints(reader, header, objects)) {
      objects.complete = false;
      break;
    }
  }
  return objects;
}

interface Header {
  readonly fields: Transaction;
  readonly group: number;
  readonly variation: number;
  readonly prefix: number;
  readonly start: number;
  readonly count: number;
}

function readHeader(reader: Reader): Header {
  const group = reader.u8();
  const variation = reader.u8();
  const qualifier = reader.u8();
  const prefix = (qualifier >> 4) & 7;
  const range = qualifier & 15;
  let start = 0;
  let stop = 0;
  let count = 0;
  if (range <= 5) {
    start = number(reader, range % 3);
    stop = number(reader, range % 3);
    count = stop >= start ? stop - start + 1 : 0;
    if (stop < start) reader.short = true;
  } else if (range >= 7 && range <= 9) count = number(reader, range - 7);
  else if (range === 11) count = reader.u8();
  else if (range !== 6) reader.short = true;
  const fields = { group, variation, qualifier, prefix_code: prefix, range_code: range, start, stop, count };
  return { fields, group, variation, prefix, start, count };
}

/** A number of 1, 2 or 4 bytes. */
const number = (reader: Reader, size: number): number => (size === 0 ? reader.u8() : size === 1 ? reader.u16(true) : reader.u32(true));

function readPoints(reader: Reader, header: Header, objects: Objects): boolean {
  const { group, variation, prefix, start, count, fields } = header;
  const layout = layoutOf(group, variation);
  objects.unknown = layout === undefined;
  if (layout === undefined || prefix === 7) return false;
  const points: Transaction[] = [];
  const told = objects.list.reduce((sum, { points: list }) => sum + ((list as unknown[] | undefined)?.length ?? 0), 0);
  fields["points"] = points;
  const first = layout[0] as Step;
  if (first.how === "p" && prefix === 0) return packed(reader, points, first.bytes, start, count, told);
  for (let i = 0; i < count && !reader.short; i++) {
    const before = prefix === 0 ? 0 : number(reader, (prefix - 1) % 3);
    const point: Transaction = { prefix: before, index: prefix === 0 ? start + i : prefix <= 3 ? before : 0 };
    const end = reader.end;
    // A size stands before the point: what is behind what we know of it is passed over.
    if (prefix >= 4) {
      if (before > reader.left) return false;
      point["size"] = before;
      reader.end = reader.at + before;
    }
    for (const step of layout) readStep(reader, step, point);
    if (prefix >= 4) {
      reader.at = reader.end;
      reader.end = end;
    }
    if (!reader.short && told + points.length < pointsMax) points.push(point);
  }
  return !reader.short;
}

/** Points of one or two bits, from the lowest bit of each byte. */
function packed(reader: Reader, points: Transaction[], bits: number, start: number, count: number, told: number): boolean {
  const perByte = 8 / bits;
  const at = reader.skip(Math.ceil(count / perByte));
  if (at < 0) return false;
  for (let i = 0; i < count && told + points.length < pointsMax; i++) {
    const byte = reader.bytes[at + Math.floor(i / perByte)] as number;
    points.push({ prefix: 0, index: start + i, state: (byte >> ((i % perByte) * bits)) & ((1 << bits) - 1) });
  }
  return true;
}

function readStep(reader: Reader, { how, bytes, name, bits }: Step, point: Transaction): void {
  if (how === "flag") {
    const flags = reader.u8();
    let shift = 0;
    for (let i = 0; i < bits.length; i++) {
      const bit = bits[i] as Step["bits"][number];
      point[bit[0]] = (flags >> shift) & ((1 << bit[1]) - 1);
      shift += bit[1];
    }
  } else if (how === "u") point[name] = number(reader, bytes >> 1);
  else if (how === "p") point["state"] = reader.u8() & 1;
  else if (how === "t") point[name] = reader.u32(true) + reader.u16(true) * 2 ** 32;
  else if (how === "o") point[name] = reader.hex(bytes);
  // A key that opens files is a secret: only whether there is one is told.
  else if (how === "s") point[name] = reader.u32(true) === 0 ? 0 : 1;
  else if (how === "i" || how === "f") {
    const at = reader.skip(bytes);
    if (at >= 0) point[name] = signed(reader.view, at, how, bytes);
  } else {
    const length = how === "r" ? reader.left : Number(point[how]);
    const shown = reader.text(Math.min(length, textBytesMax));
    reader.skip(length - Math.min(length, textBytesMax));
    point[name] = shown;
  }
}

function signed(view: DataView, at: number, how: string, bytes: number): number {
  if (how === "i") return bytes === 2 ? view.getInt16(at, true) : view.getInt32(at, true);
  const value = bytes === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  // JSON knows no infinity.
  return Number.isFinite(value) ? value : 0;
}
