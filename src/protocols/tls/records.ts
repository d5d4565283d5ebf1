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
