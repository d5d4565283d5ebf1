import { toHex } from "#base/bytes.ts";

/** Writers of messages for the tests of this room. All take and give hexadecimal text. */
export const u8 = (value: number): string => value.toString(16).padStart(2, "0");
export const u16 = (value: number): string => value.toString(16).padStart(4, "0");
export const u24 = (value: number): string => value.toString(16).padStart(6, "0");
const bytesOf = (hex: string): number => hex.length / 2;
export const text = (value: string): string => toHex(Uint8Array.from(value, (char) => char.charCodeAt(0)));

/** A list of 16-bit numbers. */
export const numbers = (values: readonly number[]): string => values.map(u16).join("");
export const vector8 = (hex: string): string => u8(bytesOf(hex)) + hex;
export const vector16 = (hex: string): string => u16(bytesOf(hex)) + hex;
export const extension = (type: number, body: string): string => u16(type) + vector16(body);
export const serverName = (name: string, type = 0): string => extension(0, vector16(u8(type) + vector16(text(name))));
export const alpn = (...names: readonly string[]): string => extension(16, vector16(names.map((name) => vector8(text(name))).join("")));

/** A handshake message. */
export const message = (type: number, body: string): string => u8(type) + u24(bytesOf(body)) + body;
/** A record. */
export const record = (type: number, body: string, version = 0x0301): string => u8(type) + u16(version) + vector16(body);

export interface HelloShape {
  readonly version?: number;
  readonly session?: string;
  readonly ciphers?: readonly number[];
  /** The extensions, one after the other; `undefined` for a hello without the field. */
  readonly extensions?: string | undefined;
}

const RANDOM = "11".repeat(32);

/** The body of a ClientHello. */
export function clientHello(shape: HelloShape = {}): string {
  const { version = 0x0303, session = "", ciphers = [0x1301, 0xc02f], extensions } = shape;
  const tail = extensions === undefined ? "" : vector16(extensions);
  return u16(version) + RANDOM + vector8(session) + vector16(numbers(ciphers)) + vector8("00") + tail;
}

/** The body of a ServerHello. */
export function serverHello(shape: HelloShape & { readonly random?: string } = {}): string {
  const { version = 0x0303, session = "", ciphers = [0xc02f], extensions, random = RANDOM } = shape;
  return `${u16(version)}${random}${vector8(session)}${numbers(ciphers)}00${extensions === undefined ? "" : vector16(extensions)}`;
}

/** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
export const RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
export const TLS13_EXTENSION = extension(43, u16(0x0304));
/** An encrypted record. */
export const opaqueRecord = (bytes = 32): string => record(23, "5a".repeat(bytes), 0x0303);
export const changeCipherSpec = record(20, "01", 0x0303);

/** DER element. */
export function der(tag: number, ...parts: readonly string[]): string {
  const body = parts.join("");
  const length = bytesOf(body);
  const head = length < 128 ? u8(length) : length < 65_536 ? `82${u16(length)}` : `83${u24(length)}`;
  return u8(tag) + head + body;
}
