import type { AllowAnswer, AllowRow, NewAllow } from "#schema/allow.ts";

/** Who is never told, to be seen and changed while the program runs: the seam between the API and what keeps it. */
export interface AllowControl {
  list(): AllowAnswer;
  /**
   * Adds an entry, or gives another note and end to one that there is. It protects, and is kept, when this returns. Throws
   * ODW_LIST_BAD for what would protect nobody, ODW_OUT_UNWRITABLE.
   */
  add(entry: NewAllow): AllowRow;
  /** Throws ODW_LIST_BAD when there is no such entry, or it stands in the configuration; ODW_OUT_UNWRITABLE. */
  remove(entry: string): void;
  /** Whether a finding would be kept back now. Nothing is counted. */
  covers(detector: string, source: string | undefined, target: string | undefined): boolean;
}
