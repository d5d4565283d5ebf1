import { fromHex, latin1 } from "#base/bytes.ts";
import type { Transaction } from "#contract/parser.ts";
import { latin1Bytes, utf8Bytes } from "#contract/rule-values.ts";
import type { RuleWord } from "#schema/rule-word.ts";

/** Values that one word may have in one transaction; further ones are left out. */
export const valuesMax = 256;

/** Everything that a dotted path leads to in an event; `[]` goes through a list. */
export function valuesAt(event: unknown, path: string): readonly unknown[] {
  let nodes: unknown[] = [event];
  if (path === "") return nodes;
  for (const step of path.split(".")) {
    const isList = step.endsWith("[]");
    const name = isList ? step.slice(0, -2) : step;
    const next: unknown[] = [];
    for (const node of nodes) {
      const value = typeof node === "object" && node !== null ? (node as Transaction)[name] : undefined;
      if (value === undefined || value === null) continue;
      if (isList && Array.isArray(value)) next.push(...(value as unknown[]));
      else next.push(value);
    }
    if (next.length === 0) return next;
    nodes = next.slice(0, valuesMax);
  }
  return nodes;
}

/** The bytes that rules look at; `undefined` for what is no text or number. */
export function wordBytes(word: RuleWord, value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "number" || typeof value === "bigint") return latin1Bytes(String(value));
  if (typeof value !== "string") return undefined;
  switch (word.encoding) {
    case "hex": {
      const digits = value.replace(/[\s:]+/g, "");
      return digits.length % 2 === 0 && !/[^0-9a-f]/i.test(digits) ? fromHex(digits) : undefined;
    }
    case "base64":
      return base64Bytes(value);
    case "latin1":
      return latin1Bytes(value);
    default:
      return value.includes("\\x") ? unescaped(value) : utf8Bytes(value);
  }
}

/** `\xc5` stands for one byte. */
function unescaped(text: string): Uint8Array {
  const bytes: number[] = [];
  let from = 0;
  for (const match of text.matchAll(/\\x([0-9a-f]{2})/gi)) {
    bytes.push(...utf8Bytes(text.slice(from, match.index)), Number.parseInt(match[1] as string, 16));
    from = match.index + match[0].length;
  }
  bytes.push(...utf8Bytes(text.slice(from)));
  return Uint8Array.from(bytes);
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = BASE64.indexOf(letter);
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xff_ffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** The value that number, flag and text words compare: names of numbers are looked up. */
export function comparable(word: RuleWord, value: unknown): number | bigint | string | boolean | undefined {
  if (value instanceof Uint8Array) return comparable(word, latin1(value, 0, value.length));
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return joinedFlags(word, value as unknown[]);
  if (typeof value !== "string") return undefined;
  return word.type === "text" ? value : (numberOf(word, value) ?? value);
}

function numberOf(word: RuleWord, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  if (/^0x[0-9a-f]+$/i.test(name)) return Number.parseInt(name, 16);
  const { numbers } = word;
  return numbers === undefined ? undefined : (numbers[name] ?? numbers[name.toLowerCase()] ?? numbers[name.toUpperCase()]);
}

function joinedFlags(word: RuleWord, names: readonly unknown[]): number | undefined {
  let bits = 0;
  for (const name of names) bits |= typeof name === "string" ? (numberOf(word, name) ?? 0) : 0;
  return bits;
}
