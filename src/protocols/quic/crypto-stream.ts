import { OrderedBytes } from "#protocols/tls/ordered-bytes.ts";

/** Bytes of handshake messages of one side and level that are kept. */
export const cryptoBytesMax = 65_536;
/** Pieces beyond holes. */
export const piecesMax = 128;
const HEADER_BYTES = 4;

/** One whole handshake message: its body is `bytes[at..end)`. */
export interface CryptoMessage {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** Puts the bytes of CRYPTO frames in order (RFC 9000 §19.6) and cuts them into handshake messages. */
export class CryptoStream {
  readonly #stream = new OrderedBytes(cryptoBytesMax, piecesMax);
  /** First byte of the next message. */
  #at = 0;

  /** Takes `bytes[from..to)`, which begin at `offset` of the stream. */
  add(offset: number, bytes: Uint8Array, from: number, to: number): void {
    this.#stream.add(offset, bytes, from, to);
  }

  /** The next message, once it is whole. Valid until more is added. */
  next(): CryptoMessage | undefined {
    const { bytes, whole } = this.#stream;
    const at = this.#at;
    const body = at + HEADER_BYTES;
    if (body > whole) return undefined;
    const end = body + ((bytes[at + 1] as number) << 16) + ((bytes[at + 2] as number) << 8) + (bytes[at + 3] as number);
    if (end > whole) return undefined;
    this.#at = end;
    return { type: bytes[at] as number, bytes, at: body, end };
  }
}
