import { type ByteView, latin1 } from "#base/bytes.ts";
import { MessagePlace } from "#base/message-place.ts";
import { Reader } from "#base/reader.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";

/** Type, chunk, size (part 6 §7.1.2.2). */
const HEADER_BYTES = 8;
/** Bytes of a message that are read; the rest is passed over. */
const readBytesMax = 4096;
/** Largest chunk that is taken for one. */
const messageBytesMax = 0x10000000;
const TYPES = ["HEL", "ACK", "ERR", "RHE", "OPN", "MSG", "CLO"];

/** A known type, `F`, `C` or `A`, and a size that its fields need. */
export function probe({ bytes, view, at, end }: ByteView): Probe {
  const start = latin1(bytes, at, Math.min(end, at + 3));
  if (!TYPES.some((type) => type.startsWith(start))) return Probe.no;
  if (end - at >= 4 && bytes[at + 3] !== 0x46 && bytes[at + 3] !== 0x43 && bytes[at + 3] !== 0x41) return Probe.no;
  if (end - at < HEADER_BYTES) return Probe.more;
  const size = view.getUint32(at + 4, true);
  return size >= 16 && size <= messageBytesMax ? Probe.yes : Probe.no;
}

/** Reads OPC UA: an event for each message; what is encrypted is told by its channel only. */
export class OpcuaParser implements Parser {
  readonly #context: ParserContext;
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];
  /** True behind a chunk that is not the last of its message. */
  readonly #goesOn: [boolean, boolean] = [false, false];
  #policy: string | undefined;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { bytes, view, end } = window;
    const place = this.#places[side];
    let at = place.enter(window);
    while (at < end) {
      if (end - at < HEADER_BYTES) return place.wait(window, at, 0);
      const type = latin1(bytes, at, at + 3);
      const size = view.getUint32(at + 4, true);
      if (!TYPES.includes(type) || size < HEADER_BYTES || size > messageBytesMax) {
        this.#context.anomaly(side, "malformed_data");
        return FAILED;
      }
      const shown = Math.min(size, readBytesMax);
      if (end - at < shown) return place.wait(window, at, size);
      // Only the first chunk of a message begins with what it is.
      if (!this.#goesOn[side]) this.#tell(side, type, new Reader(window, at + HEADER_BYTES, at + shown));
      this.#goesOn[side] = bytes[at + 3] === 0x43;
      at = place.skip(window, at, size);
    }
    return window.length;
  }

  gap(side: Side, bytes: number): boolean {
    return this.#places[side].gap(bytes);
  }

  end(): void {}

  #tell(side: Side, type: string, reader: Reader): void {
    const fields: Transaction = { type };
    if (type === "HEL") {
      fields["version"] = reader.u32(true);
      reader.skip(16);
      const url = string(reader);
      if (url !== undefined) fields["endpoint_url"] = url;
    } else if (type === "ACK") fields["version"] = reader.u32(true);
    else if (type === "ERR") {
      fields["error"] = reader.u32(true);
      const reason = string(reader);
      if (reason !== undefined) fields["reason"] = reason;
    } else if (type !== "RHE") this.#secured(type, fields, reader);
    if (reader.short) this.#context.anomaly(side, "malformed_data");
    this.#context.emit("opcua", side, this.#transactions++, fields);
  }

  /** Channel; a policy and certificates, or a token; sequence; request; then the number of the form, if it is readable. */
  #secured(type: string, fields: Transaction, reader: Reader): void {
    fields["channel_id"] = reader.u32(true);
    if (type === "OPN") {
      const policy = string(reader);
      this.#policy = policy?.slice(policy.indexOf("#") + 1);
      if (this.#policy !== undefined) fields["security_policy"] = this.#policy;
      if (this.#policy !== "None") return;
      skipBytes(reader);
      skipBytes(reader);
    } else reader.u32(true);
    if (this.#policy !== "None") return;
    reader.u32(true);
    fields["request_id"] = reader.u32(true);
    // A node's number in two or four bytes (§5.2.2.9).
    const form = reader.u8();
    if (form === 0) fields["service"] = reader.u8();
    else if (form === 1) {
      reader.u8();
      fields["service"] = reader.u16(true);
    }
  }
}

/** Bytes behind their length, passed over; a length of -1 stands for none. */
function skipBytes(reader: Reader): void {
  const length = reader.u32(true);
  if (length !== 0xffffffff) reader.skip(length);
}

function string(reader: Reader): string | undefined {
  const length = reader.u32(true);
  return length === 0xffffffff ? undefined : reader.text(length);
}
