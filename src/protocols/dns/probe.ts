import type { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import * as header from "./header.ts";
import { knownType, RecordClass, RecordType } from "./names.ts";
import { isEncodedName } from "./netbios.ts";

/** RFC 1035 §3.1, and how many labels and pointers a name may have here. */
const NAME_BYTES = 255;
const STEPS = 128;
const POINTER = 0xc0;
const LENGTH_BYTES = 2;
/** A question: the root's name, type, class. A record: the same, TTL, length. */
const QUESTION_BYTES = 5;
const RECORD_BYTES = 11;
/** Records of each section that a first message on an unusual port may announce. */
const RECORDS_LIKELY = 64;

/** Answers of the walkers beside an offset: the bytes can't be it, or end too soon. */
const NO = -1;
const SHORT = -2;

/** Looks at a datagram. On unusual ports every byte of it has to fit. */
export function probeDatagram({ bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  if (end - at < header.HEADER_BYTES) return Probe.no;
  if (usualPort) return looseStart(bytes, view, at, end, end) > 0 ? Probe.yes : Probe.no;
  if (!strictHeader(view, at)) return Probe.no;
  const next = walkQuestion(bytes, view, at, end, true);
  return next > 0 && walkRecords(bytes, view, at, end, next) === end ? Probe.yes : Probe.no;
}

/** Looks at the beginning of a stream. */
export function probeStream(input: ByteView, usualPort: boolean): Probe {
  const { bytes, view, at, end } = input;
  if (end - at < LENGTH_BYTES) return Probe.more;
  const length = view.getUint16(at);
  if (length < header.HEADER_BYTES + QUESTION_BYTES) return Probe.no;
  const start = at + LENGTH_BYTES;
  if (end - start < header.HEADER_BYTES) return partialHeader(view, start, end, usualPort) ? Probe.more : Probe.no;
  const stop = Math.min(end, start + length);
  const whole = stop === start + length;
  if (!usualPort && !strictHeader(view, start)) return Probe.no;
  const next = usualPort ? looseStart(bytes, view, start, stop, start + length) : walkQuestion(bytes, view, start, stop, true);
  if (next === SHORT && !whole) return Probe.more;
  if (next < 0) return Probe.no;
  if (usualPort || !whole) return Probe.yes;
  return walkRecords(bytes, view, start, stop, next) === stop ? Probe.yes : Probe.no;
}

/** Whether a message (its length) begins at `at`, behind a gap in a stream of DNS. */
export function plausibleStart({ bytes, view, end }: ByteView, at: number): Probe {
  if (end - at < LENGTH_BYTES) return Probe.more;
  const length = view.getUint16(at);
  const start = at + LENGTH_BYTES;
  if (length < header.HEADER_BYTES + QUESTION_BYTES) return Probe.no;
  if (end - start < header.HEADER_BYTES) return partialHeader(view, start, end, false) ? Probe.more : Probe.no;
  if (!strictHeader(view, start)) return Probe.no;
  const next = walkQuestion(bytes, view, start, Math.min(end, start + length), true);
  return next > 0 ? Probe.yes : next === SHORT && end < start + length ? Probe.more : Probe.no;
}

/** Looks for a NetBIOS name: so special that no port is needed. */
export function probeNetbios({ bytes, view, at, end }: ByteView): Probe {
  const name = at + header.HEADER_BYTES;
  if (end - name < 38 || bytes[name] !== 32 || !isEncodedName(bytes, name + 1)) return Probe.no;
  const counts = header.questions(view, at) + header.answers(view, at);
  if (counts === 0 || counts > 4) return Probe.no;
  const next = walkName(bytes, at, name, end, false);
  if (next < 0 || next + 4 > end) return Probe.no;
  const type = view.getUint16(next);
  const known = type === RecordType.netbiosName || type === RecordType.netbiosStatus || type === RecordType.null || type <= 2;
  return known && view.getUint16(next + 2) === RecordClass.internet ? Probe.yes : Probe.no;
}

/** What an ordinary message's header looks like. */
function strictHeader(view: DataView, at: number): boolean {
  const flags = header.flags(view, at);
  const opcode = header.opcode(flags);
  if (opcode !== header.Opcode.query && opcode !== header.Opcode.notify && opcode !== header.Opcode.update) return false;
  if ((flags & header.Z) !== 0 || header.questions(view, at) !== 1) return false;
  const answers = header.answers(view, at);
  const authorities = header.authorities(view, at);
  const additionals = header.additionals(view, at);
  if ((flags & header.Flag.response) !== 0)
    return (flags & 15) <= 10 && answers <= RECORDS_LIKELY && authorities <= RECORDS_LIKELY && additionals <= RECORDS_LIKELY;
  const unasked = header.Flag.recursionAvailable | header.Flag.truncated | 15;
  if ((flags & unasked) !== 0 || additionals > 2) return false;
  return opcode === header.Opcode.query ? answers === 0 && authorities <= 1 : answers <= RECORDS_LIKELY && authorities <= RECORDS_LIKELY;
}

/** As much of a header as is there. */
function partialHeader(view: DataView, at: number, end: number, usualPort: boolean): boolean {
  if (usualPort || end - at < 4) return true;
  const flags = header.flags(view, at);
  const opcode = header.opcode(flags);
  if ((flags & header.Z) !== 0 || opcode === 1 || opcode > header.Opcode.update) return false;
  return end - at < 6 || header.questions(view, at) === 1;
}

/**
 * What is asked for on a usual port: the first question or record is well formed and the counts fit into `whole`.
 * Returns the offset behind it, or NO or SHORT.
 */
function looseStart(bytes: Uint8Array, view: DataView, at: number, end: number, whole: number): number {
  const questions = header.questions(view, at);
  const others = header.answers(view, at) + header.authorities(view, at) + header.additionals(view, at);
  const first = at + header.HEADER_BYTES;
  if (questions > 0) return questions * QUESTION_BYTES <= whole - first ? walkQuestion(bytes, view, at, end, false) : NO;
  const isAnswer = (header.flags(view, at) & header.Flag.response) !== 0;
  if (others === 0) return isAnswer && whole === first && (header.flags(view, at) & 15) <= 10 ? first : NO;
  return others * RECORD_BYTES <= whole - first ? walkRecord(bytes, view, at, first, end) : NO;
}

/** Offset behind the first question, or NO or SHORT. */
function walkQuestion(bytes: Uint8Array, view: DataView, at: number, end: number, strict: boolean): number {
  const first = at + header.HEADER_BYTES;
  const next = walkName(bytes, at, first, end, strict);
  if (next < 0) return next;
  if (next + 4 > end) return SHORT;
  const type = view.getUint16(next);
  if (!plausibleClass(view.getUint16(next + 2))) return NO;
  if (!strict) return next + 4;
  // NetBIOS has a parser of its own.
  const netbios = next - first >= 34 && bytes[first] === 32 && (type === 32 || type === 33) && isEncodedName(bytes, first + 1);
  return knownType(type) && !netbios ? next + 4 : NO;
}

/** Offset behind all records that the header announces, or NO or SHORT. */
function walkRecords(bytes: Uint8Array, view: DataView, start: number, end: number, at: number): number {
  let next = at;
  let count = header.answers(view, start) + header.authorities(view, start) + header.additionals(view, start);
  for (; count > 0 && next >= 0; count--) next = walkRecord(bytes, view, start, next, end);
  return next;
}

function walkRecord(bytes: Uint8Array, view: DataView, start: number, at: number, end: number): number {
  const next = walkName(bytes, start, at, end, false);
  if (next < 0) return next;
  if (next + 10 > end) return SHORT;
  const type = view.getUint16(next);
  if (type !== RecordType.opt && !plausibleClass(view.getUint16(next + 2))) return NO;
  const stop = next + 10 + view.getUint16(next + 8);
  return stop > end ? SHORT : stop;
}

function plausibleClass(bits: number): boolean {
  const code = bits & 0x7fff;
  return (
    code === RecordClass.internet || code === RecordClass.chaos || code === RecordClass.hesiod || code === RecordClass.none || code === 255
  );
}

/** Offset behind the name at `at`, or NO or SHORT. `strict` wants visible ASCII, and pointers that lead back. */
function walkName(bytes: Uint8Array, start: number, at: number, end: number, strict: boolean): number {
  let position = at;
  for (let steps = 0; steps < STEPS && position < end; steps++) {
    const lead = bytes[position] as number;
    if (lead === 0) return position + 1;
    if (lead >= POINTER) {
      if (position + 2 > end) return SHORT;
      const target = start + (((lead & 0x3f) << 8) | (bytes[position + 1] as number));
      return target < end && target >= start + header.HEADER_BYTES && !(strict && target >= at) ? position + 2 : NO;
    }
    const stop = position + 1 + lead;
    if (lead > 63 || (strict && stop - at > NAME_BYTES)) return NO;
    if (strict && !visible(bytes, position + 1, Math.min(stop, end))) return NO;
    position = stop;
  }
  return position < end ? NO : SHORT;
}

function visible(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x21 || byte > 0x7e) return false;
  }
  return true;
}
