import type { ByteView } from "#base/bytes.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import type { EndReason } from "#schema/flow-record.ts";
import type { Partition } from "./partition.ts";

/** Further members of an event. */
export type Beside = { readonly [member: string]: Transaction };

/** Hears what happens in a partition. `partition.number` and `partition.time` say at which packet. */
export interface PartitionListener {
  /** Its first packet is counted. */
  onFlowStart(partition: Partition, slot: number): void;
  /** The handshake is complete, or both sides have sent. At most once for a flow. */
  onFlowEstablished(partition: Partition, slot: number): void;
  /** A side has sent 64, 128, 256, 512, 1024, 2048, 3072 … packets. */
  onFlowUpdate(partition: Partition, slot: number, side: Side): void;
  /** The record is still readable during the call. */
  onFlowEnd(partition: Partition, slot: number, reason: EndReason): void;
  onTransaction(
    partition: Partition,
    slot: number,
    kind: string,
    side: Side,
    txId: number,
    fields: Transaction,
    beside: Beside | undefined,
  ): void;
  /** Bytes of a side of a flow whose protocol is not known: its first ones. Borrowed for the call. */
  onOpening(partition: Partition, slot: number, side: Side, window: ByteView): void;
  onAnomaly(
    partition: Partition,
    slot: number,
    type: "stream" | "applayer",
    side: Side,
    event: string,
    why: string | undefined,
    txId?: number,
  ): void;
  /** Bytes of a flow that is read elsewhere. */
  onForward(partition: Partition, slot: number, side: Side, kind: "data" | "gap", bytes: Uint8Array, from: number, to: number): void;
  onParserBug(partition: Partition, slot: number, error: unknown): void;
}
