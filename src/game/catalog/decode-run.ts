import { catalogLimits } from "./limits.ts";
import type { FieldValue, PacketBytes } from "./value-reader.ts";

export type Fields = { [name: string]: FieldValue };

/** A packet that was read by a struct. */
export interface Decoded {
  /** By the names of the members, in their order; what the packet was too short for is absent. */
  readonly fields: Readonly<Fields>;
  /** Bytes that the struct took. Fewer than the packet has: something follows that the struct does not describe. */
  readonly consumed: number;
  /** What did not fit, in words. */
  readonly problems: readonly string[];
}

/** The state of one reading: the packet, where it ends, what was spent. */
export class DecodeRun implements PacketBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;
  /** Furthest byte that was read. */
  reached = 0;
  readonly problems: string[] = [];
  #values: number = catalogLimits.valuesMax;
  #full = false;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length;
  }

  /** Counts a value; false when the packet has become too many. */
  spend(): boolean {
    if (--this.#values >= 0) return true;
    if (!this.#full) this.problems.push(`more than ${catalogLimits.valuesMax} values: the rest is left out`);
    this.#full = true;
    return false;
  }

  /** Notes that the packet ends before a field does. */
  short(name: string, at: number, size: number): void {
    if (this.problems.length < catalogLimits.problemsMax)
      this.problems.push(`${name} needs ${size} bytes at ${at}, the packet has ${Math.max(0, this.end - at)}`);
    this.reached = this.end;
  }

  note(problem: string): void {
    if (this.problems.length < catalogLimits.problemsMax) this.problems.push(problem);
  }

  reach(to: number): void {
    if (to > this.reached) this.reached = to;
  }
}
