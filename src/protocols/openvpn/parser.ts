import { type ByteView, toHex } from "#base/bytes.ts";
import { FAILED, FINISHED, type InnerStream, type Parser, type ParserContext, Probe, Side, type Transaction } from "#contract/parser.ts";

/** Upper five bits of the first byte. Names as in OpenVPN's protocol description. */
const Operation = {
  resetClient1: 1,
  resetServer1: 2,
  control: 4,
  ack: 5,
  data1: 6,
  resetClient2: 7,
  resetServer2: 8,
  data2: 9,
  resetClient3: 10,
} as const;
const RESETS: Readonly<Record<number, readonly [Side, string]>> = {
  [Operation.resetClient1]: [Side.toServer, "v1"],
  [Operation.resetServer1]: [Side.toClient, "v1"],
  [Operation.resetClient2]: [Side.toServer, "v2"],
  [Operation.resetServer2]: [Side.toClient, "v2"],
  [Operation.resetClient3]: [Side.toServer, "v3"],
};
/** Operation and session id. */
const HEAD_BYTES = 9;
/** A client's reset without authentication: head, no acknowledgement, message number. */
const BARE_RESET_BYTES = 14;
/** With `tls-auth` there is more behind the session id: one of these digests, a number from 1 on, the time. */
const DIGEST_BYTES = [16, 20, 28, 32, 48, 64];
const REPLAY_BYTES = 8;
/** Longest control packet; over TCP it stands behind its length. */
const packetBytesMax = 4096;
/** Acknowledgements in one packet; there are never more than eight. */
const acksMax = 8;
/** Control packets of a side that wait for one before them. */
const waitingMax = 16;
/** Packets after which no more is read: by then the keys are agreed on. */
const packetsMax = 256;

const operationOf = (first: number): number => first >> 3;

/** A client's reset: over TCP behind its length. Numbers, zeros and the whole length have to agree. */
export function probe(transport: "tcp" | "udp", { bytes, view, at, end }: ByteView): Probe {
  const length = end - at;
  if (transport === "udp") return authenticationBytes(bytes, view, at, length) >= 0 ? Probe.yes : Probe.no;
  if (length === 0) return Probe.more;
  if (bytes[at] !== 0) return Probe.no;
  if (length < 3) return Probe.more;
  const size = view.getUint16(at);
  if (!isResetSize(size) || RESETS[operationOf(bytes[at + 2] as number)]?.[0] !== Side.toServer) return Probe.no;
  if (length < 2 + size) return Probe.more;
  return authenticationBytes(bytes, view, at + 2, size) >= 0 ? Probe.yes : Probe.no;
}

const isResetSize = (size: number): boolean => size === BARE_RESET_BYTES || DIGEST_BYTES.includes(size - BARE_RESET_BYTES - REPLAY_BYTES);

/** Bytes between session id and acknowledgements of a client's reset; -1 when it is none. */
function authenticationBytes(bytes: Uint8Array, view: DataView, at: number, size: number): number {
  if (!isResetSize(size)) return -1;
  const first = bytes[at] as number;
  if ((first & 7) !== 0 || RESETS[operationOf(first)]?.[0] !== Side.toServer) return -1;
  const between = size - BARE_RESET_BYTES;
  const acks = at + HEAD_BYTES + between;
  if (!someSet(bytes, at + 1, at + HEAD_BYTES) || someSet(bytes, acks, acks + 5)) return -1;
  return between === 0 || view.getUint32(acks - REPLAY_BYTES) === 1 ? between : -1;
}

function someSet(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return true;
  return false;
}

/** One side of the control channel: numbered packets whose contents, in order, are TLS. */
class Channel {
  next = 0;
  readonly waiting = new Map<number, Uint8Array>();
}

/** Reads the control channel up to the keys; what it carries is read as TLS. */
export class OpenvpnParser implements Parser {
  readonly #context: ParserContext;
  readonly #channels: readonly [Channel, Channel] = [new Channel(), new Channel()];
  readonly #fields: Transaction = {};
  #told = false;
  #packets = 0;
  /** Bytes of the authentication in each control packet, as the client's reset had them. */
  #authentication = 0;
  #tls: InnerStream | undefined = undefined;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    if (this.#context.transport === "udp") return this.#packet(side, window, window.at, window.end) ? window.length : FINISHED;
    const { view, end } = window;
    let at = window.at;
    while (end - at >= 2) {
      const size = view.getUint16(at);
      if (size === 0 || size > packetBytesMax) return FAILED;
      if (end - at < 2 + size) break;
      if (!this.#packet(side, window, at + 2, at + 2 + size)) return FINISHED;
      at += 2 + size;
    }
    return at - window.at;
  }

  gap(): boolean {
    return false;
  }

  end(): void {
    if (!this.#told && Object.keys(this.#fields).length > 0) this.#tell();
    this.#tls?.end();
  }

  /** False when nothing more is of interest. */
  #packet(side: Side, { bytes, view }: ByteView, at: number, end: number): boolean {
    if (++this.#packets > packetsMax || this.#tls?.done === true) return false;
    const operation = operationOf(bytes[at] as number);
    if (operation === Operation.data1 || operation === Operation.data2) return false;
    if (end - at < HEAD_BYTES) return true;
    const reset = RESETS[operation];
    if (reset !== undefined) {
      if (reset[0] === Side.toServer) this.#authentication = Math.max(0, authenticationBytes(bytes, view, at, end - at));
      this.#reset(reset, toHex(bytes, at + 1, at + HEAD_BYTES), (bytes[at] as number) & 7);
    }
    if (reset === undefined && operation !== Operation.control) return true;
    let i = at + HEAD_BYTES + this.#authentication;
    const acks = i < end ? (bytes[i] as number) : acksMax + 1;
    // More than there can be: encrypted (`tls-crypt`).
    if (acks > acksMax) return true;
    i += 1 + acks * 4 + (acks > 0 ? 8 : 0);
    if (i + 4 > end) return true;
    this.#content(side, view.getUint32(i), bytes, i + 4, end);
    return true;
  }

  #reset([from, version]: readonly [Side, string], session: string, keyId: number): void {
    const fields = this.#fields;
    fields["reset"] = version;
    fields["key_id"] = keyId;
    fields[from === Side.toServer ? "client_session" : "server_session"] = session;
    if (!this.#told && fields["client_session"] !== undefined && fields["server_session"] !== undefined) this.#tell();
  }

  #tell(): void {
    this.#told = true;
    this.#context.emit("openvpn", Side.toServer, 0, { ...this.#fields });
  }

  /** Packets may come twice, and over UDP in any order. */
  #content(side: Side, number: number, bytes: Uint8Array, from: number, to: number): void {
    const channel = this.#channels[side];
    const ahead = (number - channel.next) | 0;
    if (ahead < 0 || ahead > waitingMax) return;
    if (ahead > 0) {
      channel.waiting.set(number, bytes.slice(from, to));
      return;
    }
    this.#carry(side, bytes, from, to);
    channel.next = (number + 1) >>> 0;
    for (let held = channel.waiting.get(channel.next); held !== undefined; held = channel.waiting.get(channel.next)) {
      channel.waiting.delete(channel.next);
      this.#carry(side, held, 0, held.length);
      channel.next = (channel.next + 1) >>> 0;
    }
  }

  #carry(side: Side, bytes: Uint8Array, from: number, to: number): void {
    if (from >= to) return;
    this.#tls ??= this.#context.inner("tls");
    this.#tls?.data(side, bytes, from, to);
  }
}
