import { describe, expect, test } from "vitest";
import type { OverlapPolicy } from "#schema/overlap-policy.ts";
import { Datagram } from "./datagram.ts";
import { fragmentRule } from "./defrag-policy.ts";

/** Fragments of blocks of eight bytes, `[first block, blocks]`, numbered from 1 in the order in which they come. */
const mosaic = [
  [0, 3],
  [4, 2],
  [6, 3],
  [1, 4],
  [6, 3],
  [9, 3],
] as const;

/** The model of Novak's paper: which fragment each block is taken from. */
function blocks(policy: OverlapPolicy, fragments: readonly (readonly [number, number])[]): string {
  const datagram = new Datagram("", 0, 0);
  datagram.header = new Uint8Array(20);
  for (const [index, [first, count]] of fragments.entries()) {
    const bytes = new Uint8Array(count * 8).fill(index + 1);
    datagram.insert(first * 8, (first + count) * 8, bytes, 0, fragmentRule(policy));
  }
  const end = Math.max(...fragments.map(([first, count]) => (first + count) * 8));
  datagram.endsAt(end);
  expect(datagram.complete).toBe(true);
  const whole = new Uint8Array(end);
  datagram.write(whole, 0);
  let text = "";
  for (let at = 0; at < end; at += 8) text += whole[at];
  return text;
}

describe("datagram", () => {
  test.each<[OverlapPolicy, string]>([
    ["first", "111422333666"],
    ["last", "144442555666"],
    ["bsd", "111442333666"],
    ["bsd-right", "144422555666"],
    ["linux", "111442555666"],
    ["windows", "111422333666"],
    ["solaris", "111422333666"],
  ])("%s takes the blocks %s of the mosaic", (policy, expected) => {
    expect(blocks(policy, mosaic)).toBe(expected);
  });

  test.each<[OverlapPolicy, string]>([
    ["windows", "2222"],
    ["solaris", "2222"],
    ["first", "2112"],
  ])("%s and a fragment that begins before and ends behind another: %s", (policy, expected) => {
    expect(
      blocks(policy, [
        [1, 2],
        [0, 4],
      ]),
    ).toBe(expected);
  });

  test.each<[OverlapPolicy, string]>([
    ["windows", "2111"],
    ["solaris", "2222"],
  ])("%s and a fragment that begins before and ends with another: %s", (policy, expected) => {
    expect(
      blocks(policy, [
        [1, 3],
        [0, 4],
      ]),
    ).toBe(expected);
  });

  test("what stands behind the last fragment is left out", () => {
    const datagram = new Datagram("", 0, 0);
    datagram.header = new Uint8Array(20);
    datagram.insert(8, 24, new Uint8Array(16).fill(2), 0, fragmentRule("first"));
    datagram.insert(0, 8, new Uint8Array(8).fill(1), 0, fragmentRule("first"));
    datagram.endsAt(12);
    const whole = new Uint8Array(16);
    datagram.write(whole, 0);
    expect([datagram.complete, datagram.total, whole.join("")]).toEqual([true, 12, "1111111122220000"]);
  });
});
