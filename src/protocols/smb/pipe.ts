import type { Side } from "#contract/parser.ts";
import { type CallListener, Conversation } from "#protocols/dcerpc/conversation.ts";
import { HEADER_BYTES, plausible } from "#protocols/dcerpc/pdu.ts";

/** Longest beginning of a PDU that is kept of each side; pipes agree on fragments of some 4 to 6 KB. */
const tailBytesMax = 16_384;

/** A named pipe: DCE/RPC's PDUs cut into writes and reads. */
export class Pipe {
  readonly #conversation: Conversation;
  readonly #tails: [Uint8Array, Uint8Array] = [EMPTY, EMPTY];
  /** Sides whose bytes are no DCE/RPC. */
  #foreign = 0;

  constructor(listener: CallListener) {
    this.#conversation = new Conversation(listener, true);
  }

  /** Bytes of a write, a read or a transaction. Copies what is not read yet. */
  data(side: Side, bytes: Uint8Array, from: number, to: number): void {
    const tail = this.#tails[side];
    if ((this.#foreign & (1 << side)) !== 0) return;
    let all = bytes;
    let at = from;
    let end = to;
    if (tail.length > 0) {
      all = new Uint8Array(tail.length + to - from);
      all.set(tail);
      all.set(bytes.subarray(from, to), tail.length);
      [at, end] = [0, all.length];
    }
    const read = this.#conversation.read(new DataView(all.buffer, all.byteOffset, all.byteLength), at, end);
    const rest = read < 0 ? EMPTY : all.slice(at + read, end);
    if (read < 0 || rest.length > tailBytesMax) this.#foreign |= 1 << side;
    this.#tails[side] = rest.length > tailBytesMax ? EMPTY : rest;
  }

  /** Bytes of the pipe that the capture lacks: the next PDU begins with the next message. */
  gap(side: Side): void {
    this.#tails[side] = EMPTY;
  }

  end(): void {
    this.#conversation.end();
  }
}

const EMPTY = new Uint8Array(0);

/** True when a PDU of DCE/RPC begins here: tells pipes from files whose opening is not in the capture. */
export const looksLikeCall = (view: DataView, from: number, to: number): boolean =>
  to - from >= HEADER_BYTES && plausible(view, from) && view.getUint16(from + 8, true) <= to - from;
