import { ipv4Text, ipv6Text, parseAddress } from "#base/address.ts";
import { combine32 } from "#base/hash.ts";

/** The network that a host is taken to be in: a /24, or a /64 of IPv6. */
export function networkOf(address: string): { readonly key: number; readonly name: string } {
  const parsed = parseAddress(address);
  if (parsed === undefined) return { key: 0, name: "unknown" };
  const [first, second] = parsed.words;
  if (parsed.version === 6) return { key: combine32(first, second), name: `${ipv6Text(first, second, 0, 0)}/64` };
  const base = first & ~0xff;
  return { key: base, name: `${ipv4Text(base)}/24` };
}
