import { expect, test } from "vitest";
import { originOf, otherProtocolOf, otherSideOf, withOtherSide } from "./origin.ts";

test.each([
  ["nothing", 0, 0, 0],
  ["a flow that was handed over", 77, 0, 0],
  ["two protocols, the other one the client's", 0, 0x7fff, 0],
  ["two protocols, the other one the server's", 12, 99, 1],
] as const)("the word tells %s", (_case, origin, other, side) => {
  const word = origin | withOtherSide(side, other);
  expect([originOf(word), otherProtocolOf(word), otherSideOf(word)]).toEqual([origin, other, side]);
});
