import { ContentType, Handshake } from "./records.ts";

/**
 * The record layer of DTLS (RFC 6347 §4.1): type, version, epoch, sequence number, length. From DTLS 1.3 on, encrypted
 * records have a header of their own (RFC 9147 §4), which only tells that they are encrypted.
 */
const TYPE = 0;
const VERSION = 1;
const EPOCH = 3;
const LENGTH = 11;
export const DATAGRAM_HEADER_BYTES = 13;
/** The header of a handshake message or a fragment of it (RFC 6347 §4.2.2). */
const MESSAGE_LENGTH = 1;
const MESSAGE_NUMBER = 4;
const FRAGMENT_OFFSET = 6;
const FRAGMENT_LENGTH = 9;
export const FRAGMENT_HEADER_BYTES = 12;
/** Longest handshake message that is put together. */
export const datagramMessageBytesMax = 65_536;
const CONNECTION_ID_TYPE = 25;

export const recordType = (view: DataView, at: number): number => view.getUint8(at + TYPE);
export const recordVersion = (view: DataView, at: number): number => view.getUint16(at + VERSION);
export const recordEpoch = (view: DataView, at: number): number => view.getUint16(at + EPOCH);
export const recordBytes = (view: DataView, at: number): number => view.getUint16(at + LENGTH);
export const messageType = (view: DataView, at: number): number => view.getUint8(at);
export const messageBytes = (view: DataView, at: number): number => number24(view, at + MESSAGE_LENGTH);
export const messageNumber = (view: DataView, at: number): number => view.getUint16(at + MESSAGE_NUMBER);
export const fragmentOffset = (view: DataView, at: number): number => number24(view, at + FRAGMENT_OFFSET);
export const fragmentBytes = (view: DataView, at: number): number => number24(view, at + FRAGMENT_LENGTH);

const number24 = (view: DataView, at: number): number => (view.getUint8(at) << 16) + view.getUint16(at + 1);

/** DTLS 1.0, DTLS 1.2, and what OpenSSL spoke before the standard. */
export const knownDatagramVersion = (version: number): boolean => version === 0xfeff || version === 0xfefd || version === 0x0100;

/** True when a sound record header stands at `at` and its payload is there. */
export function soundRecord(view: DataView, at: number, end: number): boolean {
  if (end - at < DATAGRAM_HEADER_BYTES) return false;
  const type = recordType(view, at);
  if ((type < ContentType.changeCipherSpec || type > ContentType.heartbeat) && type !== CONNECTION_ID_TYPE) return false;
  if (!knownDatagramVersion(recordVersion(view, at))) return false;
  return recordBytes(view, at) > 0 && at + DATAGRAM_HEADER_BYTES + recordBytes(view, at) <= end;
}

/** True when a fragment of a handshake message stands at `at`, whole, and its numbers agree. */
export function soundFragment(view: DataView, at: number, end: number): boolean {
  if (end - at < FRAGMENT_HEADER_BYTES) return false;
  const bytes = fragmentBytes(view, at);
  return fragmentOffset(view, at) + bytes <= messageBytes(view, at) && at + FRAGMENT_HEADER_BYTES + bytes <= end;
}

/** Types of messages with which a capture of a handshake in the clear may begin. */
export const isEarlyMessage = (type: number): boolean =>
  (type >= 0 && type <= 3) || type === 4 || (type >= Handshake.certificate && type <= 16) || type === 20;
