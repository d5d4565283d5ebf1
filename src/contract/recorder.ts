import type { FrameBlock } from "./source.ts";

/** Where a packet stands in a recording. */
export interface PacketPlace {
  readonly file: string;
  /** Number in the file, from 1, as Wireshark and `oddwire read` count. */
  readonly number: number;
}

/** Keeps the packets that a thread captures. */
export interface PacketRecorder {
  /** Takes the frames of a block, which is only read. Never waits: what cannot be kept is counted. */
  record(block: FrameBlock): void;
  /** Where packet `number` of the capture stands; `undefined` when it is not one of the block taken last, or was not kept. */
  place(number: number): PacketPlace | undefined;
  readonly counts: {
    readonly recorded: number;
    /** Lost because the disk was slower than the capture. */
    readonly behind: number;
    /** Lost because the files could not be written. */
    readonly failed: number;
  };
}
