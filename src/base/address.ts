/** Text of an IPv4 address held in one 32-bit word (network order, as `DataView.getUint32` reads it). */
export function ipv4Text(word: number): string {
  return `${(word >>> 24) & 255}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/**
 * Text of an IPv6 address held in four 32-bit words, with every group written in full (four digits), as Suricata's
 * EVE writes it: `2001:0db8:0000:0000:0000:0000:0000:0001`.
 */
export function ipv6FullText(a: number, b: number, c: number, d: number): string {
  return `${groups(a)}:${groups(b)}:${groups(c)}:${groups(d)}`;
}

/** Text of an IPv6 address in the short form of RFC 5952. */
export function ipv6Text(a: number, b: number, c: number, d: number): string {
  const words = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff];
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && words[i + length] === 0) length++;
    if (length > bestLength) {
      best = i;
      bestLength = length;
    }
  }
  const hex = words.map((word) => word.toString(16));
  if (best < 0) return hex.join(":");
  return `${hex.slice(0, best).join(":")}::${hex.slice(best + bestLength).join(":")}`;
}

/** Text of the address in `words[at..at+4)`, of which IPv4 uses the first; IPv6 is written in full. */
export const wordsText = (words: ArrayLike<number>, at: number, ipv6: boolean): string =>
  ipv6
    ? ipv6FullText(words[at] as number, words[at + 1] as number, words[at + 2] as number, words[at + 3] as number)
    : ipv4Text(words[at] as number);

/** Text of a MAC address of its upper 32 and lower 16 bits. */
export const macTextOf = (high: number, low: number): string =>
  `${HEX2[high >>> 24]}:${HEX2[(high >>> 16) & 255]}:${HEX2[(high >>> 8) & 255]}:${HEX2[high & 255]}:${HEX2[(low >>> 8) & 255]}:${HEX2[low & 255]}`;

/** Text of a MAC address at `at`: `00:16:3e:00:00:01`. */
export function macText(view: DataView, at: number): string {
  let text = HEX2[view.getUint8(at)] as string;
  for (let i = 1; i < 6; i++) text += `:${HEX2[view.getUint8(at + i)]}`;
  return text;
}

const HEX2 = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));
const hex4 = (word: number): string => `${HEX2[word >>> 8]}${HEX2[word & 255]}`;
const groups = (word: number): string => `${hex4(word >>> 16)}:${hex4(word & 0xffff)}`;

/** The four 32-bit words of an address text and its version; `undefined` when the text is no address. */
export function parseAddress(text: string): { version: 4 | 6; words: [number, number, number, number] } | undefined {
  if (!text.includes(":")) {
    const word = parseIpv4(text);
    return word === undefined ? undefined : { version: 4, words: [word, 0, 0, 0] };
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] as string);
  const tail = halves.length === 2 ? parseGroups(halves[1] as string) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<number>(missing).fill(0), ...tail];
  const word = (i: number): number => (((all[i] as number) << 16) | (all[i + 1] as number)) >>> 0;
  return { version: 6, words: [word(0), word(2), word(4), word(6)] };
}

const DOT = 0x2e;
const ZERO = 0x30;

function parseIpv4(text: string): number | undefined {
  let word = 0;
  let at = 0;
  for (let octets = 0; octets < 4; octets++) {
    if (octets > 0 && text.charCodeAt(at++) !== DOT) return undefined;
    const from = at;
    let octet = 0;
    for (; at < text.length && at < from + 3; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      octet = octet * 10 + digit;
    }
    if (at === from || octet > 255) return undefined;
    word = word * 256 + octet;
  }
  return at === text.length ? word : undefined;
}

function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const result: number[] = [];
  for (const part of text.split(":")) {
    if (part.includes(".")) {
      const word = parseIpv4(part);
      if (word === undefined) return undefined;
      result.push(word >>> 16, word & 0xffff);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) result.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return result;
}
