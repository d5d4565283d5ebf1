import { readProtocolNames } from "./client-hello.ts";
import { Extension, listItemsMax } from "./extensions.ts";
import { isTls13 } from "./names.ts";

/** Version and random. */
const FIXED_BYTES = 34;

/** What the server chose (RFC 8446 §4.1.3, RFC 5246 §7.4.1.3). */
export interface ServerHello {
  readonly legacyVersion: number;
  /** The version that is spoken from now on. */
  version: number;
  sessionId: Uint8Array;
  cipher: number;
  readonly extensions: number[];
  readonly alpns: string[];
  /** Group of the server's key share, TLS 1.3. */
  group: number | undefined;
  /** True when the server asks for another hello (RFC 8446 §4.1.4). */
  readonly retry: boolean;
}

/** Reads the body of a ServerHello, `view[at..end)`; `undefined` when the fixed part is not there. */
export function parseServerHello(bytes: Uint8Array, view: DataView, at: number, end: number): ServerHello | undefined {
  if (end - at < FIXED_BYTES + 2) return undefined;
  const legacyVersion = view.getUint16(at);
  const hello: ServerHello = {
    legacyVersion,
    version: legacyVersion === TLS13 ? PRE_DRAFT16 : legacyVersion,
    sessionId: NO_BYTES,
    cipher: 0,
    extensions: [],
    alpns: [],
    group: undefined,
    retry: isRetry(view, at + 2),
  };
  let i = at + FIXED_BYTES;
  // The drafts of TLS 1.3 up to 21 had neither session id nor compression here.
  const short = isTls13(legacyVersion);
  if (!short) {
    const stop = i + 1 + view.getUint8(i);
    if (stop > end) return undefined;
    hello.sessionId = bytes.slice(i + 1, stop);
    i = stop;
  }
  if (i + 2 > end) return undefined;
  hello.cipher = view.getUint16(i);
  i += short ? 2 : 3;
  if (i + 2 > end) return hello;
  const stop = i + 2 + view.getUint16(i);
  readExtensions(hello, bytes, view, i + 2, Math.min(stop, end));
  return hello;
}

function readExtensions(hello: ServerHello, bytes: Uint8Array, view: DataView, at: number, end: number): void {
  let i = at;
  while (i + 4 <= end) {
    const type = view.getUint16(i);
    const start = i + 4;
    const stop = start + view.getUint16(i + 2);
    if (stop > end || hello.extensions.length >= listItemsMax) break;
    hello.extensions.push(type);
    if (type === Extension.supportedVersions && stop - start >= 2) hello.version = view.getUint16(start);
    else if (type === Extension.keyShare && stop - start >= 2) hello.group = view.getUint16(start);
    else if (type === Extension.alpn) readProtocolNames(bytes, view, start, stop, hello.alpns);
    i = stop;
  }
}

const TLS13 = 0x0304;
/** In this field TLS 1.3 stood only up to draft 15; since then it stands in an extension. */
const PRE_DRAFT16 = 0x7f01;

const NO_BYTES = new Uint8Array(0);

/** SHA-256 of "HelloRetryRequest", which stands in the place of the random (RFC 8446 §4.1.3). */
const RETRY_RANDOM = [0xcf21ad74, 0xe59a6111, 0xbe1d8c02, 0x1e65b891, 0xc2a21116, 0x7abb8c5e, 0x079e09e2, 0xc8a8339c] as const;

function isRetry(view: DataView, at: number): boolean {
  for (let i = 0; i < 8; i++) if (view.getUint32(at + i * 4) !== RETRY_RANDOM[i]) return false;
  return true;
}
