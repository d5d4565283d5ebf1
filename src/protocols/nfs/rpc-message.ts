import { latin1 } from "#base/bytes.ts";
import type { Transaction } from "#contract/parser.ts";

/** ONC remote procedure calls (RFC 5531 §9): offsets of a call, of a reply. */
const TYPE = 4;
const RPC_VERSION = 8;
const PROGRAM = 12;
const PROGRAM_VERSION = 16;
const PROCEDURE = 20;
const CREDENTIALS = 24;
export const CALL_BYTES_MIN = 40;
const REPLY_STATUS = 8;
export const REPLY_BYTES_MIN = 12;
/** Longest credentials (RFC 5531 §8.2). */
const credentialBytesMax = 400;
const machineNameBytesMax = 255;

export const NFS = 100_003;
export const PORTMAP = 100_000;
export const MOUNT = 100_005;

const AUTHENTICATIONS: Readonly<Record<number, string>> = { 0: "NULL", 1: "UNIX", 2: "SHORT", 3: "DH", 6: "GSS" };

/** Reads XDR (RFC 4506): fields of four bytes one behind the other; `sound` turns false when they end too soon. */
export class XdrCursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  readonly end: number;
  sound = true;

  constructor(bytes: Uint8Array, view: DataView, at: number, end: number) {
    this.bytes = bytes;
    this.view = view;
    this.at = at;
    this.end = end;
  }

  number(): number {
    if (!this.#has(4)) return 0;
    this.at += 4;
    return this.view.getUint32(this.at - 4);
  }

  /** 64 bits; above 2^53 the last digits are lost. */
  wide(): number {
    return this.number() * 4_294_967_296 + this.number();
  }

  skip(bytes: number): void {
    if (this.#has(bytes)) this.at += bytes;
  }

  /** Steps over bytes of any length and returns where they begin; their length is `length`. */
  opaque(longest: number): { readonly from: number; readonly length: number } {
    const length = this.number();
    if (length > longest) this.sound = false;
    const from = this.at;
    this.skip((length + 3) & ~3);
    return { from, length: this.sound ? length : 0 };
  }

  text(longest: number): string {
    const { from, length } = this.opaque(longest);
    return latin1(this.bytes, from, from + length);
  }

  #has(bytes: number): boolean {
    if (bytes <= this.end - this.at) return this.sound;
    this.sound = false;
    return false;
  }
}

/** True when a call begins here: direction, version and credentials leave little room for chance. CALL_BYTES_MIN must be there. */
export function plausibleCall(view: DataView, at: number): boolean {
  const program = view.getUint32(at + PROGRAM);
  const known = (program >= 100_000 && program < 500_000) || (program >= 0x2000_0000 && program < 0x6000_0000);
  return (
    view.getUint32(at + TYPE) === 0 &&
    view.getUint32(at + RPC_VERSION) === 2 &&
    known &&
    view.getUint32(at + PROGRAM_VERSION) <= 16 &&
    view.getUint32(at + PROCEDURE) < 256 &&
    AUTHENTICATIONS[view.getUint32(at + CREDENTIALS)] !== undefined &&
    view.getUint32(at + CREDENTIALS + 4) <= credentialBytesMax
  );
}
export const program = (view: DataView, at: number): number => view.getUint32(at + PROGRAM);

export interface RpcCall {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  /** `auth_type` and `creds` of the event. */
  readonly caller: Transaction;
  readonly arguments: XdrCursor;
}

/** The call that stands at `at`, where `plausibleCall` says true. */
export function readCall(bytes: Uint8Array, view: DataView, at: number, end: number): RpcCall {
  const cursor = new XdrCursor(bytes, view, at + CREDENTIALS, end);
  const flavor = cursor.number();
  const caller: Transaction = { auth_type: AUTHENTICATIONS[flavor] ?? `UNKNOWN (${flavor})` };
  const body = cursor.opaque(credentialBytesMax);
  if (flavor === 1 && body.length >= 16) {
    const inside = new XdrCursor(bytes, view, body.from + 4, body.from + body.length);
    caller["creds"] = { machine_name: inside.text(machineNameBytesMax), uid: inside.number(), gid: inside.number() };
  }
  cursor.number();
  cursor.opaque(credentialBytesMax);
  return {
    xid: view.getUint32(at),
    program: view.getUint32(at + PROGRAM),
    version: view.getUint32(at + PROGRAM_VERSION),
    procedure: view.getUint32(at + PROCEDURE),
    caller,
    arguments: cursor,
  };
}

export interface RpcReply {
  readonly xid: number;
  readonly status: "ACCEPTED" | "DENIED";
  /** Results when the call succeeded. */
  readonly results: XdrCursor | undefined;
}

/** The reply that stands at `at`; `undefined` when it is none. */
export function readReply(bytes: Uint8Array, view: DataView, at: number, end: number): RpcReply | undefined {
  if (end - at < REPLY_BYTES_MIN || view.getUint32(at + TYPE) !== 1 || view.getUint32(at + REPLY_STATUS) > 1) return undefined;
  const xid = view.getUint32(at);
  if (view.getUint32(at + REPLY_STATUS) === 1) return { xid, status: "DENIED", results: undefined };
  const cursor = new XdrCursor(bytes, view, at + REPLY_BYTES_MIN, end);
  cursor.number();
  cursor.opaque(credentialBytesMax);
  const accepted = cursor.number();
  return { xid, status: "ACCEPTED", results: cursor.sound && accepted === 0 ? cursor : undefined };
}
