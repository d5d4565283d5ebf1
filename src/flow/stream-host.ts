import type { ByteView } from "#base/bytes.ts";
import type { Inspector } from "#contract/inspector.ts";
import type { Expectation, Side, Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import type { FileRules } from "./file-rules.ts";
import type { ProtocolFinder } from "./protocol-finder.ts";
import type { HeldBytes, StreamSide } from "./stream-side.ts";

/** What a stream asks of its partition. */
export interface StreamHost {
  readonly finder: ProtocolFinder;
  readonly platform: Platform;
  readonly files: FileRules;
  readonly held: HeldBytes;
  /** The one window over bytes that all parsers of flows read through; it is set anew for each call. */
  readonly window: ByteView;
  readonly flowBytesMax: number;
  /** The side of streams that have none; nothing is ever put into it. */
  readonly noSide: StreamSide;
  /** Time of the packet being read, µs. */
  readonly time: number;
  /** What judges by rules; `undefined` without any. */
  readonly inspector: Inspector | undefined;
  onTransaction(
    slot: number,
    kind: string,
    side: Side,
    txId: number,
    fields: Transaction,
    beside: { readonly [member: string]: Transaction } | undefined,
  ): void;
  onAnomaly(slot: number, type: "stream" | "applayer", side: Side, event: string, why: string | undefined, txId?: number): void;
  onProtocol(slot: number, protocol: number): void;
  /** What a side begins with, or goes on with, is no known protocol's. At most three times for a flow. */
  onOpening(slot: number, side: Side, window: ByteView): void;
  /** The connection goes on as another protocol. */
  onHandOver(slot: number, from: number): void;
  /** The flow has a protocol, and what this side begins with is another one. */
  onMismatch(slot: number, side: Side, protocol: number): void;
  /** Something is wrong with what the connection is; `event` is the name of Suricata's `applayer_…` without that prefix. */
  onDetection(slot: number, side: Side, event: string, why: string): void;
  onGap(slot: number, side: Side, bytes: number): void;
  onParserBug(slot: number, error: unknown): void;
  onParserFailure(slot: number): void;
  onExpectation(slot: number, expectation: Expectation): void;
  onForward(slot: number, side: Side, kind: "data" | "gap", bytes: Uint8Array, from: number, to: number): void;
}
