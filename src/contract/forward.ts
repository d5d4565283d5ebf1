import type { Side } from "./parser.ts";

/**
 * Flows that are read outside of the shards' loop, by one reader that sees all of them in capture order: game
 * protocols, whose plugins live in processes of their own and whose players are compared with each other.
 */
export interface ForwardClaim {
  /** Name of the protocol: `app_proto` of the flows. */
  readonly name: string;
  readonly transports: readonly ("tcp" | "udp")[];
  /** Ports of the server. Flows to them are the reader's, whatever their bytes look like. */
  readonly ports: readonly number[];
}

/** What happened in a claimed flow. */
export type ForwardedKind = "data" | "gap" | "end";

/** One step of a claimed flow. Objects are reused: read, do not keep. `bytes` are borrowed for the call. */
export interface Forwarded {
  readonly kind: ForwardedKind;
  /** Packet number that brought it; at ticks, the block's last packet. */
  readonly number: number;
  /** Packet time, µs. */
  readonly time: number;
  readonly flowId: number;
  /** Name of the claim. */
  readonly protocol: string;
  readonly transport: "tcp" | "udp";
  readonly side: Side;
  /** Addresses as texts. */
  readonly client: string;
  readonly server: string;
  readonly clientPort: number;
  readonly serverPort: number;
  /** The next bytes of a TCP side in order, or one datagram. Empty for `gap` and `end`. */
  readonly bytes: Uint8Array;
  /** Bytes that are missing (`gap`). */
  readonly missing: number;
  /** Why the flow ended (`end`): as `flow.reason`. */
  readonly reason: string;
}

/** Takes the event of a reader: `members` are those behind the common ones, in order. */
export type ForwardedEvent = (event: {
  readonly kind: string;
  readonly time: number;
  readonly number: number;
  readonly flow?: Pick<Forwarded, "flowId" | "client" | "server" | "clientPort" | "serverPort" | "transport" | "protocol">;
  /** Whose message it is: its sender is the event's source. */
  readonly side?: Side;
  readonly members: { readonly [member: string]: unknown };
}) => void;

/**
 * Reads claimed flows. Calls come one at a time, in capture order; the capture waits for a file's, so that the same
 * file gives the same events.
 */
export interface ForwardReader {
  readonly claims: readonly ForwardClaim[];
  start(): Promise<void>;
  /** Reads the steps of one block; `each` calls back with one after the other. Events of the block are emitted before it resolves. */
  block(each: (take: (step: Forwarded) => void) => void, clock: number, emit: ForwardedEvent): Promise<void>;
  /** The capture is over: what is unfinished is told. */
  finish(clock: number, emit: ForwardedEvent): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
