import { ipv4Text, ipv6Text } from "#base/address.ts";

export type System = "windows" | "linux" | "mac" | "phone" | "device";

/** One end of a conversation, as a tap in the office sees it: hosts outside have the router's MAC and a worn TTL. */
export interface Endpoint {
  readonly mac: Uint8Array;
  readonly ip4: number;
  /** Four words; empty when the host speaks IPv4 only. */
  readonly ip6: readonly number[];
  readonly ttl: number;
  /** VLAN of the segment, 0 for none. */
  readonly vlan: number;
  /** Time between a packet to the host passing the tap and its answer passing it, µs. */
  readonly lag: number;
  /** Whose network stack it runs. */
  readonly system: System;
  /** Counts the host's IPv4 packets. */
  identification: number;
}

/** Two endpoints that talk, in one version of IP. */
export interface Path {
  /** Client, then server: indexed by `Side`. */
  readonly ends: readonly [Endpoint, Endpoint];
  readonly version: 4 | 6;
}

export const Side = { client: 0, server: 1 } as const;
export type Side = (typeof Side)[keyof typeof Side];
export const other = (side: Side): Side => (side ^ 1) as Side;

export const addressText = (end: Endpoint, version: 4 | 6): string =>
  version === 4 ? ipv4Text(end.ip4) : ipv6Text(...(end.ip6 as [number, number, number, number]));

export const ip4 = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
