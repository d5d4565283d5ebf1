import { ipv4Text } from "#base/address.ts";
import { toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";

/** Bytes of one value that are told. */
const valueBytesMax = 256;
/** Numbers of an object identifier that are told. */
const identifierPartsMax = 128;

/** An element: its tag and where its content stands. */
export interface Element {
  readonly tag: number;
  readonly at: number;
  readonly end: number;
}

/** Reads the element at `at` that must end by `end` (BER, one-byte tags, definite lengths). */
export function element(bytes: Uint8Array, at: number, end: number): Element | undefined {
  if (at + 2 > end) return undefined;
  const tag = bytes[at] as number;
  let length = bytes[at + 1] as number;
  let content = at + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0 || count > 4 || content + count > end) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[content++] as number);
  }
  return length > end - content ? undefined : { tag, at: content, end: content + length };
}

/** Elements one after the other; each must have the tag that is asked for. */
export class Elements {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  at: number;
  /** True once something did not fit. */
  failed = false;

  constructor(bytes: Uint8Array, { at, end }: { readonly at: number; readonly end: number }) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  get more(): boolean {
    return !this.failed && this.at < this.#end;
  }

  /** The next element; an empty one when it has another tag or does not fit. -1 stands for any tag. */
  next(tag: number): Element {
    const found = this.failed ? undefined : element(this.#bytes, this.at, this.#end);
    if (found === undefined || (tag >= 0 && found.tag !== tag)) {
      this.failed = true;
      return { tag: -1, at: this.#end, end: this.#end };
    }
    this.at = found.end;
    return found;
  }

  integer(): number {
    return integer(this.#bytes, this.next(0x02));
  }
}

/** A number, negative ones too; beyond 2^53 it loses digits. */
export function integer(bytes: Uint8Array, { at, end }: Element): number {
  if (at >= end) return 0;
  let value = (bytes[at] as number) >= 0x80 ? -1 : 0;
  for (let i = at; i < Math.min(end, at + 9); i++) value = value * 256 + (bytes[i] as number);
  return value;
}

function unsigned(bytes: Uint8Array, { at, end }: Element): number {
  let value = 0;
  for (let i = at; i < Math.min(end, at + 9); i++) value = value * 256 + (bytes[i] as number);
  return value;
}

/** An object identifier as `1.3.6.1`. */
export function identifier(bytes: Uint8Array, { at, end }: Element): string {
  const parts: number[] = [];
  let value = 0;
  for (let i = at; i < end && parts.length < identifierPartsMax; i++) {
    const byte = bytes[i] as number;
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (parts.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      parts.push(first, value - first * 40);
    } else parts.push(value);
    value = 0;
  }
  return parts.join(".");
}

/** A value as text (RFC 2578 §7.1). */
export function valueText(bytes: Uint8Array, value: Element): string {
  const { tag, at } = value;
  const end = Math.min(value.end, at + valueBytesMax);
  switch (tag) {
    case 0x02:
      return String(integer(bytes, value));
    case 0x04:
      return isText(bytes, at, end) ? looseText(bytes, at, end) : toHex(bytes, at, end);
    case 0x05:
      return "";
    case 0x06:
      return identifier(bytes, value);
    case 0x40: // IpAddress
      return end - at === 4
        ? ipv4Text(
            ((bytes[at] as number) << 24) |
              ((bytes[at + 1] as number) << 16) |
              ((bytes[at + 2] as number) << 8) |
              (bytes[at + 3] as number),
          )
        : toHex(bytes, at, end);
    case 0x41: // Counter32, Gauge32, TimeTicks, Counter64
    case 0x42:
    case 0x43:
    case 0x46:
      return String(unsigned(bytes, value));
    case 0x80:
      return "noSuchObject";
    case 0x81:
      return "noSuchInstance";
    case 0x82:
      return "endOfMibView";
    default:
      return toHex(bytes, at, end);
  }
}

function isText(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) return false;
    if (byte === 0x7f) return false;
  }
  return true;
}
