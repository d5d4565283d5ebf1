import { expect, test } from "vitest";
import { flowId } from "./flow-id.ts";
import * as R from "./record.generated.ts";

const record = (fill: (words: Int32Array, doubles: Float64Array) => void): number => {
  const memory = new ArrayBuffer(R.RECORD_WORDS * 4);
  const words = new Int32Array(memory);
  const doubles = new Float64Array(memory);
  words[R.CLIENT] = 0x0a000001;
  words[R.SERVER] = 0x0a000002;
  words[R.PORTS] = (40_000 << 16) | 443;
  words[R.KIND] = 6;
  doubles[R.FIRST_NUMBER] = 17;
  fill(words, doubles);
  return flowId(words, doubles, 0);
};

const plain = record(() => undefined);

test.each<[string, (words: Int32Array, doubles: Float64Array) => void, boolean]>([
  ["the state of the connection does not change it", (words) => (words[R.KIND] = 6 | (10 << 24)), true],
  ["the application protocol does not change it", (words) => (words[R.KIND] = 6 | (0xffff << 8)), true],
  ["counters do not change it", (words) => (words[R.PACKETS_CLIENT] = 99), true],
  ["another transport does", (words) => (words[R.KIND] = 17), false],
  ["another first packet does", (_words, doubles) => (doubles[R.FIRST_NUMBER] = 18), false],
  ["another port does", (words) => (words[R.PORTS] = (40_001 << 16) | 443), false],
])("flow id: %s", (_case, change, same) => {
  expect(record(change) === plain).toBe(same);
  expect(Number.isSafeInteger(record(change))).toBe(true);
});
