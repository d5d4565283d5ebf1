import { ipv4Text, ipv6Text } from "#base/address.ts";

/** The text of 16 bytes in network byte order; ::ffff:a.b.c.d as a.b.c.d. */
export function addressText(view: DataView, at: number): string {
  const words = [view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8), view.getUint32(at + 12)] as const;
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? ipv4Text(words[3]) : ipv6Text(...words);
}
