/** How one live source reads one interface; made from the configuration, crosses to the reading thread as it is. */
export interface LiveOptions {
  readonly interface: string;
  /** Index of the interface in the capture, for `FrameBlock.interfaceIndex`. */
  readonly interfaceIndex?: number;
  /** `capture.ring-bytes` */
  readonly ringBytes: number;
  /** `capture.block-retire-ms` */
  readonly retireMs: number;
  /** `capture.snap-bytes` */
  readonly snapBytes: number;
  /** `capture.promiscuous` */
  readonly promiscuous: boolean;
  /** Classic BPF program, from `compileLiveFilter`; it decides how much of a frame is kept. */
  readonly filter?: Uint8Array;
  /** Shared memory: the source ends once word 0 is not 0. */
  readonly stopFlag?: Int32Array;
}

export interface RingOptions extends LiveOptions {
  /** Longest wait of `next`, at most 50 ms (default); less where one thread reads several sources in turn. */
  readonly waitMs?: number;
  /** An open packet socket, received from the opener. Without it the source opens one, which needs CAP_NET_RAW. */
  readonly fd?: number;
  readonly fanout?: Fanout;
  /** Counts what the interface itself loses; for the first of several readers of an interface. On by default. */
  readonly countMissed?: boolean;
  /** Leave out what this host sends. */
  readonly ignoreOutgoing?: boolean;
  /** Mark frames that were seen a moment before; on by default. */
  readonly markDuplicates?: boolean;
  /** Overwrite blocks once they are given back, so that late readers are found out (tests). */
  readonly overwriteReleased?: boolean;
}

/** Several sources, one for each worker, share an interface's frames. */
export interface Fanout {
  /** Number of the group, 0 to 65535, the same for all workers and for nobody else on the machine. */
  readonly group: number;
  readonly workers: number;
  /** `address`: by address pair, as partitions are (default). `flow`: by the kernel's flow hash, fragments put together. */
  readonly spread?: "address" | "flow";
  /** One word of shared memory, 0 at first. No worker reads a frame before all have joined, so that none comes twice. */
  readonly gate?: Int32Array;
}
