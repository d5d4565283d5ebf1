import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { matches } from "#protocols/game-query/reader.ts";
import { infoShape } from "./answers.ts";

/** Behind four bytes 0xff: a message outside of the connection. */
export const CONNECTIONLESS = 0xffffffff;
/** Behind 0xfe and three bytes 0xff: a part of one. */
export const SPLIT = 0xfeffffff;

const oldQueries = ["details", "players", "rules", "infostring", "ping"];

/** Messages of Source and GoldSrc begin with four bytes 0xff and a letter. */
export function probe(_side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  const first = bytes[at];
  if (first === 0x31) return probeMaster(bytes, at, end);
  if ((first !== 0xff && first !== 0xfe) || end - at < 5) return Probe.no;
  const magic = view.getUint32(at);
  if (magic === SPLIT) return probeSplit(bytes, view, at, end);
  if (magic !== CONNECTIONLESS) return Probe.no;
  return isQuery(bytes, at + 4, end) || isAnswer(bytes, at + 4, end, usualPort) ? Probe.yes : Probe.no;
}

function isQuery(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  switch (bytes[at]) {
    case 0x54:
      return matches(bytes, at + 1, end, "Source Engine Query\0");
    case 0x55:
    case 0x56:
      return length === 5;
    case 0x57:
      return length === 1 || length === 5;
    case 0x69:
      return length === 1 || (length <= 12 && matches(bytes, at, end, "infostring"));
    case 0x46:
      return length === 4 && matches(bytes, at, end, "FLSQ");
    case 0x67:
      return matches(bytes, at, end, "getchallenge ") && (matches(bytes, at + 13, end, "steam") || matches(bytes, at + 13, end, "valve"));
    case 0x71:
      return length >= 13 && matches(bytes, at + 5, end, "connect0x");
    default:
      return oldQueries.some((word) => length <= word.length + 2 && matches(bytes, at, end, word));
  }
}

function isAnswer(bytes: Uint8Array, at: number, end: number, usualPort: boolean): boolean {
  const length = end - at;
  switch (bytes[at]) {
    case 0x49:
      return infoShape(bytes, at + 1, end) !== 0;
    case 0x6d:
      return isOldInfo(bytes, at + 1, end);
    case 0x44:
      return isPlayers(bytes, at + 1, end);
    case 0x45:
      return isRules(bytes, at + 1, end);
    case 0x41:
      return length === 5 || (length > 13 && (usualPort || matches(bytes, at + 1, end, "00000000 ")));
    case 0x6a:
      return length === 1 || matches(bytes, at + 1, end, "00000000000000\0");
    case 0x66:
      return length >= 8 && bytes[at + 1] === 0x0a && (length - 2) % 6 === 0;
    default:
      return false;
  }
}

/** Address, then texts: the address has a colon and ends with digits. */
function isOldInfo(bytes: Uint8Array, at: number, end: number): boolean {
  const zero = bytes.indexOf(0, at);
  if (zero < 0 || zero > at + 64 || zero >= end || end - zero < 12) return false;
  const colon = bytes.indexOf(0x3a, at);
  return colon >= at && colon < zero;
}

/** The first player fits: a text, then eight bytes; no players, no bytes. */
function isPlayers(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  if (bytes[at] === 0) return end - at === 1;
  const zero = bytes.indexOf(0, at + 2);
  return zero >= 0 && zero + 9 <= end && zero - at < 260;
}

/** The first rule is two texts, and rules end with a zero byte unless they were cut. */
function isRules(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 2) return false;
  if (end - at === 2) return bytes[at] === 0 && bytes[at + 1] === 0;
  const zero = bytes.indexOf(0, at + 2);
  if (zero <= at + 2 || zero >= end) return false;
  const next = bytes.indexOf(0, zero + 1);
  return next >= 0 && next < end;
}

/** A part: total and number are plausible in one of the two layouts. */
function probeSplit(bytes: Uint8Array, view: DataView, at: number, end: number): Probe {
  if (end - at < 14) return Probe.no;
  const layout = splitLayout(bytes, view, at, end);
  const total = layout === "source" ? (bytes[at + 8] as number) : (bytes[at + 8] as number) & 0x0f;
  const number = layout === "source" ? (bytes[at + 9] as number) : (bytes[at + 8] as number) >>> 4;
  if (layout === "goldsrc" && number === 0 && view.getUint32(at + 9) !== CONNECTIONLESS) return Probe.no;
  if (total < 2 && !(layout === "source" && total === 1)) return Probe.no;
  return number < total ? Probe.yes : Probe.no;
}

/**
 * GoldSrc has number and total in one byte, Source in two. In the first part, the message's own 0xff bytes tell
 * where the header ends; later parts of GoldSrc go on with text, which makes no number below the total.
 */
export function splitLayout(bytes: Uint8Array, view: DataView, at: number, end: number): "source" | "goldsrc" {
  if (end - at < 16) return "source";
  if (view.getUint32(at + 9) === CONNECTIONLESS) return "goldsrc";
  if ((bytes[at + 9] as number) >= (bytes[at + 8] as number)) return "goldsrc";
  if (bytes[at + 9] !== 0 || isCompressed(bytes, at)) return "source";
  return view.getUint32(at + 10) === CONNECTIONLESS || view.getUint32(at + 12) === CONNECTIONLESS ? "source" : "goldsrc";
}

export const isCompressed = (bytes: Uint8Array, at: number): boolean => ((bytes[at + 7] as number) & 0x80) !== 0;

/** `1`, a region, the address to go on from, a filter: what is asked of Valve's master server. */
function probeMaster(bytes: Uint8Array, at: number, end: number): Probe {
  if (end - at < 11 || bytes[end - 1] !== 0) return Probe.no;
  const region = bytes[at + 1] as number;
  if (region > 7 && region !== 0xff) return Probe.no;
  const zero = bytes.indexOf(0, at + 2);
  if (zero < at + 9 || zero > at + 23 || zero >= end) return Probe.no;
  let colons = 0;
  for (let i = at + 2; i < zero; i++) {
    const letter = bytes[i] as number;
    if (letter === 0x3a) colons++;
    else if (letter !== 0x2e && (letter < 0x30 || letter > 0x39)) return Probe.no;
  }
  return colons === 1 ? Probe.yes : Probe.no;
}
