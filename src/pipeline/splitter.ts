import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import { BATCH_PACKETS, Fragment, PacketColumns } from "#flow/columns.ts";
import { Decoder } from "#flow/decode.ts";
import { partitionOf } from "#flow/key.ts";
import { newCounters } from "#schema/metrics.ts";

/** Fills the partition column of blocks that several workers share. Decodes headers to find the innermost addresses. */
export class Splitter {
  readonly #columns = new PacketColumns();
  /** The workers count; these counters are thrown away. */
  readonly #decoder = new Decoder({ checksums: "no" }, newCounters());

  split(block: FrameBlock): void {
    const columns = this.#columns;
    for (let from = 0; from < block.count; from += BATCH_PACKETS) {
      const rows = Math.min(BATCH_PACKETS, block.count - from);
      for (let row = 0; row < rows; row++) columns.frame[row] = from + row;
      columns.count = rows;
      this.#decoder.decodeListed(block, columns);
      for (let row = 0; row < rows; row++) {
        block.partition[from + row] = partitionOf(columns, row);
        if ((columns.fragment[row] as number) !== Fragment.none)
          block.flags[from + row] = (block.flags[from + row] as number) | FrameFlag.fragment;
      }
    }
  }
}
