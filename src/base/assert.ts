/** A bug in Oddwire itself: never thrown because of what the network or a person sent. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Stops with the reason when an invariant of the program does not hold. Bad input is never a reason to call it. */
export function assert(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new AssertionError(reason);
}
