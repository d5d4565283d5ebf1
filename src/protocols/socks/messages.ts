import { ipv4Text, ipv6Text } from "#base/address.ts";
import { looseText } from "#base/loose-text.ts";

/** Bytes of a SOCKS4 user name or host name. */
export const textBytesMax = 255;

const methods: readonly string[] = ["none", "gssapi", "password", "chap", "4", "challenge", "tls", "nds", "multi", "json"];
/** Registered at IANA; the proxy takes none of the methods. */
export const REFUSED = 0xff;
export const methodName = (method: number): string => (method === REFUSED ? "refused" : (methods[method] ?? String(method)));

export const Command = { connect: 1, bind: 2, associate: 3 } as const;
/** The last two are Tor's. */
export const commandName = (command: number): string =>
  ["", "connect", "bind", "udp_associate"][command] ?? (command === 0xf0 ? "resolve" : command === 0xf1 ? "resolve_ptr" : String(command));

/** RFC 1928 §6, in Zeek's words where it has them. */
const replies: readonly string[] = [
  "succeeded",
  "general_failure",
  "not_allowed",
  "network_unreachable",
  "host_unreachable",
  "connection_refused",
  "ttl_expired",
  "command_not_supported",
  "address_type_not_supported",
];
export const replyName = (reply: number): string => replies[reply] ?? String(reply);

/** The answers of SOCKS4. */
const replies4: readonly string[] = ["succeeded", "general_failure", "identd_unreachable", "identd_mismatch"];
export const reply4Name = (reply: number): string => replies4[reply - 90] ?? String(reply);

/** Where a connection goes. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** One past its last byte. */
  readonly end: number;
}

/** Bytes of type, address and port at `at`; 0 when its length has not come, -1 when there is no such type. */
export function placeBytes(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  const type = bytes[at];
  if (type === 1) return 7;
  if (type === 4) return 19;
  if (type !== 3) return -1;
  return at + 1 < end ? (bytes[at + 1] as number) + 4 : 0;
}

/** RFC 1928 §5: type, address, port. The caller has checked the length. */
export function place(view: DataView, bytes: Uint8Array, at: number): Place {
  const type = bytes[at];
  let from = at + 1;
  let host: string;
  if (type === 1) {
    host = ipv4Text(view.getInt32(from));
    from += 4;
  } else if (type === 4) {
    host = ipv6Text(view.getInt32(from), view.getInt32(from + 4), view.getInt32(from + 8), view.getInt32(from + 12));
    from += 16;
  } else {
    const length = bytes[from] as number;
    host = looseText(bytes, from + 1, from + 1 + length);
    from += 1 + length;
  }
  return { host, port: view.getUint16(from), end: from + 2 };
}

/** A request of SOCKS4 or 4a. */
export interface Request4 {
  readonly command: number;
  readonly user: string;
  readonly place: Place;
}

/** `more` when it is not complete, `undefined` when it is none. */
export function request4(view: DataView, bytes: Uint8Array, at: number, end: number): Request4 | "more" | undefined {
  if (end - at < 9) return "more";
  const userEnd = textEnd(bytes, at + 8, end);
  if (userEnd === undefined) return end - at > 8 + textBytesMax ? undefined : "more";
  const user = looseText(bytes, at + 8, userEnd);
  const command = bytes[at + 1] as number;
  const port = view.getUint16(at + 2);
  const address = view.getInt32(at + 4);
  // SOCKS4a: the address 0.0.0.x says that a name follows.
  if (address <= 0 || address > 0xff) return { command, user, place: { host: ipv4Text(address), port, end: userEnd + 1 } };
  const nameEnd = textEnd(bytes, userEnd + 1, end);
  if (nameEnd === undefined) return end - userEnd > textBytesMax ? undefined : "more";
  return { command, user, place: { host: looseText(bytes, userEnd + 1, nameEnd), port, end: nameEnd + 1 } };
}

function textEnd(bytes: Uint8Array, from: number, end: number): number | undefined {
  const stop = Math.min(end, from + textBytesMax + 1);
  for (let i = from; i < stop; i++) if (bytes[i] === 0) return i;
  return undefined;
}
