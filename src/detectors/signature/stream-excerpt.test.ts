import { expect, test } from "vitest";
import { StreamExcerpt } from "./stream-excerpt.ts";

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const shown = ({ bytes, used }: StreamExcerpt): string => String.fromCharCode(...bytes.subarray(0, used));

type Step = string | number | undefined;

test.each<[string, number, readonly Step[], string]>([
  ["segments follow each other", 64, ["GET ", "/a"], "GET /a"],
  ["a long message keeps its last bytes", 16, ["0123456789", "abcdefghij"], "456789abcdefghij"],
  ["a segment longer than all keeps its end", 16, ["xx", "0123456789abcdefghij"], "456789abcdefghij"],
  ["missing bytes are told in words", 64, ["VERY", 4, "DATA"], "VERY[4 bytes missing]DATA"],
  ["missing bytes at the beginning, too", 64, [4, "GOODDATA"], "[4 bytes missing]GOODDATA"],
  ["when the other side has spoken, it begins anew", 64, ["one", undefined, "two"], "two"],
  ["missing bytes belong to what came before", 64, ["one", undefined, 7, "two"], "one[7 bytes missing]two"],
])("an excerpt: %s", (_case, bytesMax, steps, expected) => {
  const excerpt = new StreamExcerpt(bytesMax);
  for (const step of steps)
    if (step === undefined) excerpt.isOver = true;
    else if (typeof step === "number") excerpt.gap(step);
    else excerpt.append(ascii(`..${step}`), 2, step.length + 2);
  expect(shown(excerpt)).toBe(expected);
});

test("an excerpt says by how much its memory grows, and never takes twice what it may", () => {
  const excerpt = new StreamExcerpt(4096);
  let grown = excerpt.bytes.length;
  for (let i = 0; i < 100; i++) grown += excerpt.append(new Uint8Array(1460), 0, 1460);
  expect(grown).toBe(excerpt.bytes.length);
  expect(excerpt.bytes.length).toBeLessThanOrEqual(8192);
});
