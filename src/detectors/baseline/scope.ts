import { HyperLogLog } from "#engine/stats/hyper-log-log.ts";
import { Payloads } from "./payloads.ts";
import { type LearningPace, M, measures, Profiles } from "./profile.ts";

/** 64 registers tell distinct peers within 13 %. */
const peerPrecision = 6;

/** One row as it is saved: name, key, first interval, what was learnt. */
type SavedRow = readonly [name: string, key: number, born: number, ...profile: number[]];

/**
 * All things of one sort (hosts, services …) that have a baseline: what the running interval holds of each, and what is
 * usual. At the limit a new one waits until the end of the interval, when a tenth of the places is taken from those that
 * are idle and were active in the fewest intervals: who floods with new names displaces nobody who is established.
 */
export class Scope {
  readonly name: string;
  readonly rowsMax: number;
  readonly profiles: Profiles;
  /** Values of the running interval, in the order of `measures`. */
  readonly sums: Float64Array;
  /** The interval before, for people. */
  readonly last: Float64Array;
  /** Usual mean size of packets and mean time between them, µs: clipped means, told but not judged. */
  readonly sizes: Float32Array;
  readonly gaps: Float32Array;
  readonly gapSums: Float64Array;
  readonly gapFlows: Uint32Array;
  readonly payloads: Payloads;
  /** Bits of surprise that a silence has gathered; negative once it was told. */
  readonly quiet: Float32Array;
  /** Time at which the row was first seen, µs. */
  readonly born: Float64Array;
  readonly names: (string | undefined)[] = [];
  /** New ones for which there was no place. */
  refused = 0;
  readonly #peers: HyperLogLog;
  readonly #rows = new Map<number, number>();
  readonly #keys: Float64Array;
  readonly #free: number[] = [];

  constructor(name: string, rowsMax: number, pace: LearningPace) {
    this.name = name;
    this.rowsMax = rowsMax;
    this.profiles = new Profiles(rowsMax, pace);
    this.sums = new Float64Array(rowsMax * measures.length);
    this.last = new Float64Array(rowsMax * measures.length);
    this.sizes = new Float32Array(rowsMax);
    this.gaps = new Float32Array(rowsMax);
    this.gapSums = new Float64Array(rowsMax);
    this.gapFlows = new Uint32Array(rowsMax);
    this.payloads = new Payloads(rowsMax);
    this.quiet = new Float32Array(rowsMax);
    this.born = new Float64Array(rowsMax);
    this.#peers = new HyperLogLog(peerPrecision, rowsMax);
    this.#keys = new Float64Array(rowsMax);
  }

  get size(): number {
    return this.#rows.size;
  }

  rowOf(key: number): number | undefined {
    return this.#rows.get(key);
  }

  /** True when the row is that key's. */
  isAt(row: number, key: number): boolean {
    return this.#keys[row] === key && this.names[row] !== undefined;
  }

  /** A place for a new one; -1 when there is none. */
  admit(key: number, name: string, time: number): number {
    const row = this.#free.pop() ?? (this.names.length < this.rowsMax ? this.names.length : -1);
    if (row < 0) {
      this.refused++;
      return -1;
    }
    this.#rows.set(key, row);
    this.#keys[row] = key;
    this.names[row] = name;
    this.born[row] = time;
    return row;
  }

  add(row: number, bytes: number, packets: number, connections: number, failures: number): void {
    const at = row * measures.length;
    const { sums } = this;
    sums[at] = (sums[at] as number) + bytes;
    sums[at + 1] = (sums[at + 1] as number) + packets;
    sums[at + 2] = (sums[at + 2] as number) + connections;
    sums[at + 4] = (sums[at + 4] as number) + failures;
  }

  meet(row: number, peer: number): void {
    this.#peers.add(peer, row);
  }

  isActive(row: number): boolean {
    const at = row * measures.length;
    return (this.sums[at + M.packets] as number) > 0 || (this.sums[at + M.connections] as number) > 0;
  }

  /** Counts the peers of the interval into its values. */
  close(row: number): void {
    this.sums[row * measures.length + M.peers] = Math.round(this.#peers.estimate(row));
  }

  /** Learns the interval and begins the next. */
  turn(row: number, cell: number): void {
    const at = row * measures.length;
    const isActive = this.isActive(row);
    this.profiles.learn(row, cell, this.sums, at, isActive);
    for (let i = 0; i < measures.length; i++) this.last[at + i] = isActive ? (this.sums[at + i] as number) : 0;
    if (isActive) {
      const packets = this.sums[at + M.packets] as number;
      if (packets > 0) slowly(this.sizes, row, (this.sums[at] as number) / packets);
      if ((this.gapFlows[row] as number) > 0) slowly(this.gaps, row, (this.gapSums[row] as number) / (this.gapFlows[row] as number));
      this.payloads.turn(row);
      this.#peers.clear(row);
    }
    this.#empty(row);
  }

  /** Rows in use, in their order. */
  *rows(): Iterable<number> {
    for (let row = 0; row < this.names.length; row++) if (this.names[row] !== undefined) yield row;
  }

  /** Makes room at the end of an interval; called before its values are cleared. */
  makeRoom(): void {
    if (this.size < this.rowsMax) return;
    const idle = [...this.rows()].filter((row) => !this.isActive(row)).map((row) => ({ row, active: this.profiles.totals(row).active }));
    idle.sort((a, b) => a.active - b.active || a.row - b.row);
    for (const { row } of idle.slice(0, Math.ceil(this.rowsMax / 10))) this.forget(row);
  }

  forget(row: number): void {
    this.#rows.delete(this.#keys[row] as number);
    this.names[row] = undefined;
    this.profiles.clear(row);
    this.#peers.clear(row);
    this.#empty(row);
    this.last.fill(0, row * measures.length, (row + 1) * measures.length);
    this.sizes[row] = 0;
    this.gaps[row] = 0;
    this.payloads.forget(row);
    this.quiet[row] = 0;
    this.#free.push(row);
  }

  state(): SavedRow[] {
    return [...this.rows()].map((row) => [
      this.names[row] as string,
      this.#keys[row] as number,
      this.born[row] as number,
      Math.round(this.sizes[row] as number),
      Math.round(this.gaps[row] as number),
      ...this.profiles.state(row),
    ]);
  }

  fromState(saved: unknown): void {
    if (!Array.isArray(saved)) return;
    for (const one of saved.slice(0, this.rowsMax) as unknown[]) {
      if (!Array.isArray(one)) continue;
      const [name, key, born, size, gap, ...profile] = one as unknown[];
      if (typeof name !== "string" || ![key, born, size, gap].every(Number.isFinite) || this.#rows.has(key as number)) continue;
      const row = this.admit(key as number, name, born as number);
      if (row < 0) return;
      if (!this.profiles.fromState(row, profile)) {
        this.forget(row);
        continue;
      }
      this.sizes[row] = size as number;
      this.gaps[row] = gap as number;
    }
  }

  /** What is known of first payloads: key of the row, then what `Payloads` keeps. */
  payloadState(): (readonly number[])[] {
    return [...this.rows()].map((row) => [this.#keys[row] as number, ...this.payloads.state(row)]);
  }

  /** Behind `fromState`: of the rows that there are. */
  payloadsFromState(saved: unknown): void {
    if (!Array.isArray(saved)) return;
    for (const one of saved as unknown[]) {
      if (!Array.isArray(one)) continue;
      const row = this.#rows.get(one[0] as number);
      if (row !== undefined) this.payloads.fromState(row, one.slice(1) as unknown[]);
    }
  }

  #empty(row: number): void {
    this.sums.fill(0, row * measures.length, (row + 1) * measures.length);
    this.gapSums[row] = 0;
    this.gapFlows[row] = 0;
  }
}

/** A mean of about the last hundred intervals in which one interval counts for at most twice what is usual. */
function slowly(means: Float32Array, row: number, value: number): void {
  const mean = means[row] as number;
  means[row] = mean === 0 ? value : mean + (Math.min(value, 2 * mean) - mean) / 100;
}
