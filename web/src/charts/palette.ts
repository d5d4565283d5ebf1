import { combine32 } from "#base/hash.ts";
import { OTHER } from "#web/state/series.ts";

/** Colours that stay apart from each other on light and dark panels, also for most colour-blind eyes. */
const colours = ["#4e8fd6", "#e0913a", "#4fa874", "#b07bd1", "#d2605e", "#3fa7a8", "#a8923c", "#8a7f78"] as const;
const furtherColours = ["#c76fae", "#6f7bd9", "#7fa83a", "#c98a5b"] as const;

/** The usual protocols keep their colour everywhere and always. */
const known: { readonly [name: string]: number } = { tls: 0, dns: 1, http: 2, quic: 3, ssh: 4, tcp: 5, udp: 6, icmp: 7 };

/** The colour of a protocol, the same in every chart and list. */
export function protocolColour(name: string): string {
  if (name === OTHER) return "#8b95a1";
  const lower = name.toLowerCase();
  const place = known[lower];
  return place === undefined ? (furtherColours[hashed(lower)] as string) : (colours[place] as string);
}

function hashed(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = combine32(hash, name.charCodeAt(i));
  return (hash >>> 0) % furtherColours.length;
}
