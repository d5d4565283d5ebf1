import type { Action, AddressSet, Transform } from "./signature.ts";

export type XbitTrack = "ip_src" | "ip_dst" | "ip_pair" | "tx";

/** What a rule does once it has matched, beside alerting. */
export type Effect =
  | { readonly type: "flowbits"; readonly command: "set" | "unset" | "toggle"; readonly bits: readonly string[] }
  | {
      readonly type: "flowint";
      readonly variable: string;
      readonly command: "=" | "+" | "-";
      readonly value: number | { readonly variable: string };
    }
  | {
      readonly type: "xbits";
      readonly command: "set" | "unset" | "toggle";
      readonly bit: string;
      readonly track: XbitTrack;
      readonly seconds: number;
    }
  /** Tells the next packets of the flow, or of the host that sent or received: so many, or until so many seconds or bytes have gone by. */
  | {
      readonly type: "tag";
      readonly scope: "session" | "src" | "dst";
      readonly count: number;
      readonly metric: "packets" | "seconds" | "bytes";
    }
  | {
      readonly type: "filestore";
      readonly direction: "request" | "response" | "both" | undefined;
      readonly scope: "file" | "tx" | "ssn" | "flow" | undefined;
    }
  | { readonly type: "bypass" }
  | { readonly type: "config"; readonly subsystem: string; readonly values: readonly string[] }
  | {
      readonly type: "dataset";
      readonly name: string;
      readonly command: "set" | "unset";
      readonly buffer: string;
      readonly transforms?: readonly Transform[];
    };

/** How often matches become alerts. Counted over all flows, in capture order. */
export interface Threshold {
  readonly type: "limit" | "threshold" | "both" | "detection_filter" | "rate_filter" | "backoff";
  readonly track: "by_src" | "by_dst" | "by_both" | "by_rule" | "by_flow";
  readonly count: number;
  readonly seconds: number;
  /** `rate_filter`: what the action becomes, and for how long. `backoff`: multiplier. */
  readonly newAction?: Action;
  readonly timeoutSeconds?: number;
  readonly multiplier?: number;
  /** `detection_filter` counts different ports of this side, not matches. */
  readonly uniqueOn?: "src_port" | "dst_port";
}

/** `suppress` of threshold.config: no alerts of these addresses (all, when there are none). */
export interface Suppression {
  readonly track: "by_src" | "by_dst" | "by_either" | undefined;
  readonly addresses: AddressSet | undefined;
}
