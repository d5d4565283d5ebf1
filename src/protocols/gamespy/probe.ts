import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { matches } from "#protocols/game-query/reader.ts";

/** What version 1 is asked, behind the first backslash. */
export const questions = ["status", "info", "basic", "rules", "players", "packets", "echo", "secure"];

/** Beginnings and ends of what version 1 answers, in whatever order a game writes it. */
const endings = ["\\queryid\\", "\\final\\"];
const tailBytes = 32;

export function probe(_side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  const first = bytes[at];
  if (first === 0x5c) return isText(bytes, at, end) ? Probe.yes : Probe.no;
  if (first === 0xfe) return isQuery(bytes, at, end) ? Probe.yes : Probe.no;
  if (first === 0x09) return isChallenge(bytes, at, end) || isAvailable(bytes, at, end) ? (usualPort ? Probe.yes : Probe.maybe) : Probe.no;
  if (first === 0x03) return matches(bytes, at + 5, end, "localip0\0") ? Probe.yes : Probe.no;
  if (first !== 0x00 || end - at < 8 || view.getUint32(at) > 0x00ffffff) return Probe.no;
  if (matches(bytes, at + 5, end, "splitnum\0")) return Probe.yes;
  return isPlainAnswer(bytes, at + 5, end) ? Probe.yes : Probe.no;
}

function isText(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 6) return false;
  for (const word of questions)
    if (matches(bytes, at + 1, end, word) && bytes[at + 1 + word.length] === 0x5c && end - at <= word.length + 40) return true;
  for (let i = Math.max(at + 1, end - tailBytes); i < end - 6; i++)
    if (bytes[i] === 0x5c && endings.some((text) => matches(bytes, i, end, text))) return true;
  return false;
}

/** 0xfe 0xfd, kind, a number: a challenge is asked with nothing more, information with a challenge or flags. */
function isQuery(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at + 1] !== 0xfd) return false;
  const length = end - at;
  if (bytes[at + 2] === 0x09) return length === 7 || length === 11;
  if (bytes[at + 2] === 0x00) return length === 10 || length === 11 || length === 14 || length === 15;
  return false;
}

/** Four zeros, then the name of a game in small letters and digits. */
export function isAvailable(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 8 || end - at > 40 || bytes[end - 1] !== 0) return false;
  for (let i = at + 1; i < at + 5; i++) if (bytes[i] !== 0) return false;
  for (let i = at + 5; i < end - 1; i++) {
    const letter = bytes[i] as number;
    if ((letter < 0x61 || letter > 0x7a) && (letter < 0x30 || letter > 0x39) && letter !== 0x5f) return false;
  }
  return (bytes[at + 5] as number) >= 0x61;
}

/** A number in digits, ended by a zero byte. */
function isChallenge(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < 7 || length > 18 || bytes[end - 1] !== 0) return false;
  for (let i = at + 5; i < end - 1; i++) {
    const digit = bytes[i] as number;
    if ((digit < 0x30 || digit > 0x39) && !(digit === 0x2d && i === at + 5)) return false;
  }
  return true;
}

/** Version 2: settings that begin with a known name, or a count and the names of columns. */
function isPlainAnswer(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] === 0 && matches(bytes, at + 2, end, "player_\0")) return true;
  return ["hostname\0", "gamename\0", "gamever\0", "mapname\0"].some((name) => matches(bytes, at, end, name));
}
