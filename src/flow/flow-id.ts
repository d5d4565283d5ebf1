import { combine32, mix32 } from "#base/hash.ts";
import * as R from "./record.generated.ts";

/**
 * Identity of a flow as events carry it: from its key and the number of its first packet, so that it is the same in
 * every run, whatever the seed and the workers. Below 2^53, so that JSON keeps it.
 */
export function flowId(words: Int32Array, doubles: Float64Array, slot: number): number {
  const at = slot * R.RECORD_WORDS;
  const first = doubles[slot * R.RECORD_DOUBLES + R.FIRST_NUMBER] as number;
  let low = combine32(first, words[at + R.PORTS] as number);
  let high = combine32(0x51ab17 ^ (first / 4_294_967_296), (words[at + R.KIND] as number) & 0xff);
  for (let i = 0; i < 8; i++) {
    const word = words[at + R.CLIENT + i] as number;
    low = combine32(low, word);
    high = combine32(high, word ^ low);
  }
  return (mix32(high) >>> 11) * 4_294_967_296 + (mix32(low) >>> 0);
}
