import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { placeBytes, request4 } from "./messages.ts";

/** Methods that a greeting may offer. */
const methodsMax = 10;

/** What a client begins with: SOCKS4's request, or SOCKS5's list of methods. Either side may be the client. */
export function probe(_side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  const first = bytes[at];
  if (first === 5) return greeting(bytes, at, end);
  return first === 4 ? four(view, bytes, at, end, usualPort) : Probe.no;
}

function greeting(bytes: Uint8Array, at: number, end: number): Probe {
  if (end - at < 2) return Probe.more;
  const count = bytes[at + 1] as number;
  if (count === 0 || count > methodsMax) return Probe.no;
  const stop = Math.min(end, at + 2 + count);
  for (let i = at + 2; i < stop; i++) {
    const method = bytes[i] as number;
    if ((method > 9 && method < 0x80) || method === 0xff || bytes.indexOf(method, at + 2) < i) return Probe.no;
  }
  if (end - at < 2 + count) return Probe.more;
  return end - at === 2 + count ? Probe.yes : pipelined(bytes, stop, end);
}

/** Clients in a hurry send the request, or name and password, before the answer. */
function pipelined(bytes: Uint8Array, at: number, end: number): Probe {
  if (bytes[at] === 1) {
    const user = bytes[at + 1] ?? 0;
    return user > 0 && end - at >= 3 + user && end - at >= 3 + user + (bytes[at + 2 + user] as number) ? Probe.yes : Probe.maybe;
  }
  if (bytes[at] !== 5) return Probe.no;
  if (end - at < 5) return Probe.more;
  const command = bytes[at + 1] as number;
  if ((command === 0 || command > 3) && command !== 0xf0 && command !== 0xf1) return Probe.no;
  return bytes[at + 2] === 0 && placeBytes(bytes, at + 3, end) > 0 ? Probe.yes : Probe.no;
}

function four(view: DataView, bytes: Uint8Array, at: number, end: number, usualPort: boolean): Probe {
  if (end - at < 2) return Probe.more;
  const command = bytes[at + 1];
  if (command !== 1 && command !== 2) return Probe.no;
  for (let i = at + 8; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === 0) continue;
    if (byte < 0x21 || byte > 0x7e) return Probe.no;
  }
  const request = request4(view, bytes, at, end);
  if (request === "more") return Probe.more;
  if (request === undefined || request.place.end !== end || request.place.port === 0) return Probe.no;
  return usualPort || request.user !== "" || /[a-z].*\./i.test(request.place.host) ? Probe.yes : Probe.maybe;
}
