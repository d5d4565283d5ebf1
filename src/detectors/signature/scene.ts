import type { FlowLookup, PacketRows } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import type { FrameBlock } from "#contract/source.ts";
import { Ends } from "./ends.ts";

const TCP = 6;

/** What rules are judged on at the moment: a packet, its flow and side. One is reused for all packets. */
export class Scene {
  readonly flows: FlowLookup;
  readonly ends = new Ends();
  block: FrameBlock | undefined = undefined;
  rows: PacketRows | undefined = undefined;
  row = 0;
  /** -1 without a flow. */
  slot = -1;
  side: Side = 0;
  /** It is no fragment, so that its payload can be read. */
  isWhole = false;
  /** Its payload was put into the stream. */
  inStream = false;
  /** It was put together from fragments. */
  isAssembled = false;
  /** Both sides had agreed before the packet came. */
  isEstablished = false;
  /** The flow's application protocol as rules about packets see it. */
  application: string | undefined = undefined;

  constructor(flows: FlowLookup) {
    this.flows = flows;
  }

  get isTcp(): boolean {
    return this.ends.protocol === TCP;
  }

  /** Turns to what a side of the flow says, in place of the packet. */
  turn(slot: number, side: Side): void {
    this.slot = slot;
    this.side = side;
    this.ends.ofFlow(this.flows, slot, side);
  }

  /** Back to the packet. */
  ofPacket(block: FrameBlock, rows: PacketRows, row: number, slot: number, side: Side): void {
    this.block = block;
    this.rows = rows;
    this.row = row;
    this.slot = slot;
    this.side = side;
    this.ends.ofPacket(rows, row);
  }

  /** The packet is over; what comes is told without one. */
  leavePacket(): void {
    this.block = undefined;
    this.rows = undefined;
  }
}
