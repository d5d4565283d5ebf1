const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const QUESTION = 0x3f;
const HASH = 0x23;
const DOT = 0x2e;
const COLON = 0x3a;
const LOW_U = 0x75;

/**
 * The target of a request as rules see it, as libhtp makes it for detection: without scheme and authority; the path
 * with its escapes undone (`%41`, `%u0041`), backslashes as slashes, slashes in a row as one, UTF-8 as the letters of
 * Windows-1252 that come closest, `.` and `..` resolved; the query and fragment with their escapes undone.
 */
export function normalTarget(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const start = behindAuthority(bytes, from, to);
  if (isNormal(bytes, start, to)) return bytes.subarray(start, to);
  let pathEnd = start;
  while (pathEnd < to && bytes[pathEnd] !== QUESTION && bytes[pathEnd] !== HASH) pathEnd++;
  const path = withoutDots(fromUtf8(decodedPath(bytes, start, pathEnd)));
  const all = new Uint8Array(path.length + to - pathEnd);
  all.set(path);
  return all.subarray(0, decodeInto(all, path.length, bytes, pathEnd, to));
}

/** True when nothing in the target is written in another way than rules see it: most are. */
function isNormal(bytes: Uint8Array, from: number, to: number): boolean {
  let before = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte === PERCENT || byte === BACKSLASH || byte >= 0x80) return false;
    if ((byte === SLASH || byte === DOT) && (before === SLASH || i === from) && (byte === DOT || i > from)) return false;
    before = byte;
  }
  return true;
}

/** Behind `http://host`; where it begins when it has none. */
function behindAuthority(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && at - from < 8 && isLetter(bytes[at] as number)) at++;
  if (at === from || bytes[at] !== COLON || bytes[at + 1] !== SLASH || bytes[at + 2] !== SLASH || at + 3 > to) return from;
  at += 3;
  while (at < to && bytes[at] !== SLASH && bytes[at] !== QUESTION && bytes[at] !== HASH) at++;
  return at;
}

const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

/** Value of two hexadecimal digits at `at`, -1 when they are none. */
function hexByte(bytes: Uint8Array, at: number, to: number): number {
  if (at + 2 > to) return -1;
  const high = digitOf(bytes[at] as number);
  const low = digitOf(bytes[at + 1] as number);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Undoes escapes; ones that are none stay. Returns where the result ends. */
function decodeInto(into: Uint8Array, start: number, bytes: Uint8Array, from: number, to: number): number {
  let end = start;
  for (let i = from; i < to; i++) {
    const value = bytes[i] === PERCENT ? hexByte(bytes, i + 1, to) : -1;
    into[end++] = value < 0 ? (bytes[i] as number) : value;
    if (value >= 0) i += 2;
  }
  return end;
}

function decodedPath(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const path = new Uint8Array(to - from);
  let end = 0;
  for (let i = from; i < to; i++) {
    let byte = bytes[i] as number;
    if (byte === PERCENT) {
      const value = hexByte(bytes, i + 1, to);
      if (value >= 0) {
        byte = value;
        i += 2;
      } else if (((bytes[i + 1] as number) | 0x20) === LOW_U && i + 1 < to) {
        const [high, low] = [hexByte(bytes, i + 2, to), hexByte(bytes, i + 4, to)];
        if (high >= 0 && low >= 0) {
          byte = high === 0 && low < 0x80 ? low : closest(high * 256 + low);
          i += 5;
        }
      }
    }
    if (byte === BACKSLASH) byte = SLASH;
    if (byte === SLASH && end > 0 && path[end - 1] === SLASH) continue;
    path[end++] = byte;
  }
  return path.subarray(0, end);
}

/** The path in one byte a character; what is no UTF-8 becomes question marks. Left alone when it is plain ASCII. */
function fromUtf8(path: Uint8Array): Uint8Array {
  if (path.every((byte) => byte < 0x80)) return path;
  const letters: number[] = [];
  for (let i = 0; i < path.length; ) {
    const first = path[i] as number;
    const more =
      first < 0x80 ? 0 : first >= 0xc0 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf8 ? 3 : -1;
    let point = more <= 0 ? first : first & (0x3f >> more);
    let sound = more >= 0;
    for (let k = 1; k <= more && sound; k++) {
      const next = path[i + k] ?? 0;
      sound = (next & 0xc0) === 0x80;
      point = point * 64 + (next & 0x3f);
    }
    letters.push(sound ? (point < 0x100 ? point : closest(point)) : QUESTION);
    i += sound ? more + 1 : 1;
  }
  return Uint8Array.from(letters);
}

/** The ASCII letter that a character comes closest to: of its base for accented and wide ones, else a question mark. */
function closest(point: number): number {
  if (point > 0x10_ffff || (point >= 0xd800 && point < 0xe000)) return QUESTION;
  const base = String.fromCodePoint(point).normalize("NFKD").charCodeAt(0);
  return base < 0x80 ? base : QUESTION;
}

/** RFC 3986 §5.2.4, but that a slash at the end goes with the dots before it, as in libhtp. */
function withoutDots(path: Uint8Array): Uint8Array {
  if (!hasDotSegment(path)) return path;
  const out = new Uint8Array(path.length);
  // Where each segment that is kept began, with its slash.
  const starts: number[] = [];
  let end = 0;
  let behindDots = false;
  for (let i = 0; i < path.length; ) {
    const from = i;
    const bare = path[i] === SLASH ? i + 1 : i;
    i = bare;
    while (i < path.length && path[i] !== SLASH) i++;
    const dots = isDots(path, bare, i);
    if (dots === 2) end = starts.pop() ?? 0;
    if (dots > 0 || (behindDots && i === bare && i === path.length)) {
      behindDots = true;
      continue;
    }
    // A path that began with dots alone has no slash in front.
    const skip = behindDots && end === 0 && path[0] === DOT && path[from] === SLASH ? 1 : 0;
    starts.push(end);
    out.set(path.subarray(from + skip, i), end);
    end += i - from - skip;
    behindDots = false;
  }
  return out.subarray(0, end);
}

/** 1 for `.`, 2 for `..`, else 0. */
function isDots(path: Uint8Array, from: number, to: number): 0 | 1 | 2 {
  if (path[from] !== DOT || to === from) return 0;
  if (to - from === 1) return 1;
  return to - from === 2 && path[from + 1] === DOT ? 2 : 0;
}

function hasDotSegment(path: Uint8Array): boolean {
  for (let i = 0; i < path.length; i++)
    if (path[i] === DOT && (i === 0 || path[i - 1] === SLASH)) {
      const next = path[i + 1] === DOT ? i + 2 : i + 1;
      if (next >= path.length || path[next] === SLASH) return true;
    }
  return false;
}
