import { type PatternReader, readByteEscape } from "./pcre-reader.ts";
import { type ByteSet, classLetters, folded, include, inverted, posixClasses } from "./pcre-tree.ts";

/** Reads a class in brackets, after its `[`. */
export function readClass(reader: PatternReader, nocase: boolean): ByteSet {
  const start = reader.at - 1;
  const negative = reader.take("^");
  const set = new Uint8Array(256);
  let first = true;
  let quoted = false;
  for (;;) {
    if (reader.done) reader.refuse("a class has no closing bracket", "close it with ], or write a literal bracket as \\[", start);
    if (quoted ? reader.take("\\E") : reader.take("\\Q")) {
      quoted = !quoted;
      continue;
    }
    if (!quoted && !first && reader.take("]")) break;
    if (!quoted && reader.take("\\E")) continue;
    first = false;
    const item = readItem(reader, quoted);
    if (typeof item !== "number") include(set, item);
    else if (!quoted && reader.peek() === "-" && reader.peek(1) !== "]" && reader.peek(1) !== "") readRange(reader, item, set);
    else set[item] = 1;
  }
  const closed = nocase ? folded(set) : set;
  return negative ? inverted(closed) : closed;
}

/** After the first byte of what may be a range. */
function readRange(reader: PatternReader, low: number, set: ByteSet): void {
  const at = reader.at;
  reader.at++;
  const high = readItem(reader, false);
  if (typeof high !== "number") {
    // As in Perl, the hyphen stands for itself beside a set.
    set[low] = 1;
    set[0x2d] = 1;
    include(set, high);
    return;
  }
  if (high < low) reader.refuse("a range in a class is out of order", "write the smaller byte first", at);
  set.fill(1, low, high + 1);
}

/** One byte or set. */
function readItem(reader: PatternReader, quoted: boolean): number | ByteSet {
  if (!quoted && reader.peek() === "[") {
    const posix = reader.match(/\[:(\^?)(\w*):\]/y);
    if (posix !== undefined) {
      const set = posixClasses.get(posix[2] as string);
      if (set === undefined) reader.refuse(`no POSIX class is called ${posix[2]}`, "see alpha, digit, alnum, space, punct, xdigit …");
      return posix[1] === "^" ? inverted(set) : set;
    }
    const collating = reader.match(/\[([.=])[^\]]*\1\]/y);
    if (collating !== undefined) reader.refuse("collating elements are not supported", "list the bytes", reader.at - collating[0].length);
  }
  const char = reader.peek();
  if (quoted || char !== "\\") {
    reader.at++;
    return char.charCodeAt(0);
  }
  reader.at++;
  return readEscape(reader);
}

function readEscape(reader: PatternReader): number | ByteSet {
  const letter = reader.peek();
  if (letter === "b") {
    reader.at++;
    return 0x08;
  }
  const set = letter === "N" ? undefined : classLetters.get(letter);
  if (set !== undefined) {
    reader.at++;
    return set;
  }
  const octal = reader.match(/[1-7][0-7]{0,2}/y);
  if (octal !== undefined) return Number.parseInt(octal[0], 8) & 0xff;
  const byte = readByteEscape(reader);
  if (byte !== undefined) return byte;
  if (letter === "" || /[A-Za-z]/.test(letter))
    reader.refuse(`\\${letter} has no meaning in a class`, "write the bytes that are meant", reader.at - 1);
  reader.at++;
  return letter.charCodeAt(0);
}
