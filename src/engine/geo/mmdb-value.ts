import { decodeUtf8 } from "#base/utf8.ts";

/**
 * The data section of a MaxMind DB file, version 2.0 (maxmind.github.io/MaxMind-DB, "Output Data Section"): a control byte
 * with type and size, then the value; maps and lists hold further values, pointers stand for values elsewhere.
 */
export type MmdbValue = string | number | boolean | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };

/** Values of one record: City databases have some 150. A file that means harm may point at its own values for ever. */
const valuesMax = 4096;
const depthMax = 16;
/** Longest text that is read, bytes; the file's description is the longest of the usual ones. */
const textBytesMax = 4096;

const Type = { extended: 0, pointer: 1, text: 2, double: 3, bytes: 4, uint16: 5, uint32: 6, map: 7, int32: 8, uint64: 9 } as const;
const Extended = { uint128: 10, list: 11, boolean: 14, float: 15 } as const;
/** What pointers of each size count from. */
const pointerBases = [0, 2048, 526_336, 0] as const;

/** Thrown inside the room alone: whoever reads a file answers with its cause. */
export class MmdbDamage extends Error {}

/** Reads values of `view` between `start`, which pointers count from, and its end. */
export class MmdbValues {
  readonly #view: DataView;
  readonly #start: number;
  readonly #bytes: Uint8Array;
  #at = 0;
  #left = 0;

  constructor(view: DataView, start: number) {
    this.#view = view;
    this.#bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    this.#start = start;
  }

  /** The value at an offset of the section. Throws MmdbDamage. */
  read(offset: number): MmdbValue {
    this.#at = this.#start + offset;
    this.#left = valuesMax;
    return this.#value(0);
  }

  #value(depth: number): MmdbValue {
    if (depth > depthMax) throw new MmdbDamage(`values stand more than ${depthMax} deep inside each other`);
    if (--this.#left < 0) throw new MmdbDamage(`a record has more than ${valuesMax} values`);
    const control = this.#uint(1);
    let type = control >> 5;
    if (type === Type.pointer) return this.#pointed(control, depth);
    if (type === Type.extended) type = this.#uint(1) + 7;
    const size = this.#size(control & 31);
    switch (type) {
      case Type.map:
        return this.#map(size, depth);
      case Extended.list:
        return this.#list(size, depth);
      case Extended.boolean:
        return size !== 0;
      default:
        return this.#scalar(type, size);
    }
  }

  #scalar(type: number, size: number): MmdbValue {
    const at = this.#take(size);
    switch (type) {
      case Type.text:
        if (size > textBytesMax) throw new MmdbDamage(`a text has ${size} bytes`);
        return decodeUtf8(this.#bytes, at, at + size) ?? "";
      case Type.bytes:
        // Nothing that is looked for is of bytes.
        return "";
      case Type.double:
        if (size !== 8) throw new MmdbDamage(`a double has ${size} bytes`);
        return this.#view.getFloat64(at);
      case Extended.float:
        if (size !== 4) throw new MmdbDamage(`a float has ${size} bytes`);
        return this.#view.getFloat32(at);
      case Type.uint16:
      case Type.uint32:
      case Type.int32:
      case Type.uint64:
      case Extended.uint128:
        return this.#whole(at, size, type === Type.int32);
      default:
        throw new MmdbDamage(`there is no type ${type}`);
    }
  }

  #whole(at: number, size: number, signed: boolean): number {
    if (size > 16) throw new MmdbDamage(`a number has ${size} bytes`);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.#view.getUint8(at + i);
    return signed ? value | 0 : value;
  }

  #map(size: number, depth: number): MmdbValue {
    const entries: [string, MmdbValue][] = [];
    for (let i = 0; i < size; i++) {
      const key = this.#value(depth + 1);
      if (typeof key !== "string") throw new MmdbDamage("a key is no text");
      entries.push([key, this.#value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #list(size: number, depth: number): MmdbValue {
    const values: MmdbValue[] = [];
    for (let i = 0; i < size; i++) values.push(this.#value(depth + 1));
    return values;
  }

  #pointed(control: number, depth: number): MmdbValue {
    const size = (control >> 3) & 3;
    const low = this.#uint(size + 1);
    const offset = size === 3 ? low : (control & 7) * 256 ** (size + 1) + low + (pointerBases[size] as number);
    const back = this.#at;
    this.#at = this.#start + offset;
    if (this.#view.byteLength > this.#at && this.#view.getUint8(this.#at) >> 5 === Type.pointer)
      throw new MmdbDamage("a pointer points to a pointer");
    const value = this.#value(depth + 1);
    this.#at = back;
    return value;
  }

  #size(low: number): number {
    if (low < 29) return low;
    const base = low === 29 ? 29 : low === 30 ? 285 : 65_821;
    return base + this.#uint(low - 28);
  }

  #uint(bytes: number): number {
    return this.#whole(this.#take(bytes), bytes, false);
  }

  /** Where the next `bytes` bytes stand. */
  #take(bytes: number): number {
    const at = this.#at;
    if (at < 0 || at + bytes > this.#view.byteLength) throw new MmdbDamage("a value reaches beyond the end of the file");
    this.#at = at + bytes;
    return at;
  }
}
