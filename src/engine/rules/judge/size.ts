import type { ByteTest } from "#engine/rules/signature.ts";
import { isEqual } from "./arithmetic.ts";
import { numberHolds } from "./number.ts";
import type { Scratch } from "./scratch.ts";

/** The word `bsize`: the length of the whole buffer, compared with a number or with what was extracted. */
export function sizeHolds(test: Extract<ByteTest, { type: "bsize" }>["test"], length: number, scratch: Scratch): boolean {
  if (test.operator !== "variable") return numberHolds(test, length);
  const value = scratch.variable(test.variable);
  if (test.compare === "<") return length < value;
  return test.compare === ">" ? length > value : isEqual(length, value);
}
