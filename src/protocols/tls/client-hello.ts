import { latin1 } from "#base/bytes.ts";
import { Extension, isGrease, listItemsMax, readNumbers } from "./extensions.ts";

const VERSION = 0;
const SESSION_ID_LENGTH = 34;
/** Version, random and the length of the session id. */
const FIXED_BYTES = 35;
/** Bytes of a server name that are told. */
export const serverNameBytesMax = 2048;

/** What a client offers (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2). GREASE is still in the lists. */
export interface ClientHello {
  /** The version field, which TLS 1.3 freezes at 0x0303. */
  readonly legacyVersion: number;
  sessionId: Uint8Array;
  readonly ciphers: number[];
  /** Types of the extensions in the order in which they were sent. */
  readonly extensions: number[];
  readonly groups: number[];
  readonly pointFormats: number[];
  readonly signatureAlgorithms: number[];
  readonly versions: number[];
  /** Protocol names, one character for each byte. */
  readonly alpns: string[];
  /** The first host name, one character for each byte. */
  sni: string | undefined;
  /** True when it carries a ticket of an earlier session, not only the wish for one (RFC 5077 §3.2). */
  ticket: boolean;
  /** Content of the extension with QUIC's transport parameters (RFC 9001 §8.2), a copy. */
  transportParameters: Uint8Array | undefined;
  /** False when the hello ends before its extensions, or a list is longer than the limit: then fingerprints would be wrong. */
  complete: boolean;
  /** Name of the first broken rule, as Suricata names it. */
  trouble: string | undefined;
}

/** The highest version that is offered, GREASE aside. DTLS counts downwards. */
export function offeredVersion(hello: ClientHello): number {
  let best = 0;
  for (const version of hello.versions) {
    if (isGrease(version)) continue;
    const newer = version >>> 8 === 0xfe && best >>> 8 === 0xfe ? version < best : version > best;
    if (best === 0 || newer) best = version;
  }
  return best === 0 ? hello.legacyVersion : best;
}

/**
 * Reads the body of a ClientHello, `view[at..end)`, wherever it came from (TLS record, QUIC CRYPTO frame). `bytes` and
 * `view` stand over the same memory, which is not kept. A hello that is cut yields what could be read, with `complete`
 * false; `undefined` when not even the fixed part is there. DTLS has a `cookie` behind the session id (RFC 6347 §4.2.1).
 */
export function parseClientHello(bytes: Uint8Array, view: DataView, at: number, end: number, cookie = false): ClientHello | undefined {
  if (end - at < FIXED_BYTES) return undefined;
  const hello = emptyHello(view.getUint16(at + VERSION));
  let i = at + FIXED_BYTES;
  let sessionEnd = i + view.getUint8(at + SESSION_ID_LENGTH);
  if (sessionEnd + 2 > end) return cut(hello);
  hello.sessionId = bytes.slice(i, sessionEnd);
  if (cookie) sessionEnd += 1 + view.getUint8(sessionEnd);
  if (sessionEnd + 2 > end) return cut(hello);
  i = sessionEnd + 2 + view.getUint16(sessionEnd);
  if (!readNumbers(view, sessionEnd + 2, Math.min(i, end), hello.ciphers) || i + 1 > end) return cut(hello);
  i += 1 + view.getUint8(i);
  if (i > end) return cut(hello);
  // Extensions may be missing altogether (RFC 5246 §7.4.1.2).
  if (i + 2 > end) return hello;
  const extensionsEnd = i + 2 + view.getUint16(i);
  if (extensionsEnd > end) broken(hello);
  readExtensions(hello, bytes, view, i + 2, Math.min(extensionsEnd, end));
  return hello;
}

export function emptyHello(legacyVersion: number): ClientHello {
  return {
    legacyVersion,
    sessionId: NO_BYTES,
    ciphers: [],
    extensions: [],
    groups: [],
    pointFormats: [],
    signatureAlgorithms: [],
    versions: [],
    alpns: [],
    sni: undefined,
    ticket: false,
    transportParameters: undefined,
    complete: true,
    trouble: undefined,
  };
}

const NO_BYTES = new Uint8Array(0);

function cut(hello: ClientHello): ClientHello {
  hello.complete = false;
  broken(hello);
  return hello;
}

function broken(hello: ClientHello, trouble = "HANDSHAKE_INVALID_LENGTH"): void {
  hello.trouble ??= trouble;
}

function readExtensions(hello: ClientHello, bytes: Uint8Array, view: DataView, at: number, end: number): void {
  let i = at;
  while (i + 4 <= end) {
    const type = view.getUint16(i);
    const start = i + 4;
    const stop = start + view.getUint16(i + 2);
    if (hello.extensions.length >= listItemsMax) {
      cut(hello);
      return;
    }
    // The type of an extension that ends too early still tells clients apart; its content is not read.
    hello.extensions.push(type);
    if (stop > end) {
      broken(hello);
      return;
    }
    readExtension(hello, type, bytes, view, start, stop);
    i = stop;
  }
  if (i !== end) broken(hello);
}

function readExtension(hello: ClientHello, type: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
  if (type === Extension.serverName) readServerName(hello, bytes, view, at, end);
  else if (type === Extension.supportedGroups) readList(hello, view, at, end, 2, hello.groups);
  else if (type === Extension.signatureAlgorithms) readList(hello, view, at, end, 2, hello.signatureAlgorithms);
  else if (type === Extension.supportedVersions) readList(hello, view, at, end, 1, hello.versions);
  else if (type === Extension.pointFormats) readPointFormats(hello, view, at, end);
  else if (type === Extension.alpn) readAlpn(hello, bytes, view, at, end);
  else if (type === Extension.sessionTicket) hello.ticket = end > at;
  else if (type === Extension.transportParameters || type === Extension.draftTransportParameters)
    hello.transportParameters = bytes.slice(at, end);
}

/** A list of 16-bit numbers behind a length of one or two bytes. */
function readList(hello: ClientHello, view: DataView, at: number, end: number, lengthBytes: 1 | 2, into: number[]): void {
  if (at === end) return;
  if (at + lengthBytes > end) {
    broken(hello);
    return;
  }
  const start = at + lengthBytes;
  const stop = start + (lengthBytes === 1 ? view.getUint8(at) : view.getUint16(at));
  if (!readNumbers(view, start, Math.min(stop, end), into) || stop > end) broken(hello);
}

function readPointFormats(hello: ClientHello, view: DataView, at: number, end: number): void {
  if (at === end) return;
  const stop = at + 1 + view.getUint8(at);
  if (stop > end) broken(hello);
  for (let i = at + 1; i < Math.min(stop, end); i++) hello.pointFormats.push(view.getUint8(i));
}

/** RFC 6066 §3. Only host names exist; other types are stepped over. */
function readServerName(hello: ClientHello, bytes: Uint8Array, view: DataView, at: number, end: number): void {
  if (at === end) return;
  let i = at + 2;
  let names = 0;
  while (i + 3 <= end) {
    const start = i + 3;
    const stop = start + view.getUint16(i + 1);
    if (stop > end || stop === start) {
      broken(hello, "INVALID_SNI_LENGTH");
      return;
    }
    if (view.getUint8(i) !== 0) broken(hello, "INVALID_SNI_TYPE");
    else if (hello.sni === undefined) hello.sni = latin1(bytes, start, Math.min(stop, start + serverNameBytesMax));
    else broken(hello, "MULTIPLE_SNI_EXTENSIONS");
    names++;
    if (names >= 16) return;
    i = stop;
  }
  if (names === 0) broken(hello, "INVALID_SNI_LENGTH");
}

/** RFC 7301 §3.1: names behind a length of one byte each. */
export function readProtocolNames(bytes: Uint8Array, view: DataView, at: number, end: number, into: string[]): boolean {
  if (at + 2 > end) return false;
  let i = at + 2;
  while (i < end && into.length < 64) {
    const stop = i + 1 + view.getUint8(i);
    if (stop > end) return false;
    into.push(latin1(bytes, i + 1, stop));
    i = stop;
  }
  return true;
}

function readAlpn(hello: ClientHello, bytes: Uint8Array, view: DataView, at: number, end: number): void {
  if (!readProtocolNames(bytes, view, at, end, hello.alpns)) broken(hello);
}
