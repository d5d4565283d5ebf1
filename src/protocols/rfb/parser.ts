import type { ByteView } from "#base/bytes.ts";
import { latin1, toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";

/** `RFB 003.008\n` (RFC 6143 §7.1.1). */
export const VERSION_BYTES = 12;
const CHALLENGE_BYTES = 16;
const PIXEL_FORMAT_BYTES = 16;
const SERVER_INIT_BYTES = 24;
/** Longest name or reason that is told, bytes; longer ones are no RFB. */
const textBytesMax = 1024;
const wireTextBytesMax = 65_536;
const Security = { invalid: 0, none: 1, vnc: 2, tls: 18 } as const;
const RESULTS = ["OK", "FAIL", "TOOMANY"];

/** What is expected next. The handshake is a conversation: one side speaks at a time. */
const State = {
  serverVersion: 0,
  clientVersion: 1,
  offer: 2,
  choice: 3,
  challenge: 4,
  response: 5,
  result: 6,
  reason: 7,
  clientInit: 8,
  serverInit: 9,
  over: 10,
} as const;
type State = (typeof State)[keyof typeof State];
const SPEAKER: readonly Side[] = [1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1];

/** Answer of a step that lacks bytes. */
const WAIT = -3;

/** Shared desktops (VNC): the handshake, told in one event when it is over. */
export class RfbParser implements Parser {
  readonly #context: ParserContext;
  readonly #fields: Transaction = {};
  readonly #authentication: Transaction = {};
  #state: State = State.serverVersion;
  /** 3, 7 or 8 of version 3.x. */
  #minor = 8;
  #security = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, input: ByteView): number {
    let at = input.at;
    while (this.#state !== State.over) {
      if (SPEAKER[this.#state] !== side) break;
      const read = this.#step(input, at);
      if (read === WAIT) break;
      if (read < 0) return read;
      at += read;
    }
    if (this.#state !== State.over) return at - input.at;
    if (this.#security === Security.tls) {
      this.#context.handOver("tls");
      return at - input.at;
    }
    return FINISHED;
  }

  gap(): boolean {
    return false;
  }

  end(): void {
    if (Object.keys(this.#authentication).length > 0) this.#fields["authentication"] = this.#authentication;
    if (Object.keys(this.#fields).length > 0) this.#context.emit("rfb", Side.toServer, 0, ordered(this.#fields));
  }

  #step(input: ByteView, at: number): number {
    const { bytes, view, end } = input;
    const room = end - at;
    switch (this.#state) {
      case State.serverVersion:
      case State.clientVersion:
        return room < VERSION_BYTES ? WAIT : this.#version(bytes, at);
      case State.offer:
        return this.#offer(view, at, room);
      case State.choice:
        return room < 1 ? WAIT : this.#chosen(view.getUint8(at), 1);
      case State.challenge:
      case State.response:
        return room < CHALLENGE_BYTES ? WAIT : this.#proof(bytes, at);
      case State.result:
        return room < 4 ? WAIT : this.#result(view.getUint32(at));
      case State.reason:
        return this.#reason(bytes, view, at, room);
      case State.clientInit:
        if (room < 1) return WAIT;
        this.#fields["screen_shared"] = view.getUint8(at) !== 0;
        this.#state = State.serverInit;
        return 1;
      default:
        return this.#serverInit(bytes, view, at, room);
    }
  }

  #version(bytes: Uint8Array, at: number): number {
    if (!isVersion(bytes, at, at + VERSION_BYTES)) return FAILED;
    const isServer = this.#state === State.serverVersion;
    const minor = latin1(bytes, at + 8, at + 11);
    this.#fields[isServer ? "server_protocol_version" : "client_protocol_version"] = { major: latin1(bytes, at + 4, at + 7), minor };
    if (!isServer) this.#minor = Number(minor) < 7 ? 3 : Number(minor) === 7 ? 7 : 8;
    this.#state = isServer ? State.clientVersion : State.offer;
    return VERSION_BYTES;
  }

  /** §7.1.2: a list to choose from; before version 3.7 the server decides. */
  #offer(view: DataView, at: number, room: number): number {
    if (this.#minor === 3) return room < 4 ? WAIT : this.#chosen(view.getUint32(at), 4);
    if (room < 1) return WAIT;
    const count = view.getUint8(at);
    if (count === 0) {
      this.#authentication["security_type"] = 0;
      this.#state = State.reason;
      return 1;
    }
    if (room < 1 + count) return WAIT;
    this.#state = State.choice;
    return 1 + count;
  }

  #chosen(type: number, length: number): number {
    this.#security = type;
    this.#authentication["security_type"] = type;
    if (type === Security.none) this.#state = this.#minor === 8 ? State.result : State.clientInit;
    else if (type === Security.vnc) this.#state = State.challenge;
    else if (type === Security.invalid) this.#state = State.reason;
    else {
      if (type !== Security.tls) this.#context.anomaly(Side.toServer, "unimplemented_security_type");
      this.#state = State.over;
    }
    return length;
  }

  #proof(bytes: Uint8Array, at: number): number {
    const isChallenge = this.#state === State.challenge;
    const vnc = (this.#authentication["vnc"] ?? {}) as Transaction;
    vnc[isChallenge ? "challenge" : "response"] = toHex(bytes, at, at + CHALLENGE_BYTES);
    this.#authentication["vnc"] = vnc;
    this.#state = isChallenge ? State.response : State.result;
    return CHALLENGE_BYTES;
  }

  #result(code: number): number {
    this.#authentication["security_result"] = RESULTS[code] ?? `UNKNOWN (${code})`;
    this.#state = code === 0 ? State.clientInit : this.#minor === 8 ? State.reason : State.over;
    return 4;
  }

  #reason(bytes: Uint8Array, view: DataView, at: number, room: number): number {
    if (room < 4) return WAIT;
    const length = view.getUint32(at);
    if (length > wireTextBytesMax) return FAILED;
    if (room < 4 + length) return WAIT;
    this.#fields["server_security_failure_reason"] = looseText(bytes, at + 4, at + 4 + Math.min(length, textBytesMax));
    this.#state = State.over;
    return 4 + length;
  }

  /** §7.3.2. */
  #serverInit(bytes: Uint8Array, view: DataView, at: number, room: number): number {
    if (room < SERVER_INIT_BYTES) return WAIT;
    const length = view.getUint32(at + 4 + PIXEL_FORMAT_BYTES);
    if (length > wireTextBytesMax) return FAILED;
    if (room < SERVER_INIT_BYTES + length) return WAIT;
    const name = at + SERVER_INIT_BYTES;
    this.#fields["framebuffer"] = {
      width: view.getUint16(at),
      height: view.getUint16(at + 2),
      name: looseText(bytes, name, name + Math.min(length, textBytesMax)),
      pixel_format: {
        bits_per_pixel: view.getUint8(at + 4),
        depth: view.getUint8(at + 5),
        big_endian: view.getUint8(at + 6) !== 0,
        true_color: view.getUint8(at + 7) !== 0,
        red_max: view.getUint16(at + 8),
        green_max: view.getUint16(at + 10),
        blue_max: view.getUint16(at + 12),
        red_shift: view.getUint8(at + 14),
        green_shift: view.getUint8(at + 15),
        blue_shift: view.getUint8(at + 16),
      },
    };
    this.#state = State.over;
    return SERVER_INIT_BYTES + length;
  }
}

const ORDER = [
  "server_protocol_version",
  "client_protocol_version",
  "authentication",
  "server_security_failure_reason",
  "screen_shared",
  "framebuffer",
];
/** Members in Suricata's order. */
function ordered(fields: Transaction): Transaction {
  const sorted: Transaction = {};
  for (const name of ORDER) if (fields[name] !== undefined) sorted[name] = fields[name];
  return sorted;
}

const PATTERN = "RFB ddd.ddd\n";

/** True when the bytes are a version, or the beginning of one. */
export function isVersion(bytes: Uint8Array, at: number, end: number): boolean {
  const stop = Math.min(end, at + VERSION_BYTES);
  for (let i = at; i < stop; i++) {
    const wanted = PATTERN.charCodeAt(i - at);
    const byte = bytes[i] as number;
    if (wanted === 0x64 ? byte < 0x30 || byte > 0x39 : byte !== wanted) return false;
  }
  return true;
}
