import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";

/** Packets of a datagram, and reports, that are told. */
const packetsMax = 16;
const reportsMax = 8;
const textBytesMax = 255;
const FIRST_TYPE = 200;
const NAMES = ["SR", "RR", "SDES", "BYE", "APP", "RTPFB", "PSFB", "XR"];
const SR = 200;
const RR = 201;
const SDES = 202;
const BYE = 203;
const CNAME = 1;
const TOOL = 6;

const hex = (ssrc: number): string => ssrc.toString(16).padStart(8, "0");

/** Whether packets of known types fill the datagram one behind the other (RFC 3550 §6.1). */
export function isCompound({ bytes, view, at, end }: ByteView): boolean {
  let i = at;
  while (i + 8 <= end) {
    const type = bytes[i + 1] as number;
    if ((bytes[i] as number) >>> 6 !== 2 || type < FIRST_TYPE || type >= FIRST_TYPE + NAMES.length) return false;
    const bytesLong = 4 + 4 * view.getUint16(i + 2);
    if (bytesLong < 8 && type !== BYE && type !== SDES) return false;
    i += bytesLong;
  }
  return i === end && i > at;
}

/** Whether the datagram begins like one; what follows may be encrypted. */
export const beginsControl = ({ bytes, view, at, end }: ByteView): boolean =>
  end - at >= 8 &&
  (bytes[at] as number) >>> 6 === 2 &&
  ((bytes[at + 1] as number) === SR || (bytes[at + 1] as number) === RR) &&
  4 + 4 * view.getUint16(at + 2) <= end - at;

/** The event of a datagram that `isCompound`, or that begins so when it is `encrypted`. */
export function readControl(window: ByteView, direction: string, encrypted: boolean): Transaction {
  const { bytes, view, at, end } = window;
  const packets: string[] = [];
  const told: Transaction = { direction, ssrc: hex(view.getUint32(at + 4)), packets };
  if (encrypted) {
    packets.push(NAMES[(bytes[at + 1] as number) - FIRST_TYPE] as string);
    told["encrypted"] = true;
    return told;
  }
  for (let i = at; i + 4 <= end && packets.length < packetsMax; ) {
    const type = bytes[i + 1] as number;
    packets.push(NAMES[type - FIRST_TYPE] as string);
    const stop = i + 4 + 4 * view.getUint16(i + 2);
    readPacket(told, type, (bytes[i] as number) & 31, new Reader(window, i + 4, Math.min(stop, end)));
    i = stop;
  }
  return told;
}

function readPacket(told: Transaction, type: number, count: number, fields: Reader): void {
  if (type === SDES) readSources(told, count, fields);
  else if (type === BYE) {
    told["bye"] = true;
    fields.skip(4 * count);
    if (fields.left > 1) told["reason"] = fields.text(fields.u8(), textBytesMax);
  } else if (type === SR || type === RR) {
    fields.u32();
    if (type === SR && fields.left >= 20) {
      fields.u64();
      const rtpTimestamp = fields.u32();
      told["sender"] = { packets: fields.u32(), bytes: fields.u32(), rtp_timestamp: rtpTimestamp };
    }
    for (let i = 0; i < count && fields.left >= 24; i++) readReport(told, fields);
  }
}

function readReport(told: Transaction, fields: Reader): void {
  const report: Transaction = { ssrc: hex(fields.u32()), fraction_lost: Math.round((fields.u8() / 256) * 1000) / 1000 };
  // The count is signed: packets that came twice make it negative.
  report["lost"] = (fields.u24() << 8) >> 8;
  report["highest_sequence"] = fields.u32();
  report["jitter"] = fields.u32();
  const before = fields.u32();
  const delay = fields.u32();
  if (before !== 0) report["delay"] = Math.round((delay / 65_536) * 1000);
  told["reports"] ??= [];
  const reports = told["reports"] as Transaction[];
  if (reports.length < reportsMax) reports.push(report);
}

/** RFC 3550 §6.5: chunks of items, each chunk ends with a zero at a multiple of four. */
function readSources(told: Transaction, count: number, fields: Reader): void {
  const start = fields.at;
  for (let i = 0; i < count && fields.left >= 5; i++) {
    fields.u32();
    for (let item = fields.u8(); item !== 0 && !fields.short; item = fields.u8()) {
      const value = fields.text(fields.u8(), textBytesMax);
      if (item === CNAME) told["cname"] ??= value;
      else if (item === TOOL) told["tool"] ??= value;
    }
    fields.skip(Math.min(fields.left, (4 - ((fields.at - start) & 3)) & 3));
  }
}
