import type { ByteView } from "#base/bytes.ts";
import { toHex } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";
import { ATTRIBUTES, isAuthenticating, NOTIFICATIONS, nameOf, PAYLOADS, TRANSFORMS } from "./names.ts";

/** Payloads, transforms and notifications of one message that are told. */
const payloadsMax = 32;
/** Bytes of public values and vendor numbers that are told. */
const valueBytesMax = 1024;

const ENCRYPTED = 46;
const ENCRYPTED_FRAGMENT = 53;

/** A payload's content: in hexadecimal as far as it is told, and where it stands in the message. */
export interface Value {
  readonly hex: string;
  readonly at: number;
  readonly end: number;
}

/** What the payloads of one message say. */
export class Payloads {
  readonly names: string[] = [];
  readonly vendors: string[] = [];
  readonly notify: string[] = [];
  errors = 0;
  domain: number | undefined;
  key: Value | undefined;
  nonce: Value | undefined;
  /** Transforms of version 1. */
  readonly proposals: Transaction[] = [];
  /** What the first proposal of version 2 says, by name; `undefined` without one. */
  chosen: Transaction | undefined;
  /** The same as numbers. */
  readonly numbers: (readonly [string, number])[] = [];
  /** Anomalies that it deserves. */
  readonly weak: string[] = [];
  sound = true;
}

/** Follows the chain of payloads that begins with one of type `first` at `at`. */
export function readPayloads(window: ByteView, first: number, at: number, end: number, isOld: boolean): Payloads {
  const told = new Payloads();
  let type = first;
  let next = at;
  while (type !== 0 && told.names.length < payloadsMax) {
    const reader = new Reader(window, next, end);
    const following = reader.u8();
    reader.u8();
    const length = reader.u16();
    if (reader.short || length < 4 || next + length > end) {
      told.sound = false;
      return told;
    }
    reader.end = next + length;
    add(told, type, isOld);
    if (isOld) readOld(told, type, reader);
    else if (type === ENCRYPTED || type === ENCRYPTED_FRAGMENT) {
      // What is inside begins with a payload of the type that follows.
      add(told, following, false);
      return told;
    } else readNew(told, type, reader);
    told.sound &&= !reader.short;
    next += length;
    type = following;
  }
  if (!isOld) add(told, 0, false);
  return told;
}

/** In version 1 each kind is told once. */
function add(told: Payloads, type: number, once: boolean): void {
  const name = nameOf(PAYLOADS, type) ?? `Unknown_${type}`;
  if (told.names.length < payloadsMax && !(once && told.names.includes(name))) told.names.push(name);
}

const contentOf = ({ bytes, at, end }: Reader): Value => ({ hex: toHex(bytes, at, Math.min(end, at + valueBytesMax)), at, end });

function readOld(told: Payloads, type: number, reader: Reader): void {
  if (type === 1) {
    told.domain = reader.u32();
    reader.u32();
    proposals(told, reader);
  } else if (type === 4) told.key = contentOf(reader);
  else if (type === 10) told.nonce = contentOf(reader);
  else if (type === 13) told.vendors.push(contentOf(reader).hex);
}

/** RFC 2408 §3.5, §3.6: proposals, each with its transforms. */
function proposals(told: Payloads, reader: Reader): void {
  for (let more = 2; more === 2 && reader.left > 0 && !reader.short; ) {
    more = reader.u8();
    reader.skip(3);
    reader.skip(2);
    const spi = reader.u8();
    const count = reader.u8();
    reader.skip(spi);
    add(told, 2, true);
    for (let i = 0; i < count && reader.left > 0 && !reader.short; i++) {
      reader.skip(2);
      const length = reader.u16();
      if (length < 8 || length - 4 > reader.left) {
        reader.short = true;
        return;
      }
      const stop = reader.at + length - 4;
      reader.skip(4);
      add(told, 3, true);
      if (told.proposals.length < payloadsMax) told.proposals.push(attributes(reader, stop));
      reader.at = stop;
    }
  }
}

/** RFC 2408 §3.3: a type, then its value, or a length and its value. */
function attributes(reader: Reader, stop: number): Transaction {
  const fields: Transaction = {};
  while (reader.at + 4 <= stop) {
    const type = reader.u16();
    const value = reader.u16();
    const raw = (type & 0x8000) !== 0 ? value : long(reader, value, stop);
    const known = ATTRIBUTES[type & 0x7fff];
    if (raw === undefined || known === undefined) continue;
    fields[known[0]] = nameOf(known[1], raw) ?? "Unknown";
    fields[`${known[0]}_raw`] = raw;
  }
  return fields;
}

function long(reader: Reader, length: number, stop: number): number | undefined {
  const at = reader.skip(Math.min(length, stop - reader.at));
  if (at < 0 || length > 6) return undefined;
  let value = 0;
  for (let i = at; i < reader.at; i++) value = value * 256 + (reader.bytes[i] as number);
  return value;
}

function readNew(told: Payloads, type: number, reader: Reader): void {
  if (type === 33) transforms(told, reader);
  else if (type === 41) {
    reader.skip(2);
    const number = reader.u16();
    if (reader.short) return;
    if (number < 16_384) told.errors++;
    if (told.notify.length < payloadsMax)
      told.notify.push(nameOf(NOTIFICATIONS, number) ?? `NotifyType(${number} / 0x${number.toString(16)})`);
  }
}

/** A proposal that is not the last, and one that authenticates without encrypting (RFC 7296 §3.3.1). */
const MORE_PROPOSALS = 2;
const AUTHENTICATION_ALONE = 2;
/** Transforms that count as weak, as Suricata has them: up to DES, 3DES and Blowfish, MD5 and SHA-1 (RFC 7296 §3.3.2). */
const WEAK_CIPHERS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 11]);
const WEAK_FUNCTIONS: ReadonlySet<number> = new Set([1, 2]);
const WEAK_INTEGRITY: ReadonlySet<number> = new Set([1, 2, 3, 4, 6, 7]);

/** RFC 7296 §3.3: the first proposal's transforms. */
function transforms(told: Payloads, reader: Reader): void {
  if (reader.left < 8) return;
  const more = reader.u8();
  reader.skip(4);
  const protocol = reader.u8();
  const spi = reader.u8();
  const count = reader.u8();
  reader.skip(spi);
  const fields: Transaction = {};
  // What is left out counts as none.
  const without: Transaction = { alg_auth: "NONE", alg_dh: "None", alg_esn: "NoESN" };
  const numbers = new Map<number, number>();
  for (let i = 0; i < count && reader.left > 0 && !reader.short; i++) {
    reader.skip(2);
    const length = reader.u16();
    const type = reader.u8();
    reader.u8();
    const number = reader.u16();
    reader.skip(length - 8);
    const known = TRANSFORMS[type];
    if (reader.short || known === undefined || numbers.has(type)) continue;
    numbers.set(type, number);
    told.numbers.push([known[0], number]);
    fields[known[0]] = nameOf(known[1], number) ?? `Unknown_${number}`;
  }
  const [cipher, integrity, group] = [numbers.get(1) ?? 0, numbers.get(3) ?? 0, numbers.get(4) ?? 0];
  told.chosen = { ...without, ...fields };
  if (more === MORE_PROPOSALS) told.weak.push("multiple_server_proposal");
  if (protocol === AUTHENTICATION_ALONE) told.weak.push("no_encryption");
  if (WEAK_CIPHERS.has(cipher)) told.weak.push("weak_crypto_enc");
  if (WEAK_FUNCTIONS.has(numbers.get(2) ?? 0)) told.weak.push("weak_crypto_prf");
  if (WEAK_INTEGRITY.has(integrity)) told.weak.push("weak_crypto_auth");
  if (integrity === 0 && !isAuthenticating(cipher)) told.weak.push("weak_crypto_no_auth");
  if (group === 0) told.weak.push("weak_crypto_no_dh");
  else if (group <= 5 || group === 22) told.weak.push("weak_crypto_dh");
}
