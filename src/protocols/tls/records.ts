/**
 * The record layer (RFC 8446 §5.1): type, version, length of what follows.
 */
const TYPE = 0;
const VERSION = 1;
const LENGTH = 3;
export const HEADER_BYTES = 5;
/** Longest payload: 2^14 bytes and what a cipher may add (RFC 5246 §6.2.3). */
export const payloadBytesMax = 16_384 + 2048;

export const ContentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24 } as const;

export const Handshake = {
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  certificateRequest: 13,
  serverHelloDone: 14,
} as const;

export const contentType = (view: DataView, at: number): number => view.getUint8(at + TYPE);
export const version = (view: DataView, at: number): number => view.getUint16(at + VERSION);
export const payloadBytes = (view: DataView, at: number): number => view.getUint16(at + LENGTH);

/** The first broken rule of a whole header, as Suricata names it; `undefined` when it is sound. */
export function headerTrouble(view: DataView, at: number): string | undefined {
  const type = contentType(view, at);
  if (type < ContentType.changeCipherSpec || type > ContentType.heartbeat) return "INVALID_RECORD_TYPE";
  if (!knownVersion(version(view, at))) return "INVALID_RECORD_VERSION";
  return payloadBytes(view, at) > payloadBytesMax ? "INVALID_RECORD_LENGTH" : undefined;
}

const HEARTBEAT_HEAD_BYTES = 3;
const HEARTBEAT_PADDING_BYTES = 16;

/** Bytes of a record of this type and length that must be seen with its header: those that a heartbeat begins with. */
export const headBytes = (type: number, length: number): number =>
  HEADER_BYTES + (type === ContentType.heartbeat ? Math.min(HEARTBEAT_HEAD_BYTES, length) : 0);

/**
 * What is wrong with a heartbeat in the clear (RFC 6520 §4), as Suricata names it: a request for more bytes than it brings
 * is the one by which servers were made to give their memory away (CVE-2014-0160).
 */
export function heartbeatTrouble(view: DataView, at: number): string | undefined {
  const length = payloadBytes(view, at);
  const type = length === 0 ? 0 : view.getUint8(at + HEADER_BYTES);
  if (length < HEARTBEAT_HEAD_BYTES || (type !== 1 && type !== 2)) return "INVALID_HEARTBEAT_MESSAGE";
  const left = length - HEARTBEAT_HEAD_BYTES - view.getUint16(at + HEADER_BYTES + 1);
  if (left < 0) return "OVERFLOW_HEARTBEAT_MESSAGE";
  return left < HEARTBEAT_PADDING_BYTES ? "INVALID_HEARTBEAT_MESSAGE" : undefined;
}

/** SSL 3.0 to TLS 1.3. */
export const knownVersion = (value: number): boolean => value >= 0x0300 && value <= 0x0304;

/**
 * Could a whole header stand here? Asks more than `headerTrouble`: the lengths must be ones that such records have, so
 * that text and random bytes do not pass.
 */
export function plausibleHeader(view: DataView, at: number): boolean {
  if (headerTrouble(view, at) !== undefined) return false;
  const bytes = payloadBytes(view, at);
  const type = contentType(view, at);
  if (type === ContentType.changeCipherSpec) return bytes === 1;
  if (type === ContentType.alert) return bytes === 2 || (bytes >= 16 && bytes <= 256);
  if (type === ContentType.handshake) return bytes >= 4;
  return type === ContentType.applicationData && bytes >= 16;
}
