import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";

/** Elements of a document's first level that are looked at, and how long their texts may be. */
const elementsMax = 64;
const textBytesMax = 256;
/** Types (BSON specification 1.1) and the bytes of their values. */
const FIXED: { readonly [type: number]: number } = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};

export type Value = string | number | undefined;

/**
 * The first level of the document at `at`, as far as its bytes are there: texts, numbers and truth values, of binary
 * data its bytes as text; others are `undefined`. The order is the document's.
 */
export function readDocument(window: ByteView, at: number, end: number): Map<string, Value> {
  const values = new Map<string, Value>();
  const fields = new Reader(window, at, end);
  const length = fields.u32(true);
  const inside = new Reader(window, Math.min(end, at + 4), Math.min(end, at + length));
  for (let i = 0; i < elementsMax; i++) {
    const type = inside.u8();
    if (type === 0 || inside.short) break;
    const name = inside.zeroText(textBytesMax);
    const value = readValue(type, inside, window);
    if (inside.short) {
      if (!values.has(name) && values.size === 0 && name !== "") values.set(name, undefined);
      break;
    }
    values.set(name, value);
  }
  return values;
}

function readValue(type: number, fields: Reader, { view }: ByteView): Value {
  if (type === 2 || type === 13 || type === 14) {
    const length = fields.u32(true);
    const text = fields.text(length, Math.min(textBytesMax, Math.max(0, length - 1)));
    return type === 2 ? text : undefined;
  }
  if (type === 3 || type === 4) {
    const length = fields.u32(true);
    if (length < 5) fields.skip(-1);
    else fields.skip(length - 4);
    return undefined;
  }
  if (type === 5) {
    const length = fields.u32(true);
    fields.u8();
    return fields.text(length, textBytesMax);
  }
  if (type === 11) {
    fields.zeroText(0);
    fields.zeroText(0);
    return undefined;
  }
  const bytes = FIXED[type];
  const at = fields.skip(bytes ?? -1);
  if (at < 0) return undefined;
  if (type === 1) return view.getFloat64(at, true);
  if (type === 8) return view.getUint8(at);
  if (type === 16) return view.getInt32(at, true);
  if (type === 18) return view.getInt32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
  return undefined;
}
