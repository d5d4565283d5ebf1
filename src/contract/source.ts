/**
 * The seam between where frames come from and what reads them.
 *
 * A source lends blocks: memory with many frames, and columns that say where each one starts. Whoever takes a block
 * reads it in place and gives it back with `release`; after that the memory belongs to the source again (a ring block
 * returns to the kernel, a file block is read over). Nobody keeps a view on a released block.
 */
export interface FrameBlock {
  /** All the frames' bytes. `view` stands over the same memory and is addressed by the same offsets. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Frames in the block; the columns below are valid for indexes 0 to count - 1. */
  count: number;
  /** Number of the first frame in the whole capture, from 1. */
  firstNumber: number;
  /** Largest packet time of the capture up to and with this block's last frame, microseconds. */
  clock: number;
  /** Where the frame starts in `bytes`. */
  readonly offset: Int32Array;
  /** Bytes of the frame that are present. */
  readonly captured: Int32Array;
  /** Bytes that the frame had on the wire, without the tag in `vlan` (at least `captured`; clamped to 2^31 - 1). */
  readonly wire: Int32Array;
  /** Packet time, whole microseconds since 1970 UTC. */
  readonly time: Float64Array;
  /** LINKTYPE_ number of the frame (the registry of tcpdump.org). */
  readonly linkType: Uint16Array;
  /** VLAN tag that the kernel took off: TPID << 16 | TCI, or 0. */
  readonly vlan: Uint32Array;
  /** Bits of `FrameFlag`. */
  readonly flags: Uint8Array;
  /** Index of the capture interface (pcapng, several live interfaces). */
  readonly interfaceIndex: Uint8Array;
  /** Lines of a key log that the capture carries (TLS secrets), and that are for this block's frames and those behind it. */
  secrets?: string | undefined;
  /** Partition of the frame, filled by the splitter when several workers share the block. */
  readonly partition: Uint8Array;
}

export const FrameFlag = {
  /** The sender's kernel left the transport checksum to the network card: it is not an error. */
  checksumUnfinished: 1,
  /** The receiving card verified the checksum. */
  checksumVerified: 2,
  /** Several segments merged by the receiving kernel (GRO/LRO/TSO): larger than the link's MTU. */
  merged: 4,
  /** Sent by this host. */
  outgoing: 8,
  /** The same frame was seen just before (loopback, SPAN of both directions). */
  duplicate: 16,
  /** `time` is earlier than the previous frame's. */
  clockBackwards: 32,
  /** The receiving card reported an error of this frame (bad check sequence, too long …). */
  linkError: 64,
  /** A fragment of an IP packet, marked by the splitter: all workers put fragments together, whosever they are. */
  fragment: 128,
} as const;

/** Something in the input that could not be read, in words for people. */
export interface Damage {
  /** Offset in the file (after decompression), bytes. */
  readonly offset: number;
  /** What is wrong, and what was done about it. */
  readonly reason: string;
}

/** What a source knows about its own losses; totals since `start`. */
export interface SourceCounters {
  /** Frames handed out. */
  frames: number;
  /** Bytes of them, as captured. */
  bytes: number;
  /** Frames that the kernel dropped because the capture did not take them in time. */
  dropped: number;
  /** Frames that came to the interface and not to the capture: the card's or the system's own queue was full. */
  missed: number;
  /** Times that the ring was full (TPACKET_V3 freeze count). */
  freezes: number;
  /** Frames rejected by the filter. */
  filtered: number;
  /** Records that could not be read. */
  damaged: number;
}

export interface Source {
  /** For people: file name or interface. */
  readonly name: string;
  readonly kind: "file" | "live" | "scenario";
  /** Names of capture interfaces by `interfaceIndex`; grows while reading. */
  readonly interfaces: readonly string[];
  /** Total bytes of input when known, for progress. */
  readonly totalBytes: number | undefined;
  /** Bytes of input read so far. */
  readonly readBytes: number;
  readonly counters: SourceCounters;
  /** The first damages (at most 100) in words; `counters.damaged` has them all. */
  readonly damage: readonly Damage[];
  /** Opens the input. Throws `OddwireError` when there is nothing to read. */
  start(): Promise<void>;
  /**
   * The next block, or `undefined` at the end. A block may hold no frame (live: a time-out, so that clocks move).
   * File sources cut blocks at the same frames in every run, whatever the reader's speed.
   */
  next(): Promise<FrameBlock | undefined>;
  /** Gives a block back. */
  release(block: FrameBlock): void;
  /** Stops early; the next `next()` returns `undefined`. */
  stop(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where file sources get their blocks from: plain memory for one thread, shared memory for several. */
export interface BlockPool {
  /** A free block, waiting for one when all are lent. */
  take(): Promise<FrameBlock>;
  release(block: FrameBlock): void;
}

/** Decides which frames of a file are read (a compiled BPF expression). */
export interface FrameFilter {
  /** True when the frame passes. `block` is only read. */
  matches(block: FrameBlock, index: number): boolean;
  [Symbol.dispose](): void;
}
