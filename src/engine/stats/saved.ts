/*
 * What a statistic saves of itself is a plain list of finite numbers, in an order that only its class knows, so that a
 * baseline survives a restart as JSON. `fromState` takes what comes back from a file: it answers false, and changes
 * nothing, when that is not such a list.
 */

/** A saved statistic. */
export type Saved = readonly number[];

/** The value when it is a list of finite numbers of this length (of at least this length when `open`). */
export function savedNumbers(value: unknown, length: number, open = false): Saved | undefined {
  if (!Array.isArray(value) || (open ? value.length < length : value.length !== length)) return undefined;
  return value.every(Number.isFinite) ? (value as Saved) : undefined;
}

/** Copies saved numbers into a row of cells; false when they are none of this length. */
export function restoreCells(value: unknown, cells: Float64Array, at: number, length: number): boolean {
  const saved = savedNumbers(value, length);
  if (saved === undefined) return false;
  cells.set(saved, at);
  return true;
}
