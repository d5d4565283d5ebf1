import { parseAddress } from "#base/address.ts";
import { combine32 } from "#base/hash.ts";
import { TCP, UDP } from "./attempt.ts";

/*
 * Who fails at one port of many strangers does not always look for something. A browser without a way out fails at port
 * 443 everywhere, and with QUIC filtered at UDP 443; a resolver at port 53; peers of Bitcoin, Gnutella or BitTorrent find
 * most of the addresses dead that they were told, all at the usual port. What they have in common: the addresses lie
 * scattered, the port is one that clients go to. A scan goes along the addresses of a network, or asks for what nobody
 * needs from strangers: remote access, shares, databases, devices.
 */

/** Services that no program tries at many hosts by chance, by TCP. */
const soughtTcp: ReadonlySet<number> = new Set([
  21, 22, 23, 102, 111, 135, 139, 389, 445, 502, 512, 513, 514, 623, 1099, 1433, 1521, 1723, 2049, 2222, 2323, 2375, 3306, 3389, 4444, 4786,
  5038, 5432, 5555, 5900, 5901, 5985, 5986, 6379, 7001, 7547, 8291, 9100, 9200, 11_211, 20_000, 27_017, 37_215, 44_818, 52_869,
]);
/** The same by UDP. */
const soughtUdp: ReadonlySet<number> = new Set([19, 69, 111, 161, 389, 623, 1434, 1900, 5060, 5683, 11_211, 17_185, 37_810, 47_808]);

export const isSought = (protocol: number, port: number): boolean =>
  protocol === TCP ? soughtTcp.has(port) : protocol === UDP && soughtUdp.has(port);

/** So many hosts of a network on average make a network that somebody goes along. */
export const denseMin = 4;

/** The network that an address lies in, as a hash: 256 addresses of IPv4, 64 bits of IPv6. */
export function networkOf(address: string): number {
  const parsed = parseAddress(address);
  if (parsed === undefined) return 0;
  const [first, second] = parsed.words;
  return address.includes(":") ? combine32(first, second) : first >>> 8;
}
