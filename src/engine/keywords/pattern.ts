/**
 * What each kind of keyword matches, as a regular expression over bytes (one character a byte), and literals of
 * which every match holds one, for the search that comes before.
 *
 * Whole words: letters, digits and the underscore are parts of words. What an encoding puts before a word is none of
 * it: `%20wget`, `\nwget` in JSON and `&#x20;wget` hold the word, `rwget`, `wgetUrl` and `wget_log` do not.
 */
import type { Keyword } from "./keyword.ts";
import { requiredTexts } from "./required.ts";

export interface KeywordPattern {
  readonly source: string;
  /** Flags of JavaScript's regular expressions. */
  readonly flags: string;
  /** Bytes of which at least one row is in every match; empty when there is nothing that could be searched for. */
  readonly literals: readonly Uint8Array[];
}

const WORD = "A-Za-z0-9_";
/** Escaped characters in front of a word: percent, JSON, C and HTML. */
const BEFORE = `(?:(?<![${WORD}])|(?<=%[0-9A-Fa-f]{2})|(?<=\\\\[nrt])|(?<=\\\\u[0-9A-Fa-f]{4}))`;
const AFTER = `(?![${WORD}])`;
/** Between words: spaces as shells, forms, URLs and evasions write them. */
const GAP = "(?:[\\s+]|%(?:20|09|0[aAdD])|\\$\\{?IFS\\}?(?:\\$\\d)?)+";
/**
 * Where a shell takes the next word as a command: the beginning, behind a separator, a substitution, a prompt, or the
 * parameter of a form or script that runs what it is given.
 */
const POSITION =
  "(?:^|[\\n\\r;|`{]|&&|%(?:0[aAdD]|3[bB]|7[cC]|60|26%26)|\\$\\(|%24%28|\\\\n|[#$>] |-c[\\s+]+[\"']?|[?&](?:cmd|exec|command|execute|run|do|ping|ip|host)=)";
const PREFIX = `(?:(?:sudo|busybox|nohup|exec|env|time|then|do|else|\\(|\\{|!)${GAP})*(?:[\\w.~-]*/)*`;

/** Throws `SyntaxError` when a regular expression is none. */
export function patternOf(keyword: Keyword): KeywordPattern {
  const flags = `${keyword.isCaseSensitive ? "" : "i"}${keyword.flags}`;
  switch (keyword.kind) {
    case "word":
    case "phrase": {
      const words = utf8Latin1(keyword.pattern).trim().split(/\s+/);
      const body = words.map(escaped).join(GAP);
      return {
        source: `${edge(words[0] as string, BEFORE, true)}${body}${edge(words.at(-1) as string, AFTER, false)}`,
        flags,
        literals: [longest(words)],
      };
    }
    case "command": {
      const words = utf8Latin1(keyword.pattern).trim().split(/\s+/);
      const follows = keyword.suffix === "" ? "" : `[^\\n\\r]{0,200}?(?:${keyword.suffix})`;
      return {
        source: `${POSITION}[\\s"']{0,8}${PREFIX}${words.map(escaped).join(GAP)}(?:\\.exe)?${keyword.suffix === "" ? `(?:${GAP}|["']|$)` : GAP}${follows}`,
        flags: flags.replace("m", ""),
        literals: [longest(words)],
      };
    }
    case "hex": {
      const bytes = keyword.pattern.match(/../g) ?? [];
      return {
        source: bytes.map((byte) => `\\x${byte}`).join(""),
        flags: "s",
        literals: [Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16))],
      };
    }
    default:
      return { source: utf8Latin1(keyword.pattern), flags, literals: requiredTexts(utf8Latin1(keyword.pattern)).map(bytesOf) };
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const isWordCharacter = (character: string | undefined): boolean => character !== undefined && /[A-Za-z0-9_]/.test(character);
/** A side of a phrase has an edge only where it ends in a word: `cmd=` may be followed by anything. */
const edge = (word: string, boundary: string, isFront: boolean): string =>
  isWordCharacter(isFront ? word[0] : word.at(-1)) ? boundary : "";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
const longest = (words: readonly string[]): Uint8Array =>
  bytesOf(words.reduce((best, word) => (word.length > best.length ? word : best), ""));

/** UTF-8 of a text, one character a byte: as a pattern over bytes needs it. */
export function utf8Latin1(text: string): string {
  let bytes = "";
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    if (point < 0x80) bytes += character;
    else if (point < 0x800) bytes += String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes += String.fromCharCode(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes += String.fromCharCode(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return bytes;
}
