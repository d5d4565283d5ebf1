import { ipv4Text, ipv6FullText, parseAddress } from "#base/address.ts";

/**
 * An address in the form in which it is compared and stored: IPv4 as its number, IPv6 as text with all digits. Both
 * sort by address, so a network is a range.
 */
export type AddressKey = number | string;

/** The key of an address text in any spelling; `undefined` when it is none. */
export function addressKey(text: string): AddressKey | undefined {
  const parsed = parseAddress(text);
  return parsed === undefined ? undefined : keyOf(parsed.version, parsed.words);
}

/** Text of a key, spelled as events spell it. */
export const addressText = (key: AddressKey): string => (typeof key === "number" ? ipv4Text(key) : key);

/** A network or a single address, as a closed range of keys. */
export interface Network {
  readonly low: AddressKey;
  readonly high: AddressKey;
  /** Normal spelling, host bits cleared: `10.0.0.0/8`; without a length for a single address. */
  readonly text: string;
}

/** Reads `10.0.0.0/8`, `2001:db8::/32` or a single address; `undefined` for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const parsed = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (parsed === undefined) return undefined;
  const bitsMax = parsed.version === 4 ? 32 : 128;
  const length = slash < 0 ? String(bitsMax) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > bitsMax) return undefined;
  const bits = Number(length);
  const low = keyOf(parsed.version, parsed.words.map((word, i) => (word & mask(bits - 32 * i)) >>> 0) as Words);
  const high = keyOf(parsed.version, parsed.words.map((word, i) => (word | ~mask(bits - 32 * i)) >>> 0) as Words);
  return { low, high, text: bits === bitsMax ? addressText(low) : `${addressText(low)}/${bits}` };
}

/** True when the key lies in the network. */
export function inNetwork(key: AddressKey, network: Network): boolean {
  return typeof key === typeof network.low && key >= network.low && key <= network.high;
}

type Words = [number, number, number, number];

const keyOf = (version: 4 | 6, words: Words): AddressKey => (version === 4 ? words[0] : ipv6FullText(...words));

/** The upper `bits` of a word set; `bits` may lie outside of 0 to 32. */
function mask(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : ~(0xffffffff >>> bits);
}
