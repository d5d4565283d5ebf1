import { looseText } from "#base/loose-text.ts";
import { huffmanDecode } from "./huffman.ts";

/** Largest dynamic table that is kept, bytes as RFC 7541 §4.1 counts them. Suricata's limit. */
export const tableBytesMax = 65_536;
/** Bytes of a name or value. */
export const stringBytesMax = 65_536;
/** Bytes of the fields of one block that are told: small blocks can stand for much. */
export const blockTextBytesMax = 262_144;

/** Entries 1 to 61 (RFC 7541, appendix A), `name` or `name=value`. */
const STATIC =
  ":authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https|:status=200|:status=204|:status=206|" +
  ":status=304|:status=400|:status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|accept-language|accept-ranges|accept|" +
  "access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|content-language|" +
  "content-length|content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|" +
  "if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|" +
  "referer|refresh|retry-after|server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate";
const STATIC_ENTRIES = 61;
/** What an entry costs beside its bytes. */
const ENTRY_BYTES = 32;

interface Entry {
  readonly name: string;
  readonly value: string;
  /** As RFC 7541 §4.1 counts it. */
  readonly bytes: number;
}

let staticEntries: readonly Entry[] | undefined;

function staticEntry(index: number): Entry {
  staticEntries ??= STATIC.split("|").map((entry) => {
    const equals = entry.indexOf("=");
    const name = equals < 0 ? entry : entry.slice(0, equals);
    const value = equals < 0 ? "" : entry.slice(equals + 1);
    return { name, value, bytes: name.length + value.length + ENTRY_BYTES };
  });
  return staticEntries[index - 1] as Entry;
}

/** What stands where the table was filled before the capture began. */
const UNKNOWN: Entry = { name: "", value: "", bytes: ENTRY_BYTES };

/** Why a block could not be read: Suricata's event names. */
export type HpackTrouble = "invalid_header" | "header_integer_overflow";

export interface HpackTaker {
  field(name: string, value: string): void;
  tableSize(size: number): void;
}

/** Reads the header blocks of one direction of a connection (RFC 7541). */
export class HpackDecoder {
  /** Newest last. */
  #entries: Entry[] = [];
  #bytes = 0;
  #max = 4096;
  #at = 0;
  #trouble: HpackTrouble | undefined = undefined;
  #scratch = new Uint8Array(0);
  /** Bytes of the text read last. */
  #textBytes = 0;

  /** Reads a whole block. What it answers ends the connection, as the table is not right any more. */
  decode(bytes: Uint8Array, from: number, to: number, taker: HpackTaker): HpackTrouble | undefined {
    this.#at = from;
    this.#trouble = undefined;
    let told = 0;
    while (this.#at < to && this.#trouble === undefined) {
      const first = bytes[this.#at] as number;
      if ((first & 0xe0) === 0x20) {
        this.#resize(this.#integer(bytes, to, 5), taker);
        continue;
      }
      const entry = first >= 0x80 ? this.#indexed(this.#integer(bytes, to, 7)) : this.#literal(bytes, to, first);
      if (this.#trouble !== undefined || entry === undefined) break;
      told += entry.bytes;
      if (told <= blockTextBytesMax) taker.field(entry.name, entry.value);
    }
    return this.#trouble;
  }

  #resize(size: number, taker: HpackTaker): void {
    if (this.#trouble !== undefined) return;
    taker.tableSize(size);
    this.#max = Math.min(size, tableBytesMax);
    this.#evict(0);
  }

  #evict(room: number): void {
    let gone = 0;
    while (gone < this.#entries.length && this.#bytes + room > this.#max) this.#bytes -= (this.#entries[gone++] as Entry).bytes;
    if (gone > 0) this.#entries.splice(0, gone);
  }

  #indexed(index: number): Entry | undefined {
    if (index === 0) this.#trouble ??= "invalid_header";
    if (this.#trouble !== undefined) return undefined;
    if (index <= STATIC_ENTRIES) return staticEntry(index);
    return this.#entries[this.#entries.length - (index - STATIC_ENTRIES)] ?? UNKNOWN;
  }

  #literal(bytes: Uint8Array, to: number, first: number): Entry | undefined {
    const kept = (first & 0xc0) === 0x40;
    const index = this.#integer(bytes, to, kept ? 6 : 4);
    let name: string;
    let nameBytes: number;
    if (index > 0) {
      name = this.#indexed(index)?.name ?? "";
      nameBytes = name.length;
    } else {
      name = this.#text(bytes, to);
      nameBytes = this.#textBytes;
    }
    if (this.#trouble !== undefined) return undefined;
    const value = this.#text(bytes, to);
    if (this.#trouble !== undefined) return undefined;
    const entry = { name, value, bytes: nameBytes + this.#textBytes + ENTRY_BYTES };
    if (kept) this.#add(entry);
    return entry;
  }

  /** RFC 7541 §4.4: an entry larger than the table empties it. */
  #add(entry: Entry): void {
    this.#evict(entry.bytes);
    if (entry.bytes > this.#max) return;
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
  }

  /** RFC 7541 §5.1. */
  #integer(bytes: Uint8Array, to: number, bits: number): number {
    const mask = (1 << bits) - 1;
    let value = (bytes[this.#at++] as number) & mask;
    if (value < mask) return value;
    for (let shift = 0; this.#at < to; shift += 7) {
      const byte = bytes[this.#at++] as number;
      if (shift > 21) {
        this.#trouble ??= "header_integer_overflow";
        return 0;
      }
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    this.#trouble ??= "invalid_header";
    return 0;
  }

  /** RFC 7541 §5.2. */
  #text(bytes: Uint8Array, to: number): string {
    if (this.#at >= to) {
      this.#trouble ??= "invalid_header";
      return "";
    }
    const coded = (bytes[this.#at] as number) >= 0x80;
    const length = this.#integer(bytes, to, 7);
    if (this.#trouble !== undefined) return "";
    const from = this.#at;
    if (length > to - from || length > stringBytesMax) {
      this.#trouble ??= "invalid_header";
      return "";
    }
    this.#at += length;
    this.#textBytes = length;
    if (!coded) return looseText(bytes, from, from + length);
    if (this.#scratch.length < length * 2) this.#scratch = new Uint8Array(Math.max(1024, length * 2));
    const made = huffmanDecode(bytes, from, from + length, this.#scratch);
    if (made < 0) this.#trouble ??= "invalid_header";
    this.#textBytes = Math.max(0, made);
    return made < 0 ? "" : looseText(this.#scratch, 0, made);
  }
}
