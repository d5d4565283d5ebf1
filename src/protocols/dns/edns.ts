import { toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { addressText } from "./rdata-text.ts";

/** Options of one message that are told. */
export const optionsMax = 16;
/** Bytes of one option that are told. */
export const optionBytesMax = 256;

/** The OPT record (RFC 6891 §6.1). */
export interface Edns {
  version: number;
  udp_size: number;
  do?: boolean;
  client_subnet?: string;
  cookie?: string;
  nsid?: string;
  padding?: number;
  keepalive?: number;
  extended_error?: { code: number; text?: string };
  /** The others. */
  options?: { code: number; data: string }[];
  /** True when there were more options, or longer ones, than are told, or they are malformed. */
  truncated?: boolean;
}

/** Upper bits of the response code, from the record's TTL. */
export const extendedRcode = (ttl: number): number => ttl >>> 24;

export function readEdns(udpSize: number, ttl: number, bytes: Uint8Array, view: DataView, at: number, end: number): Edns {
  const edns: Edns = { version: (ttl >>> 16) & 0xff, udp_size: udpSize };
  if ((ttl & 0x8000) !== 0) edns.do = true;
  let i = at;
  for (let told = 0; i + 4 <= end; told++) {
    const stop = i + 4 + view.getUint16(i + 2);
    if (stop > end || told === optionsMax) break;
    readOption(edns, view.getUint16(i), bytes, view, i + 4, stop);
    i = stop;
  }
  if (i !== end) edns.truncated = true;
  return edns;
}

function readOption(edns: Edns, code: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
  const length = end - at;
  const stop = Math.min(end, at + optionBytesMax);
  if (code === 12) edns.padding = length;
  else if (code === 8 && length >= 4) {
    const subnet = clientSubnet(bytes, view, at, end);
    if (subnet !== undefined) edns.client_subnet = subnet;
  } else if (code === 10) edns.cookie = toHex(bytes, at, stop);
  else if (code === 3) edns.nsid = looseText(bytes, at, stop);
  else if (code === 11) edns.keepalive = length === 2 ? view.getUint16(at) : 0;
  else if (code === 15 && length >= 2) {
    const text = looseText(bytes, at + 2, Math.max(at + 2, stop));
    edns.extended_error = text === "" ? { code: view.getUint16(at) } : { code: view.getUint16(at), text };
  } else {
    edns.options ??= [];
    edns.options.push({ code, data: toHex(bytes, at, stop) });
    if (stop < end) edns.truncated = true;
  }
}

/** RFC 7871 §6: family, source prefix length, scope prefix length, address. */
function clientSubnet(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const address = addressText(view.getUint16(at), bytes, at + 4, end);
  return address === undefined ? undefined : `${address}/${view.getUint8(at + 2)}`;
}
