import { latin1 } from "#base/bytes.ts";
import type { Platform } from "#contract/platform.ts";
import { digestText } from "#protocols/tls/ja3.ts";
import type { FrameListener } from "./frames.ts";
import { VarintReader } from "./varint.ts";
import { googleNumber } from "./versions.ts";

/** `CHLO`, the hello of a client of Google QUIC. */
const CHLO = 0x43484c4f;
/** Frame with bytes of the handshake, behind their offset and length. */
const CRYPTO_FRAME = 0x08;
const HEAD_BYTES = 8;
const ENTRY_BYTES = 8;
const tagsMax = 128;
/** Bytes of a name or user agent that are told. */
const valueBytesMax = 1024;
/** Authentication of a packet in the clear: the first 96 bits of a hash. */
const HASH_BYTES = 12;
/** Version from which numbers in frames are written with the high byte first. */
const BIG_ENDIAN_SINCE = 39;
/** Version up to which a byte of flags stands behind the hash. */
const PRIVATE_FLAGS_UNTIL = 33;

/** What a client says in its hello. */
export interface GoogleHello {
  readonly sni: string | undefined;
  readonly userAgent: string | undefined;
  /** Names of all tags in their order: `PAD-SNI-VER`. */
  readonly tags: string;
}

/** A public header with a version (up to Q043): where the packet's content begins; 0 when this is none. */
export function publicContent(view: DataView, at: number, end: number): number {
  const flags = view.getUint8(at);
  if ((flags & 0x83) !== 1) return 0;
  const version = publicVersionAt(view, at);
  if (version + 4 > end || googleNumber(view.getUint32(version)) === 0) return 0;
  const numberBytes = [1, 2, 4, 6][(flags >>> 4) & 3] as number;
  return version + 4 + numberBytes;
}

/** Where the version stands behind flags and identifier. */
export const publicVersionAt = (view: DataView, at: number): number => at + ((view.getUint8(at) & 0x08) === 0 ? 1 : 9);

/** The hello in a packet in the clear, whose content begins with its hash at `at`. */
export function clearHello(bytes: Uint8Array, view: DataView, at: number, end: number, version: number): GoogleHello | undefined {
  const number = googleNumber(version);
  let i = at + HASH_BYTES + (number <= PRIVATE_FLAGS_UNTIL ? 1 : 0);
  // One frame of padding is one byte.
  while (i < end && view.getUint8(i) === 0) i++;
  if (i >= end) return undefined;
  const type = view.getUint8(i);
  if ((type & 0x80) === 0) return undefined;
  const offsetBytes = ((type >>> 2) & 7) === 0 ? 0 : ((type >>> 2) & 7) + 1;
  i += 1 + (type & 3) + 1 + offsetBytes;
  let stop = end;
  if ((type & 0x20) !== 0) {
    if (i + 2 > end) return undefined;
    stop = i + 2 + view.getUint16(i, number < BIG_ENDIAN_SINCE);
    i += 2;
  }
  return readHello(bytes, view, i, Math.min(stop, end));
}

/** Walks the frames that open a sealed packet (Q050, T050, T051), as far as they are padding or bytes of the handshake. */
export function readSealedFrames(text: Uint8Array, listener: Pick<FrameListener, "crypto">): void {
  const reader = new VarintReader(new DataView(text.buffer, text.byteOffset, text.byteLength), 0, text.length);
  while (reader.at < reader.end) {
    const type = text[reader.at++];
    if (type === 0) continue;
    if (type !== CRYPTO_FRAME) return;
    const offset = reader.next();
    const length = reader.next();
    const from = reader.at;
    if (!reader.skip(length)) return;
    listener.crypto(offset, text, from, from + length);
  }
}

/** Reads a CHLO: tags with the ends of their values, then the values. What is cut yields what is there. */
export function readHello(bytes: Uint8Array, view: DataView, at: number, end: number): GoogleHello | undefined {
  if (at + HEAD_BYTES > end || view.getUint32(at) !== CHLO) return undefined;
  const count = Math.min(view.getUint16(at + 4, true), tagsMax);
  const values = at + HEAD_BYTES + count * ENTRY_BYTES;
  if (values > end) return undefined;
  const tags: string[] = [];
  const texts: { [tag: string]: string } = {};
  let start = values;
  for (let entry = at + HEAD_BYTES; entry < values; entry += ENTRY_BYTES) {
    const tag = latin1(bytes, entry, entry + 4).replace(/\0+$/, "");
    const stop = values + view.getUint32(entry + 4, true);
    tags.push(tag);
    if ((tag === "SNI" || tag === "UAID") && start < stop && stop <= end)
      texts[tag] = latin1(bytes, start, Math.min(stop, start + valueBytesMax));
    start = stop;
  }
  return { sni: texts["SNI"], userAgent: texts["UAID"], tags: tags.join("-") };
}

/** CYU, the fingerprint of such a hello, for the versions whose hellos are compared by it. */
export function cyu(hello: GoogleHello, version: number, platform: Platform): { hash: string; string: string } | undefined {
  const number = googleNumber(version);
  if (number < 43 || number > 46) return undefined;
  const string = `${number},${hello.tags}`;
  return { hash: digestText("md5", string, platform), string };
}
