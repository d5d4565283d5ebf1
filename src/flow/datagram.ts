import { type FragmentRule, newFragmentWins } from "./defrag-policy.ts";

/** Bytes `[from, to)` of the datagram, out of the fragment that had `[start, end)`. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  /** A copy of the whole fragment's data. */
  readonly bytes: Uint8Array;
}

/** What one part costs beside its bytes, roughly; so that tiny fragments do not get memory for nothing. */
const PART_BYTES = 96;
/** What a datagram costs without its parts. */
const OWN_BYTES = 512;

/** A datagram of which some fragments have arrived: parts in order that do not overlap, and the header of the first. */
export class Datagram {
  readonly key: string;
  /** Time of its first fragment, µs. */
  readonly time: number;
  /** Partition of its fragments. */
  readonly home: number;
  /** Header of the fragment at offset 0 (IPv6: with the extensions in front of the fragment header), when it came. */
  header: Uint8Array | undefined = undefined;
  /** Ethernet addresses and type in front of it, when the link had any. */
  link: Uint8Array | undefined = undefined;
  /** Memory that it holds, about. */
  bytes = OWN_BYTES;
  fragments = 0;
  /** Where the last fragment ended; -1 before it came. */
  #total = -1;
  #covered = 0;
  #parts: Part[] = [];

  constructor(key: string, time: number, home: number) {
    this.key = key;
    this.time = time;
    this.home = home;
  }

  /** Bytes of the whole payload; valid when `complete`. */
  get total(): number {
    return this.#total;
  }

  get complete(): boolean {
    if (this.#total < 0 || this.header === undefined || this.#covered < this.#total) return false;
    let at = 0;
    for (const part of this.#parts) {
      if (part.from > at) return false;
      at = part.to;
      if (at >= this.#total) return true;
    }
    return this.#total === 0;
  }

  /** The fragment that ends at `end` has none behind it. Of several such the first counts. */
  endsAt(end: number): void {
    if (this.#total < 0) this.#total = end;
  }

  /** Takes a fragment's data in, `source[at..]` for `[start, end)`; true when it overlaps what is there. */
  insert(start: number, end: number, source: Uint8Array, at: number, rule: FragmentRule): boolean {
    this.fragments++;
    if (start >= end) return false;
    const parts = this.#parts;
    let index = parts.length;
    while (index > 0 && (parts[index - 1] as Part).to > start) index--;
    const bytes = source.slice(at, at + end - start);
    const kept: Part[] = [];
    let until = start;
    let next = index;
    for (let old = parts[next]; old !== undefined && old.from < end; old = parts[++next]) {
      const from = Math.max(old.from, start);
      const to = Math.min(old.to, end);
      if (until < from) kept.push({ from: until, to: from, start, end, bytes });
      until = to;
      if (!newFragmentWins(rule, start, end, old.start, old.end)) {
        kept.push(old);
        continue;
      }
      if (old.from < from) kept.push({ ...old, to: from });
      kept.push({ from, to, start, end, bytes });
      if (old.to > to) kept.push({ ...old, from: to });
    }
    if (until < end) kept.push({ from: until, to: end, start, end, bytes });
    const overlaps = next > index;
    this.bytes += bytes.length + (kept.length - (next - index)) * PART_BYTES;
    for (let i = index; i < next; i++) this.#covered -= length(parts[i] as Part);
    for (const part of kept) this.#covered += length(part);
    parts.splice(index, next - index, ...kept);
    return overlaps;
  }

  /** Writes the payload, `total` bytes, to `target` from `at` on. */
  write(target: Uint8Array, at: number): void {
    for (const { from, to, start, bytes } of this.#parts) {
      const stop = Math.min(to, this.#total);
      if (from < stop) target.set(bytes.subarray(from - start, stop - start), at + from);
    }
  }
}

const length = (part: Part): number => part.to - part.from;
