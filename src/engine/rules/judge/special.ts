import type { Scratch } from "./scratch.ts";

/** The words that read the payload by themselves. */
export function specialHolds(
  name: "ftpbounce" | "rpc",
  values: readonly (number | undefined)[],
  bytes: Uint8Array,
  from: number,
  to: number,
  scratch: Scratch,
): boolean {
  return name === "rpc" ? isCall(values, bytes, scratch.overTcp ? from + 4 : from, to) : bounces(bytes, from, to, scratch.sourceAddress);
}

/** A call of ONC RPC (RFC 5531 §9) of this program, version and procedure; `undefined` is any. */
function isCall(values: readonly (number | undefined)[], bytes: Uint8Array, at: number, to: number): boolean {
  if (to - at < 24) return false;
  if (word(bytes, at + 4) !== 0 || word(bytes, at + 8) !== 2) return false;
  for (let i = 0; i < 3; i++) {
    const wanted = values[i];
    if (wanted !== undefined && word(bytes, at + 12 + i * 4) !== wanted) return false;
  }
  return true;
}

const word = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0;

/** FTP's PORT command (RFC 959 §4.1.2) with an address that is not the sender's. */
function bounces(bytes: Uint8Array, from: number, to: number, sender: number | undefined): boolean {
  if (sender === undefined) return false;
  let at = from;
  for (const letter of [0x70, 0x6f, 0x72, 0x74]) {
    if (at >= to || ((bytes[at] as number) | 0x20) !== letter) return false;
    at++;
  }
  while (at < to && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  let address = 0;
  for (let octet = 0; octet < 4; octet++) {
    let value = 0;
    const first = at;
    while (at < to && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39 && at - first < 4)
      value = value * 10 + (bytes[at++] as number) - 0x30;
    if (at === first || value > 255 || bytes[at] !== 0x2c || at >= to) return false;
    at++;
    address = (address << 8) | value;
  }
  return address !== (sender | 0);
}
