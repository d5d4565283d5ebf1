import { toHex } from "#base/bytes.ts";
import type { FileSink, ParserContext, Side, Transaction } from "#contract/parser.ts";
import type { XdrCursor } from "./rpc-message.ts";

/** Handles of a flow whose names are remembered, and files that are read or written at once. */
const namesMax = 512;
const transfersMax = 64;
const HANDLE_BYTES_2 = 32;
const HANDLE_BYTES_3_MAX = 64;

export interface Handle {
  /** Hexadecimal. */
  readonly key: string;
  /** CRC-32 of its bytes, hexadecimal: short enough to read, and what other tools write. */
  readonly hash: string;
}

/** A file handle: 32 bytes in version 2, up to 64 in version 3. */
export function readHandle(cursor: XdrCursor, version: number): Handle | undefined {
  let from = cursor.at;
  let length = HANDLE_BYTES_2;
  if (version === 2) cursor.skip(HANDLE_BYTES_2);
  else ({ from, length } = cursor.opaque(HANDLE_BYTES_3_MAX));
  if (!cursor.sound) return undefined;
  return { key: toHex(cursor.bytes, from, from + length), hash: crc32(cursor.bytes, from, from + length).toString(16) };
}

/** What each byte makes of an empty checksum. */
const CRC_OF_BYTES = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) !== 0 ? 0xedb8_8320 : 0);
  return crc;
});

function crc32(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (CRC_OF_BYTES[(crc ^ (bytes[i] as number)) & 255] as number);
  return ~crc >>> 0;
}

interface Transfer {
  readonly sink: FileSink;
  next: number;
}

/** Names of handles, and the bytes of files that travel. The protocol has no closing: a file ends with its last byte. */
export class Files {
  readonly #context: ParserContext;
  readonly #names = new Map<string, string>();
  readonly #transfers = new Map<string, Transfer>();

  constructor(context: ParserContext) {
    this.#context = context;
  }

  remember(handle: Handle, name: string): void {
    if (this.#names.size >= namesMax) this.#names.delete(this.#names.keys().next().value as string);
    this.#names.set(handle.key, name);
  }

  name(handle: Handle | undefined): string {
    return (handle === undefined ? undefined : this.#names.get(handle.key)) ?? "";
  }

  /** Bytes at a place of a file; what is not in order is told as missing, what comes twice once. */
  data(side: Side, handle: Handle, txId: number, offset: number, piece: Piece, beside: () => { [member: string]: Transaction }): void {
    const key = `${side} ${handle.key}`;
    const transfer = this.#transfers.get(key) ?? this.#begin(side, key, txId, this.name(handle), offset, beside);
    if (offset > transfer.next) {
      transfer.sink.gap(offset - transfer.next);
      transfer.next = offset;
    }
    const skip = Math.min(piece.length, transfer.next - offset);
    const here = Math.max(0, Math.min(piece.end, piece.from + piece.length) - piece.from);
    if (skip < here) transfer.sink.data(piece.bytes, piece.from + skip, piece.from + here);
    const missing = piece.length - Math.max(here, skip);
    if (missing > 0) transfer.sink.gap(missing);
    transfer.next += piece.length - skip;
  }

  #begin(side: Side, key: string, txId: number, name: string, offset: number, beside: () => { [member: string]: Transaction }): Transfer {
    if (this.#transfers.size >= transfersMax) this.close(this.#transfers.keys().next().value as string, false);
    const facts = { ...(name === "" ? {} : { name }), ...(offset > 0 ? { start: offset } : {}), beside };
    const transfer: Transfer = { sink: this.#context.file(side, txId, facts), next: offset };
    this.#transfers.set(key, transfer);
    return transfer;
  }

  /** The last byte has come. */
  finish(side: Side, handle: Handle): void {
    this.close(`${side} ${handle.key}`, true);
  }

  close(key: string, complete: boolean): void {
    const transfer = this.#transfers.get(key);
    this.#transfers.delete(key);
    transfer?.sink.close(complete);
  }

  end(): void {
    for (const key of Array.from(this.#transfers.keys())) this.close(key, false);
  }
}

/** Bytes of a file in a message; `length` may reach beyond `end` when the message was not read in full. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly end: number;
  readonly length: number;
}
