/**
 * Public suffixes, small: every last label is one, and so are two labels under a country when the first of them is one of
 * those that registries commonly sell below (`co.uk`, `com.br`, `ac.jp`). The whole list of publicsuffix.org has 10,000
 * entries that change weekly and is not brought along, so that suffixes of companies (`github.io`) and of towns
 * (`kobe.jp`) are taken for domains.
 */
const SECOND = new Set(
  "ac asn biz co com ed edu gen go gob gov gouv gub gv id idv ind info int ltd mil muni ne net nic nom or org plc sch web".split(" "),
);

const DOT = 0x2e;
const labelsMax = 128;

/** Where the public suffix begins that the name ends with; -1 when there is none: an empty name, an address. */
export function suffixStart(name: Uint8Array): number {
  const last = labelStart(name, name.length);
  if (!isLabel(name, last, name.length)) return -1;
  if (last === 0) return 0;
  const second = labelStart(name, last - 1);
  return name.length - last === 2 && SECOND.has(text(name, second, last - 1)) ? second : last;
}

/** Where the domain begins that was registered: the public suffix and one label more; -1 when there is none. */
export function domainStart(name: Uint8Array): number {
  const suffix = suffixStart(name);
  if (suffix <= 0) return -1;
  const start = labelStart(name, suffix - 1);
  return start < suffix - 1 ? start : -1;
}

/** Beginning of the label that ends at `end`. */
function labelStart(name: Uint8Array, end: number): number {
  return end <= 0 ? 0 : name.lastIndexOf(DOT, end - 1) + 1;
}

/** A last label has letters: digits alone are the end of an address. */
function isLabel(name: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < Math.min(to, from + labelsMax); at++) {
    const byte = name[at] as number;
    if (byte < 0x30 || byte > 0x39) return true;
  }
  return false;
}

function text(name: Uint8Array, from: number, to: number): string {
  let letters = "";
  for (let at = from; at < Math.min(to, from + 8); at++) letters += String.fromCharCode((name[at] as number) | 0x20);
  return letters;
}
