import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { messageBytesMax } from "./handshake-reader.ts";
import { ContentType, contentType, Handshake, HEADER_BYTES, knownVersion, payloadBytes, plausibleHeader } from "./records.ts";
import { SSL2_FIXED_BYTES, ssl2HelloBytes } from "./ssl2.ts";

/** Longest hello that is taken for one; real ones are far shorter. */
const helloBytesMax = 65_536;
/** Version, random, and the empty fields behind them. */
const HELLO_BYTES_MIN = 38;
/** Sound headers in a row that make a connection met in the middle TLS. */
const CHAIN = 3;
const CHAIN_ON_USUAL_PORT = 1;

/** Looks for a hello, or, when the connection was met in the middle, for records one behind the other. */
export function probe(_side: Side, input: ByteView, usualPort: boolean): Probe {
  const { view, at, end } = input;
  if (end === at) return Probe.more;
  const first = view.getUint8(at);
  if ((first & 0x80) !== 0) return probeSsl2(view, at, end);
  if (first < ContentType.changeCipherSpec || first > ContentType.applicationData) return Probe.no;
  if (end - at < HEADER_BYTES) return prefixFits(view, at, end) ? Probe.more : Probe.no;
  if (first === ContentType.handshake && knownVersion(view.getUint16(at + 1))) {
    const hello = probeHello(view, at, end);
    if (hello !== Probe.no) return hello;
  }
  return probeChain(view, at, end, usualPort ? CHAIN_ON_USUAL_PORT : CHAIN);
}

/** Type and major version, as far as they are there. */
const prefixFits = (view: DataView, at: number, end: number): boolean =>
  end - at < 2 || (view.getUint8(at + 1) === 3 && (end - at < 3 || view.getUint8(at + 2) <= 4));

function probeSsl2(view: DataView, at: number, end: number): Probe {
  // A length of 256 and more would hold ten times the ciphers that ever were.
  if (view.getUint8(at) > 0x81) return Probe.no;
  if (end - at >= 3 && view.getUint8(at + 2) !== 1) return Probe.no;
  if (end - at < SSL2_FIXED_BYTES) return Probe.more;
  return ssl2HelloBytes(view, at) > 0 ? Probe.yes : Probe.no;
}

/** A record that begins with a hello whose length and version are right. The record may be shorter than its head. */
function probeHello(view: DataView, at: number, end: number): Probe {
  const length = payloadBytes(view, at);
  const body = at + HEADER_BYTES;
  if (length === 0 || length > 16_384) return Probe.no;
  if (end <= body) return Probe.more;
  const type = view.getUint8(body);
  if (type === Handshake.certificate) return probeCertificates(view, body, end, length);
  if (type !== Handshake.clientHello && type !== Handshake.serverHello) return Probe.no;
  if (length < 6) {
    // Cut up to hide: the next record must go on with the same.
    const next = body + length;
    if (end < next + HEADER_BYTES) return Probe.more;
    return contentType(view, next) === ContentType.handshake && knownVersion(view.getUint16(next + 1)) ? Probe.yes : Probe.no;
  }
  if (end < body + 6) return Probe.more;
  const bytes = (view.getUint8(body + 1) << 16) + view.getUint16(body + 2);
  const version = view.getUint16(body + 4);
  const draft = type === Handshake.serverHello && version >>> 8 === 0x7f;
  return bytes >= HELLO_BYTES_MIN && bytes <= helloBytesMax && (knownVersion(version) || draft) ? Probe.yes : Probe.no;
}

/** The server's flight from its certificates on: the list fills the message (RFC 5246 §7.4.2). */
function probeCertificates(view: DataView, body: number, end: number, length: number): Probe {
  if (length < 7) return Probe.no;
  if (end < body + 7) return Probe.more;
  const bytes = (view.getUint8(body + 1) << 16) + view.getUint16(body + 2);
  const list = (view.getUint8(body + 4) << 16) + view.getUint16(body + 5);
  return list > 3 && list + 3 === bytes && bytes <= messageBytesMax ? Probe.yes : Probe.no;
}

/** Headers that lead from one to the next. A record that reaches beyond the bytes says nothing yet. */
function probeChain(view: DataView, at: number, end: number, wanted: number): Probe {
  let i = at;
  for (let sound = 1; i + HEADER_BYTES <= end; sound++) {
    if (!plausibleHeader(view, i)) return Probe.no;
    if (sound === wanted) return Probe.yes;
    i += HEADER_BYTES + payloadBytes(view, i);
  }
  return i < end && !prefixFits(view, i, end) ? Probe.no : Probe.more;
}
