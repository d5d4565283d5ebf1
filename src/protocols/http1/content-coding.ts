import type { Coding, InflatedTaker, Inflater, Platform } from "#contract/platform.ts";

/** Codings on top of one another that are undone, and how many are told as too many: libhtp's limit. */
export const codingLayersMax = 4;
const codingLayersUsual = 2;
/** Decoded bytes that are always given, and how often more than were sent beyond them. */
export const bombBytesMin = 8 * 1024 * 1024;
export const bombRatioMax = 250;
/** Values in Content-Encoding that are looked at. */
const valuesMax = 8;

/** Codings as they are to be undone: the last one first. */
export interface Codings {
  readonly names: readonly ("gzip" | "deflate" | "br" | "zstd")[];
  /** A value that is no coding, or none that may stand there (RFC 9110 §8.4.1). */
  readonly unknown: boolean;
  readonly tooMany: boolean;
}

const NONE: Codings = { names: [], unknown: false, tooMany: false };
const GZIP: Codings = { names: ["gzip"], unknown: false, tooMany: false };

/** Content-Encoding of a body. */
export function codingsOf(header: string | undefined): Codings {
  if (header === undefined || header === "") return NONE;
  if (header === "gzip") return GZIP;
  const names: Codings["names"][number][] = [];
  let unknown = false;
  let isHidden = false;
  for (const part of header.toLowerCase().split(",", valuesMax)) {
    const value = part.trim();
    const plain = value.replace(/^x-/, "");
    if (plain === "gzip" || plain === "deflate" || plain === "br" || plain === "zstd") names.unshift(plain);
    else if (value !== "" && value !== "inflate") {
      unknown = true;
      // Receivers that are as lenient as libhtp find the name in what stands around it.
      const found = value.includes("gzip") ? "gzip" : value.includes("deflate") ? "deflate" : undefined;
      if (found === undefined) isHidden = true;
      else names.unshift(found);
    }
  }
  // What lies under an unknown coding cannot be reached.
  return { names: isHidden ? [] : names.slice(0, codingLayersMax), unknown, tooMany: names.length > codingLayersUsual };
}

/** What became of a body's coding. */
export type DecodingState = "good" | "damaged" | "bomb";

/** Undoes one coding. What does not begin as the coding does is passed on as it is. */
export class ContentDecoder {
  state: DecodingState = "good";
  readonly #platform: Platform;
  readonly #name: Codings["names"][number];
  readonly #take: InflatedTaker;
  readonly #limited: InflatedTaker;
  #inflater: Inflater | undefined = undefined;
  #plain = false;
  /** First byte, while the second one is awaited. */
  #first = -1;
  #in = 0;
  #out = 0;

  constructor(platform: Platform, name: Codings["names"][number], take: InflatedTaker) {
    this.#platform = platform;
    this.#name = name;
    this.#take = take;
    this.#limited = (bytes, from, to) => this.#pass(bytes, from, to);
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    if (this.state !== "good" || from >= to) return;
    if (this.#plain) {
      this.#take(bytes, from, to);
      return;
    }
    if (this.#inflater === undefined && !this.#begin(bytes, from, to)) return;
    if (this.#first >= 0) {
      const first = Uint8Array.of(this.#first);
      this.#first = -1;
      this.#push(first, 0, 1);
    }
    this.#push(bytes, from, to);
  }

  close(): void {
    this.#inflater?.close();
  }

  /** Opens the decoder that the first two bytes ask for; false when the second one is still to come. */
  #begin(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#first < 0 && to - from === 1) {
      this.#first = bytes[from] as number;
      return false;
    }
    const held = this.#first >= 0;
    const first = held ? this.#first : (bytes[from] as number);
    const coding = codingOfBytes(this.#name, first, bytes[held ? from : from + 1] as number);
    const inflater = coding === undefined ? undefined : this.#platform.inflater?.(coding);
    if (coding === undefined) this.state = "damaged";
    this.#inflater = inflater;
    this.#plain = inflater === undefined;
    return true;
  }

  #push(bytes: Uint8Array, from: number, to: number): void {
    if (this.#inflater === undefined) {
      this.#take(bytes, from, to);
      return;
    }
    this.#in += to - from;
    const result = this.#inflater.push(bytes, from, to, this.#limited);
    if (result === "damaged" && !this.#beginAgain(bytes, from, to)) this.state = "damaged";
  }

  /** A wrapper that is damaged is passed over, as libhtp does, when nothing has come out of it yet. */
  #beginAgain(bytes: Uint8Array, from: number, to: number): boolean {
    const header = this.#out > 0 || this.#in > to - from ? 0 : gzipHeaderBytes(bytes, from, to);
    const inflater = header === 0 ? undefined : this.#platform.inflater?.("deflate");
    if (inflater === undefined) return false;
    this.#inflater?.close();
    this.#inflater = inflater;
    return inflater.push(bytes, from + header, to, this.#limited) !== "damaged";
  }

  #pass(bytes: Uint8Array, from: number, to: number): boolean {
    this.#out += to - from;
    if (this.#out > bombBytesMin && this.#out > this.#in * bombRatioMax) {
      this.state = "bomb";
      return false;
    }
    return this.#take(bytes, from, to);
  }

  /** True when the bytes went on as they came, because they are not coded as was said. */
  get passed(): boolean {
    return this.#plain;
  }
}

/** Bytes of a gzip header (RFC 1952 §2.3) as libhtp measures it: the name or comment, or the check of the header, or neither. */
function gzipHeaderBytes(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 12 || bytes[from] !== 0x1f || bytes[from + 1] !== 0x8b) return 0;
  const flags = bytes[from + 3] as number;
  if ((flags & 0x18) !== 0) {
    const end = bytes.indexOf(0, from + 10);
    return end < 0 || end >= to ? 0 : end + 1 - from;
  }
  return (flags & 2) === 0 ? 10 : 12;
}

/** The coding that the first two bytes have; `undefined` when they cannot be what was said. */
function codingOfBytes(name: Codings["names"][number], first: number, second: number): Coding | undefined {
  const isGzip = first === 0x1f && second === 0x8b;
  if (name === "gzip" && isGzip) return "gzip";
  if (name === "gzip") return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0 ? "zlib" : undefined;
  if (name !== "deflate") return name;
  if (isGzip) return "gzip";
  // Many senders leave out the wrapper that RFC 9110 §8.4.1.2 asks for.
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0 ? "zlib" : "deflate";
}
