import { damaged } from "./refusal.ts";

/** One field of a protocol buffer message: a number, or bytes. */
export interface ProtoField {
  readonly number: number;
  /** The value of a varint; of others 0. */
  readonly value: number;
  /** Payload of a field of bytes, or the 4 or 8 bytes of a fixed one. */
  readonly bytes: Uint8Array;
  readonly isNumber: boolean;
}

const EMPTY = new Uint8Array(0);
const Wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Fields of a message in their order (protobuf.dev, "Encoding"). Bytes are views. Signed numbers are as int64 has them, as far
 * as numbers are exact. Throws OnnxRefusal where it ends too early.
 */
export function* fieldsOf(message: Uint8Array): Generator<ProtoField> {
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (count > message.length - at) throw damaged("a field reaches beyond its message");
    at += count;
    return message.subarray(at - count, at);
  };
  while (at < message.length) {
    const key = varint(message, at);
    at = key.end;
    const number = Math.floor(key.value / 8);
    const wire = key.value % 8;
    if (wire === Wire.varint) {
      const { value, end } = varint(message, at);
      at = end;
      yield { number, value, bytes: EMPTY, isNumber: true };
    } else if (wire === Wire.bytes) {
      const { value, end } = varint(message, at);
      at = end;
      yield { number, value: 0, bytes: take(value < 0 ? Number.POSITIVE_INFINITY : value), isNumber: false };
    } else if (wire === Wire.fixed32 || wire === Wire.fixed64)
      yield { number, value: 0, bytes: take(wire === Wire.fixed32 ? 4 : 8), isNumber: false };
    else throw damaged(`there is no wire type ${wire}`);
  }
}

/** The numbers of a repeated field that may be packed. */
export function varintsOf({ bytes, value, isNumber }: ProtoField, into: number[]): void {
  if (isNumber) {
    into.push(value);
    return;
  }
  for (let at = 0; at < bytes.length; ) {
    const read = varint(bytes, at);
    into.push(read.value);
    at = read.end;
  }
}

/** Up to ten bytes of seven bits; the tenth makes it negative. */
function varint(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let low = 0;
  let high = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) throw damaged("a number reaches beyond its message");
    if (i < 4) low += (byte & 127) * 2 ** (7 * i);
    else high += (byte & 127) * 2 ** (7 * (i - 4));
    // 64 bits in two parts: 28 below, 36 above, of which the highest is the sign.
    if (byte < 128) return { value: (high >= 2 ** 35 ? high - 2 ** 36 : high) * 2 ** 28 + low, end: from + i + 1 };
  }
  throw damaged("a number has more than ten bytes");
}
