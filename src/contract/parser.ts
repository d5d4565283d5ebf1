import type { ByteView } from "#base/bytes.ts";
import type { Platform } from "./platform.ts";

/** Which side of a flow sent the bytes: the one that opened it, or the other. */
export const Side = { toServer: 0, toClient: 1 } as const;
export type Side = (typeof Side)[keyof typeof Side];
export const otherSide = (side: Side): Side => (side ^ 1) as Side;

/** Answers of `probe`. */
export const Probe = {
  /** These bytes cannot be this protocol. */
  no: 0,
  /** These bytes are this protocol. */
  yes: 1,
  /** Too few bytes to say. */
  more: 2,
} as const;
export type Probe = (typeof Probe)[keyof typeof Probe];

/**
 * `data` returns this when the rest of the flow is of no interest (encrypted, or told in full): `end` is called at
 * once and the flow is bypassed.
 */
export const FINISHED = -1;
/** The same when the bytes break the protocol so that reading on makes no sense. */
export const FAILED = -2;

/** JSON-ready members of an event's own object. */
export type Transaction = { [name: string]: unknown };

/** What the flow layer gives to a parser. One for each flow. */
export interface ParserContext {
  /**
   * Emits one transaction as an event of `kind` (declared in the protocol's facts). The fields become the event's
   * object of that name; they belong to the batch from now on. The packet being read gives time and number.
   * `txId` is the transaction's number in its flow, counted by the parser from 0 (EVE's `tx_id`): events that tell
   * one transaction (a DNS query and its answer) share it.
   */
  emit(kind: string, side: Side, txId: number, fields: Transaction): void;
  /** Reports a broken rule of the protocol: an `anomaly` event of type applayer, at most a few per flow. */
  anomaly(side: Side, event: string, why?: string): void;
  /** Ports of the flow, for what is told from them (mDNS from DNS, say). Never to decide the protocol. */
  readonly clientPort: number;
  readonly serverPort: number;
  readonly transport: "tcp" | "udp";
  readonly platform: Platform;
}

/** Reads one flow. No sockets, clocks or stores; never throws, whatever the bytes. */
export interface Parser {
  /**
   * TCP: the bytes of one side in order, from the first that was not consumed. UDP: one datagram.
   * Returns how many bytes it has done with, counted from `view.at`; the rest comes again with what follows it (TCP
   * only). Or FINISHED, or FAILED. The view is borrowed for the call.
   */
  data(side: Side, view: ByteView): number;
  /** `bytes` of the side are missing from the capture. Returns false when the parser cannot go on behind them. */
  gap(side: Side, bytes: number): boolean;
  /** The flow is over: emit what is unfinished. */
  end(): void;
}

/** How a protocol is recognised and read. */
export interface ProtocolDefinition {
  /** Name as in EVE's `app_proto`: dns, tls, http … */
  readonly name: string;
  readonly transports: readonly ("tcp" | "udp")[];
  /** Usual server ports: tried first, and ask for less evidence. Never the only evidence. */
  readonly ports: readonly number[];
  /** True when what follows FINISHED is encrypted, for the encrypted share that coverage tells. */
  readonly encrypts?: boolean;
  /**
   * Looks at the first bytes of a side (or a datagram). `usualPort` is true when the flow's server port is one of
   * `ports`. Must be cheap: it runs on the first bytes of every flow.
   */
  probe(side: Side, view: ByteView, usualPort: boolean): Probe;
  create(context: ParserContext): Parser;
}
