import type { Side } from "#contract/parser.ts";
import type { RecordListener } from "./record-reader.ts";
import { Handshake } from "./records.ts";

/** Who is told of whole messages. */
export type MessageListener = Pick<RecordListener, "message" | "partialHello" | "done">;

/** Longest handshake message that is put together; longer ones are stepped over. */
export const messageBytesMax = 262_144;
const HEADER_BYTES = 4;
const FIRST_BUFFER_BYTES = 4096;

/**
 * Cuts the handshake stream of one side into messages (RFC 8446 §5.1: several to a record, or one over several). A
 * message that lies whole in the input is told in place; otherwise its bytes are copied until it is complete. Messages
 * that nobody reads are told without their body.
 */
export class HandshakeReader {
  readonly #side: Side;
  readonly #listener: MessageListener;
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerBytes = 0;
  /** Bytes of the current message's body that have not come yet. */
  #left = 0;
  #type = 0;
  #kept = false;
  /** False behind a gap that swallowed the place where the next message begins. */
  #inStep = true;
  #buffer = NO_BYTES;
  #buffered = 0;

  constructor(side: Side, listener: MessageListener) {
    this.#side = side;
    this.#listener = listener;
  }

  /** A record begins. `alone` says that it holds a whole message and no rest of an earlier one. */
  record(alone: boolean): void {
    this.#inStep = true;
    if (!alone) return;
    this.cut();
    this.#headerBytes = 0;
    this.#left = 0;
  }

  /** Takes all of `bytes[at..end)`, which is handshake payload of one record. */
  read(bytes: Uint8Array, view: DataView, at: number, end: number): void {
    let i = at;
    while (i < end && this.#inStep && !this.#listener.done) {
      if (this.#headerBytes === HEADER_BYTES) i = this.#body(bytes, i, end);
      else if (this.#headerBytes === 0 && i + HEADER_BYTES <= end) {
        const stop = i + HEADER_BYTES + (view.getUint8(i + 1) << 16) + view.getUint16(i + 2);
        if (stop > end) i = this.#head(bytes, i, end);
        else {
          this.#listener.message(this.#side, view.getUint8(i), bytes, view, i + HEADER_BYTES, stop);
          i = stop;
        }
      } else i = this.#head(bytes, i, end);
    }
  }

  /** `count` payload bytes are missing; `behind` bytes of the same record are still to come. */
  gap(count: number, behind: number): void {
    if (this.#headerBytes === HEADER_BYTES && count <= this.#left) {
      this.cut();
      this.#kept = false;
      this.#left -= count;
      if (this.#left === 0) this.#headerBytes = 0;
      return;
    }
    this.cut();
    this.#headerBytes = 0;
    this.#left = 0;
    // The next record is taken to begin with a message, as all implementations write them.
    this.#inStep = behind === 0;
  }

  /** Nothing more of the current message comes: tells what there is of a ClientHello. */
  cut(): void {
    if (!this.#kept || this.#headerBytes < HEADER_BYTES) return;
    this.#kept = false;
    if (this.#type === Handshake.clientHello) this.#listener.partialHello(this.#side, this.#buffer, 0, this.#buffered);
    this.#buffer = NO_BYTES;
  }

  /** Collects the header of a message that does not lie whole in the input. */
  #head(bytes: Uint8Array, at: number, end: number): number {
    const take = Math.min(HEADER_BYTES - this.#headerBytes, end - at);
    this.#header.set(bytes.subarray(at, at + take), this.#headerBytes);
    this.#headerBytes += take;
    if (this.#headerBytes < HEADER_BYTES) return at + take;
    const header = this.#header;
    const type = header[0] as number;
    this.#type = type;
    this.#left = ((header[1] as number) << 16) | ((header[2] as number) << 8) | (header[3] as number);
    this.#kept = isRead(type) && this.#left <= messageBytesMax;
    this.#buffered = 0;
    this.#buffer = this.#kept ? new Uint8Array(Math.min(this.#left, FIRST_BUFFER_BYTES)) : NO_BYTES;
    if (this.#left === 0) this.#tell();
    return at + take;
  }

  #body(bytes: Uint8Array, at: number, end: number): number {
    const take = Math.min(this.#left, end - at);
    if (this.#kept) {
      this.#room(this.#buffered + take);
      this.#buffer.set(bytes.subarray(at, at + take), this.#buffered);
      this.#buffered += take;
    }
    this.#left -= take;
    if (this.#left === 0) this.#tell();
    return at + take;
  }

  #tell(): void {
    const buffer = this.#buffer;
    const body = this.#kept ? this.#buffered : 0;
    this.#headerBytes = 0;
    this.#kept = false;
    this.#buffer = NO_BYTES;
    this.#listener.message(this.#side, this.#type, buffer, new DataView(buffer.buffer), 0, body);
  }

  #room(bytes: number): void {
    if (bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.min(Math.max(bytes, this.#buffer.length * 2), this.#buffered + this.#left));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

const NO_BYTES = new Uint8Array(0);

const isRead = (type: number): boolean =>
  type === Handshake.clientHello || type === Handshake.serverHello || type === Handshake.certificate;
