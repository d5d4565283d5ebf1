import { latin1 } from "#base/bytes.ts";
import type { Transaction } from "#contract/parser.ts";

/** TPKT (RFC 1006 §6) and X.224 (§13): the frames that RDP begins in. */
export const FRAME_BYTES = 4;
export const VERSION = 3;
export const Tpdu = { request: 0xe0, confirm: 0xd0, data: 0xf0 } as const;
/** Frame, length, type, two references, class. */
const CONNECT_BYTES = 11;
/** Negotiation (MS-RDPBCGR §2.2.1.1.1): type, flags, length, value. */
export const NEGOTIATION_BYTES = 8;
export const Negotiation = { request: 1, response: 2, failure: 3 } as const;
const cookieBytesMax = 256;

export const frameBytes = (view: DataView, at: number): number => view.getUint16(at + 2);
export const tpduType = (view: DataView, at: number): number => view.getUint8(at + 5) & 0xf0;

const PROTOCOLS: Readonly<Record<number, string>> = { 0: "rdp", 1: "ssl", 2: "hybrid", 4: "rds_tls", 8: "hybrid_ex" };
export const protocolName = (number: number): string => PROTOCOLS[number] ?? `unknown-${number}`;

const FAILURES: readonly string[] = [
  "",
  "ssl_required_by_server",
  "ssl_not_allowed_by_server",
  "ssl_cert_not_on_server",
  "inconsistent_flags",
  "hybrid_required_by_server",
  "ssl_with_user_auth_required_by_server",
];
export const failureName = (number: number): string => FAILURES[number] || `unknown-${number}`;

/** Names of the bits that are set. */
export const bitNames = (value: number, names: readonly string[]): string[] =>
  names.filter((name, bit) => name !== "" && (value & (1 << bit)) !== 0);

const SUPPORTS = ["extended_client_data", "dynvc_gfx", "", "restricted_admin", "redirected_authentication"];
const REQUESTABLE = ["ssl", "hybrid", "rds_tls", "hybrid_ex"];

/** Text of a cookie or routing token, up to the end of its line. */
export interface Cookie {
  readonly text: string;
  /** First byte behind it. */
  readonly stop: number;
}
const MSTSHASH = "Cookie: mstshash=";

/** The line that may stand in front of a negotiation: whom the client means, for load balancers. */
export function readCookie(bytes: Uint8Array, from: number, end: number): Cookie | undefined {
  const line = bytes.indexOf(13, from);
  if (line < 0 || line + 2 > end || bytes[line + 1] !== 10) return undefined;
  return { text: latin1(bytes, from, Math.min(line, from + cookieBytesMax)), stop: line + 2 };
}

/** Members of the client's connection request that stands in `bytes[at..end)`. */
export function readRequest(bytes: Uint8Array, view: DataView, at: number, end: number): Transaction {
  const fields: Transaction = { event_type: "initial_request" };
  let i = at + CONNECT_BYTES;
  const cookie = readCookie(bytes, i, end);
  if (cookie !== undefined) {
    if (cookie.text.startsWith(MSTSHASH)) fields["cookie"] = cookie.text.slice(MSTSHASH.length);
    i = cookie.stop;
  }
  if (isNegotiation(view, i, end, Negotiation.request)) fields["requested_protocols"] = bitNames(view.getUint32(i + 4, true), REQUESTABLE);
  return fields;
}

/** Members of the server's answer; `secure` when TLS comes next. */
export function readConfirm(view: DataView, at: number, end: number): { readonly fields: Transaction; readonly secure: boolean } {
  const fields: Transaction = { event_type: "initial_response" };
  const i = at + CONNECT_BYTES;
  if (isNegotiation(view, i, end, Negotiation.failure)) {
    const code = view.getUint32(i + 4, true);
    fields["error_code"] = code;
    fields["reason"] = failureName(code);
  } else if (isNegotiation(view, i, end, Negotiation.response)) {
    const protocol = view.getUint32(i + 4, true);
    const supports = bitNames(view.getUint8(i + 1), SUPPORTS);
    if (supports.length > 0) fields["server_supports"] = supports;
    fields["protocol"] = protocolName(protocol);
    return { fields, secure: protocol !== 0 };
  }
  return { fields, secure: false };
}

export const isNegotiation = (view: DataView, at: number, end: number, type: number): boolean =>
  end - at >= NEGOTIATION_BYTES && view.getUint8(at) === type && view.getUint16(at + 2, true) === NEGOTIATION_BYTES;
