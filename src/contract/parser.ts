import type { ByteView } from "#base/bytes.ts";
import type { RuleTap } from "./inspector.ts";
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
  /** These bytes fit this protocol, but would fit others too: it is taken when nobody says yes or more. */
  maybe: 3,
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

/** What is known of a file when its first bytes are seen. */
export interface FileFacts {
  /** Name as the protocol gives it, a path too. */
  readonly name?: string;
  /** Size that was announced, bytes. */
  readonly size?: number;
  /** First byte's place in the whole file, for a part of it. */
  readonly start?: number;
  /** Members of the `fileinfo` event that tell the transaction: `{ http: … }`. Read when the file ends. */
  readonly beside?: () => { readonly [member: string]: Transaction };
}

/** Takes a file's bytes in order; at its end, a `fileinfo` event tells name, size, type and digests. */
export interface FileSink {
  /** The bytes are read during the call. */
  data(bytes: Uint8Array, from: number, to: number): void;
  /** Bytes that the capture lacks. */
  gap(bytes: number): void;
  /** `complete` is false when the file was cut short. Later calls do nothing. */
  close(complete: boolean): void;
}

/** A stream that travels inside this one: decrypted, unwrapped, put together from messages. */
export interface InnerStream {
  /** Name of the protocol inside, once found. */
  readonly protocol: string | undefined;
  /** True when nobody wants more of it: the protocol is unknown, or told in full. */
  readonly done: boolean;
  /** Bytes of one side in order; what is not consumed is kept here, within the flow's limits. */
  data(side: Side, bytes: Uint8Array, from: number, to: number): void;
  gap(side: Side, bytes: number): void;
  end(): void;
}

/** A flow that another one announced: an FTP data connection, a TFTP transfer, a media stream. */
export interface Expectation {
  readonly transport: "tcp" | "udp";
  /** Who waits for it: the server or the client of the announcing flow. */
  readonly listener: "client" | "server";
  /** Port at the listener. */
  readonly port: number;
  /** Name of the protocol that reads it. */
  readonly protocol: string;
  /** Whatever the announcing parser wants the other to know. */
  readonly note?: Transaction;
}

/** What the flow layer gives to a parser. One for each flow. */
export interface ParserContext {
  /**
   * Emits one transaction as an event of `kind` (declared in the protocol's facts). The fields become the event's
   * object of that name; they belong to the batch from now on. The packet being read gives time and number.
   * `txId` is the transaction's number in its flow, counted by the parser from 0 (EVE's `tx_id`): events that tell
   * one transaction (a DNS query and its answer) share it. `beside` are further members of the event, declared in the
   * kind's facts (`email` beside `smtp`).
   */
  emit(kind: string, side: Side, txId: number, fields: Transaction, beside?: { readonly [member: string]: Transaction }): void;
  /** Reports a broken rule of the protocol: an `anomaly` event of type applayer, at most a few per flow. `txId` when it belongs to a transaction. */
  anomaly(side: Side, event: string, why?: string, txId?: number): void;
  /** Ports of the flow, for what is told from them (mDNS from DNS, say). Never to decide the protocol. */
  readonly clientPort: number;
  readonly serverPort: number;
  readonly transport: "tcp" | "udp";
  readonly platform: Platform;
  /** Time of the packet being read, µs since 1970 UTC. */
  readonly time: number;
  /** Protocol that handed the flow over or carries this one (STARTTLS, CONNECT, SOCKS); `undefined` for most. */
  readonly from: string | undefined;
  /** True when the connection was to go on as something else (TLS behind STARTTLS) than what it was found to be. */
  readonly unforeseen: boolean;
  /** What another flow announced of this one, or the parser that handed it over told. */
  readonly expected: Transaction | undefined;
  /**
   * The connection belongs to another protocol from the first byte on that this call does not consume, on both sides:
   * `protocol` when it is known by name, else found by content. This parser's `end` is called when `data` has returned.
   * `note` is what the next parser finds in `expected`.
   */
  handOver(protocol?: string, note?: Transaction): void;
  /** Opens a stream inside this one; its protocol is `protocol`, or found by content. `undefined` when nested too deep. */
  inner(protocol?: string): InnerStream | undefined;
  /** Announces a flow between the same two hosts. */
  expect(expectation: Expectation): void;
  /**
   * Where values go that rules look at and that events do not hold as they were (`RuleWord` without `from`); `undefined`
   * when no rule looks at this protocol, so that nothing is made for nobody.
   */
  readonly rules: RuleTap | undefined;
  /**
   * Hands bytes to the reader that claimed the flow's protocol (`ForwardReader`); with `gap`, `to` says how many bytes
   * are missing. They are copied.
   */
  forward(side: Side, kind: "data" | "gap", bytes: Uint8Array, from: number, to: number): void;
  /** A file begins. */
  file(side: Side, txId: number, facts: FileFacts): FileSink;
}

/** Reads one flow. No sockets, clocks or stores; never throws, whatever the bytes. */
export interface Parser {
  /**
   * TCP: the bytes of one side in order, from the first that was not consumed. UDP: one datagram.
   * Returns how many bytes it has done with, counted from `view.at`; the rest comes again with what follows it (TCP
   * only). Or FINISHED, or FAILED. The view is borrowed for the call.
   * A parser of datagrams whose probe said maybe answers 0 while it is not sure: the flow has no protocol until it
   * answers otherwise, and is asked anew of all when it answers FAILED.
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
  /** How deep it is read: messages (the default), only what its header says, or nothing but its name. */
  readonly depth?: "parsed" | "header" | "named";
  readonly transports: readonly ("tcp" | "udp")[];
  /** Usual server ports: tried first, and ask for less evidence. Never the only evidence. */
  readonly ports: readonly number[];
  /** True when it is recognised on its ports alone: elsewhere `probe` is never asked. */
  readonly portsOnly?: boolean;
  /** First bytes that a datagram of it can have; when absent, any. `probe` is not asked about others. */
  readonly firstBytes?: readonly number[];
  /** True when what follows FINISHED is encrypted, for the encrypted share that coverage tells. */
  readonly encrypts?: boolean;
  /**
   * Looks at the first bytes of a side (or a datagram). `usualPort` is true when the flow's server port is one of
   * `ports`. Must be cheap: it runs on the first bytes of every flow. Once it says no to the beginning of a stream, it
   * says no whatever follows: too few bytes are `more`.
   */
  probe(side: Side, view: ByteView, usualPort: boolean): Probe;
  create(context: ParserContext): Parser;
}
