/** How a packet was carried inside another one. */
export const TunnelKind = {
  none: 0,
  ipip: 1,
  sixInFour: 2,
  fourInSix: 3,
  sixInSix: 4,
  gre: 5,
  pptp: 6,
  erspan: 7,
  vxlan: 8,
  vxlanGpe: 9,
  geneve: 10,
  teredo: 11,
  mpls: 12,
  pppoe: 13,
  etherip: 14,
  pbb: 15,
  gtp: 16,
  l2tp: 17,
  tzsp: 18,
  capwap: 19,
  gue: 20,
} as const;
export type TunnelKind = (typeof TunnelKind)[keyof typeof TunnelKind];

const names = [
  "",
  "ipip",
  "6in4",
  "4in6",
  "6in6",
  "gre",
  "pptp",
  "erspan",
  "vxlan",
  "vxlan-gpe",
  "geneve",
  "teredo",
  "mpls",
  "pppoe",
  "etherip",
  "pbb",
  "gtp",
  "l2tp",
  "tzsp",
  "capwap",
  "gue",
];

/** Kind and id in one word, as the decoded batch holds them; the id's low 24 bits are kept. */
export const packTunnel = (kind: TunnelKind, id: number): number => (kind << 24) | (id & 0xffffff);
export const tunnelKind = (packed: number): TunnelKind => (packed >>> 24) as TunnelKind;
export const tunnelId = (packed: number): number => packed & 0xffffff;

/** Name for events: `gre`, `vxlan` …; empty when there is no tunnel. */
export const tunnelName = (packed: number): string => names[packed >>> 24] ?? "";
