import { expect, test } from "vitest";
import type { Sink } from "#contract/sink.ts";
import { Output } from "./output.ts";

test("the first lines are due at once, later ones in batches; nothing at all never", async () => {
  const batches: number[] = [];
  const sink: Sink = {
    name: "counts",
    dropped: 0,
    start: async () => undefined,
    write: async (lines) => void batches.push(lines.length),
    flush: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const output = new Output([sink]);
  expect(output.isDue(0)).toBe(false);
  await output.write(new Uint8Array(0));
  expect(output.isDue(1)).toBe(true);
  await output.write(new Uint8Array(1));
  expect([output.isDue(1), output.isDue(100_000), output.isDue(1_000_000)]).toEqual([false, false, true]);
  expect(batches).toEqual([1]);
});
