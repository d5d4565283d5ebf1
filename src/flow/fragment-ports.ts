import { combine32, mix32 } from "#base/hash.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import type { PacketColumns } from "./columns.ts";

const CELLS = 1024;
/** RFC 1122 §3.3.2: fragments of one packet arrive within 60 s. */
const lifetime = 60 * MICROS_PER_SECOND;

/**
 * Ports of the first fragments seen lately, so that later fragments count for their flow. A fixed table of one cell a
 * hash; a newer packet takes the cell of an older one.
 */
export class FragmentPorts {
  readonly #keys = new Int32Array(CELLS);
  readonly #ports = new Int32Array(CELLS);
  readonly #times = new Float64Array(CELLS).fill(Number.NEGATIVE_INFINITY);

  remember(columns: PacketColumns, row: number, time: number): void {
    const key = keyOf(columns, row);
    const cell = key & (CELLS - 1);
    this.#keys[cell] = key;
    this.#ports[cell] = ((columns.sourcePort[row] as number) << 16) | (columns.targetPort[row] as number);
    this.#times[cell] = time;
  }

  /** Writes the ports of the first fragment into the row of a later one; leaves them 0 when it is not known. */
  restore(columns: PacketColumns, row: number, time: number): void {
    const key = keyOf(columns, row);
    const cell = key & (CELLS - 1);
    if (this.#keys[cell] !== key || time - (this.#times[cell] as number) > lifetime) return;
    const ports = this.#ports[cell] as number;
    columns.sourcePort[row] = ports >>> 16;
    columns.targetPort[row] = ports & 0xffff;
  }
}

/** RFC 791 §3.2, RFC 8200 §4.5: fragments belong together by addresses, protocol and identification. */
function keyOf(columns: PacketColumns, row: number): number {
  let key = combine32(columns.protocol[row] as number, columns.fragmentId[row] as number);
  key = combine32(key, columns.source0[row] as number);
  key = combine32(key, (columns.source1[row] as number) ^ (columns.source2[row] as number) ^ (columns.source3[row] as number));
  key = combine32(key, columns.target0[row] as number);
  key = combine32(key, (columns.target1[row] as number) ^ (columns.target2[row] as number) ^ (columns.target3[row] as number));
  return mix32(key);
}
