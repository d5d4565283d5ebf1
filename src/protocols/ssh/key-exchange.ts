import { latin1, toHex } from "#base/bytes.ts";
import type { Platform } from "#contract/platform.ts";

/** Message number, cookie. */
const LISTS_AT = 1 + 16;
const LISTS = 10;

/** The ten name lists of a KEXINIT message (RFC 4253 §7.1), in its order. */
export type Offer = readonly string[];

const KEX = 0;
const HOST_KEY = 1;
const CIPHER = 2;
const MAC = 4;
const COMPRESSION = 6;

/** Reads `bytes[at..end)`, a KEXINIT message from its number on; `undefined` when its lists do not fit. */
export function readOffer(bytes: Uint8Array, view: DataView, at: number, end: number): Offer | undefined {
  const lists: string[] = [];
  let next = at + LISTS_AT;
  for (let i = 0; i < LISTS; i++) {
    if (next + 4 > end) return undefined;
    const stop = next + 4 + view.getUint32(next);
    if (stop > end) return undefined;
    lists.push(latin1(bytes, next + 4, stop));
    next = stop;
  }
  return lists;
}

/** HASSH (Salesforce, BSD-3): MD5 of what a side offers for its own direction, 0 for the client. */
export function hassh(offer: Offer, side: number, platform: Platform): { hash: string; string: string } {
  const string = [offer[KEX], offer[CIPHER + side], offer[MAC + side], offer[COMPRESSION + side]].join(";");
  const hash = platform.remember("hassh", string, () => {
    const bytes = Uint8Array.from(string, (letter) => letter.charCodeAt(0));
    return toHex(platform.digest("md5", bytes, 0, bytes.length));
  });
  return { hash, string };
}

/** What both sides agree on, from client to server: the client's first choice that the server has too. */
export function agreed(client: Offer, server: Offer): { [name: string]: string } {
  const chosen: { [name: string]: string } = {};
  const choose = (name: string, list: number): void => {
    const theirs = new Set((server[list] as string).split(","));
    const first = (client[list] as string).split(",").find((algorithm) => algorithm !== "" && theirs.has(algorithm));
    if (first !== undefined) chosen[name] = first;
  };
  choose("kex_alg", KEX);
  choose("host_key_alg", HOST_KEY);
  choose("cipher_alg", CIPHER);
  choose("mac_alg", MAC);
  choose("compression_alg", COMPRESSION);
  return chosen;
}

/** MD5 of the host key in a key exchange's reply (RFC 4253 §8: its first string), as `ssh-keygen -E md5` writes it. */
export function hostKey(bytes: Uint8Array, view: DataView, at: number, end: number, platform: Platform): string | undefined {
  if (at + 5 > end) return undefined;
  const stop = at + 5 + view.getUint32(at + 1);
  // A key begins with the name of its kind (`ssh-rsa`); the primes of a group exchange, which share the number, do not.
  if (stop > end || stop - at < 16 || view.getUint32(at + 5) > 64) return undefined;
  return (toHex(platform.digest("md5", bytes, at + 5, stop)).match(/../g) ?? []).join(":");
}
