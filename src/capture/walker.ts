import type { FrameBlock } from "#contract/source.ts";

/** Why `walk` stopped. */
export const Outcome = {
  /** The bytes end within a record. */
  more: 0,
  /** The block has no room for another frame. */
  full: 1,
  /** What stands at the returned position is no record; `reason` says why. */
  damaged: 2,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Reads the records of one format where they lie in a block's memory. Synchronous, keeps no view. */
export interface RecordWalker {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Offset in the file of the block's first byte; set before each call. */
  base: number;
  /**
   * Adds the frames of `bytes[from..to)` to the block's columns and returns the position of the first byte that it
   * is not done with. That may lie behind `to`: the bytes between belong to a record whose rest is to be skipped.
   */
  walk(block: FrameBlock, from: number, to: number): number;
  /** True when the last `search` has found records at the position that it returned. */
  readonly found: boolean;
  /**
   * Looks for a place from which records hang together, after damage. Returns it, or else the first position that
   * more bytes can still make one; `last` says that no more will come.
   */
  search(block: FrameBlock, from: number, to: number, last: boolean): number;
}

/** Longest frame, bytes (tcpdump's largest snapshot length); more of a frame is cut off. */
export const FRAME_BYTES_MAX = 262_144;
/** A record that claims more than this is damage. */
export const RECORD_BYTES_MAX = 67_108_864;
/** Room that a record needs beside its frame: headers and options of a pcapng block. */
export const RECORD_ROOM = 4096;
export const MICROS_PER_DAY = 86_400_000_000;

/** Bytes of a frame that a block of `size` bytes can hold beside the rest of its record. */
export const frameRoom = (size: number): number => Math.min(FRAME_BYTES_MAX, size - RECORD_ROOM);

/** LINKTYPE_ number of what stands in a file: some writers put the DLT_ number of their system for raw IP. */
export const normalLinkType = (value: number): number => {
  const type = value & 0xffff;
  return type === 12 || type === 14 ? 101 : type;
};
