import { parseAddress } from "#base/address.ts";
import { fromHex, latin1 } from "#base/bytes.ts";
import { decodeBase64 } from "./base64.ts";
import { jsonValues } from "./dataset-json.ts";
import type { DatasetAccess } from "./scratch.ts";

/** Values that one set holds, loaded and added; further ones are left out and counted. */
export const datasetValuesMax = 4_194_304;
/** Longest value of a set that rules add to, in bytes; longer ones are not kept. */
export const datasetValueBytesMax = 65_535;

export type DatasetType = "string" | "md5" | "sha1" | "sha256" | "ip" | "ipv4";

export interface DatasetOptions {
  readonly type: DatasetType;
  /** `json`: an array of objects, or an object with one; `ndjson`: an object a line. Else a value a line, as Suricata writes them. */
  readonly format?: string;
  /** Member of the objects that holds the value, with dots for members within. */
  readonly valueKey?: string | undefined;
  /** A name stands for all names below it. */
  readonly subdomains?: boolean;
}

const digestBytes: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32 };

/** One set: values as texts with one character a byte, with their reputation when they have one. */
interface Dataset {
  readonly options: DatasetOptions;
  readonly values: Map<string, number>;
}

/**
 * The named sets of values that rules ask (`dataset`, `datarep`) and add to, shared by all rules of an engine. Files are in
 * Suricata's form: strings in base64, digests in hexadecimal, addresses as texts; behind a comma the reputation.
 */
export class Datasets implements DatasetAccess {
  readonly #sets = new Map<string, Dataset>();
  readonly #valuesMax: number;
  #leftOut = 0;

  constructor(valuesMax = datasetValuesMax) {
    this.#valuesMax = valuesMax;
  }

  /** Values that found no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Makes an empty set, when there is none of the name. */
  define(name: string, options: DatasetOptions): void {
    if (!this.#sets.has(name)) this.#sets.set(name, { options, values: new Map() });
  }

  /** Values in the set; 0 when there is no such set. */
  sizeOf(name: string): number {
    return this.#sets.get(name)?.values.size ?? 0;
  }

  /** Adds the values of a file's text. Returns the numbers of the lines that are none, at most the first 100. */
  load(name: string, text: string): readonly number[] {
    const set = this.#sets.get(name);
    if (set === undefined) return [];
    const { format, type, valueKey } = set.options;
    const bad: number[] = [];
    if (format === "json" || format === "ndjson") {
      for (const value of jsonValues(text, format, valueKey)) this.#put(set, plainValue(type, value), 0);
      return bad;
    }
    let number = 0;
    for (const whole of lines(text)) {
      number++;
      const line = whole.trim();
      if (line === "" || line.startsWith("#")) continue;
      const comma = line.indexOf(",");
      const value = fileValue(type, comma < 0 ? line : line.slice(0, comma).trim());
      const reputation = comma < 0 ? 0 : Number(line.slice(comma + 1).split(",", 1)[0]);
      if (value === undefined || !Number.isInteger(reputation) || reputation < 0) {
        if (bad.length < 100) bad.push(number);
      } else this.#put(set, value, reputation);
    }
    return bad;
  }

  has(name: string, bytes: Uint8Array, from: number, to: number): boolean {
    return this.reputation(name, bytes, from, to) !== undefined;
  }

  reputation(name: string, bytes: Uint8Array, from: number, to: number): number | undefined {
    const set = this.#sets.get(name);
    const value = set && keyOf(set.options.type, bytes, from, to);
    if (set === undefined || value === undefined) return undefined;
    const found = set.values.get(value);
    if (found !== undefined || set.options.subdomains !== true) return found;
    for (let dot = value.indexOf("."); dot >= 0; dot = value.indexOf(".", dot + 1)) {
      const above = set.values.get(value.slice(dot + 1));
      if (above !== undefined) return above;
    }
    return undefined;
  }

  /** True when the value is new in the set. */
  add(name: string, bytes: Uint8Array, from: number, to: number): boolean {
    const set = this.#sets.get(name);
    const value = set && to - from <= datasetValueBytesMax ? keyOf(set.options.type, bytes, from, to) : undefined;
    if (set === undefined || value === undefined || set.values.has(value)) return false;
    return this.#put(set, value, 0);
  }

  /** True when the value was in the set. */
  remove(name: string, bytes: Uint8Array, from: number, to: number): boolean {
    const set = this.#sets.get(name);
    const value = set && keyOf(set.options.type, bytes, from, to);
    return set !== undefined && value !== undefined && set.values.delete(value);
  }

  #put(set: Dataset, value: string | undefined, reputation: number): boolean {
    if (value === undefined) return false;
    if (set.values.size >= this.#valuesMax && !set.values.has(value)) {
      this.#leftOut++;
      return false;
    }
    set.values.set(value, reputation);
    return true;
  }
}

function* lines(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    yield text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
  }
}

/** What a buffer's bytes are in a set of the type; `undefined` for what cannot be in one. A digest may be in hexadecimal too. */
function keyOf(type: DatasetType, bytes: Uint8Array, from: number, to: number): string | undefined {
  const length = to - from;
  if (type === "string") return latin1(bytes, from, to);
  if (type === "ip" || type === "ipv4") {
    if (length === 4) return latin1(bytes, from, to);
    if (length !== 16 || type === "ipv4") return undefined;
    return shortened(latin1(bytes, from, to));
  }
  const size = digestBytes[type];
  if (length === size) return latin1(bytes, from, to);
  return length === 2 * (size ?? 0) ? digestValue(latin1(bytes, from, to)) : undefined;
}

/** What a word of a file is in a set of the type. */
function fileValue(type: DatasetType, word: string): string | undefined {
  if (type !== "string") return plainValue(type, word);
  const encoded = Uint8Array.from(word, (character) => character.charCodeAt(0));
  const bytes = decodeBase64(encoded, 0, encoded.length, "strict");
  return bytes.length > 0 ? latin1(bytes, 0, bytes.length) : undefined;
}

function plainValue(type: DatasetType, word: string): string | undefined {
  if (type === "string") return utf8(word);
  if (type === "ip" || type === "ipv4") return addressValue(type, word);
  return word.length === 2 * (digestBytes[type] ?? 0) ? digestValue(word) : undefined;
}

function digestValue(word: string): string | undefined {
  if (!/^[0-9a-f]+$/i.test(word)) return undefined;
  const bytes = fromHex(word);
  return latin1(bytes, 0, bytes.length);
}

function addressValue(type: DatasetType, word: string): string | undefined {
  const address = parseAddress(word);
  if (address === undefined || (type === "ipv4" && address.version === 6)) return undefined;
  let text = "";
  for (let i = 0; i < (address.version === 4 ? 1 : 4); i++) {
    const part = address.words[i] as number;
    text += String.fromCharCode((part >>> 24) & 255, (part >>> 16) & 255, (part >>> 8) & 255, part & 255);
  }
  return address.version === 4 ? text : shortened(text);
}

/** IPv4 addresses written as IPv6 (RFC 4291 §2.5.5.2) are these IPv4 addresses. */
const shortened = (text: string): string => (text.startsWith("\0\0\0\0\0\0\0\0\0\0\xff\xff") ? text.slice(12) : text);

/** One character a byte of UTF-8: how buffers hold names of other scripts. */
const utf8 = (word: string): string =>
  encodeURIComponent(word.toWellFormed()).replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
