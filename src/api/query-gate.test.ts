import { expect, test } from "vitest";
import { fakeKinds } from "#test/fake/fake-kinds.ts";
import { FakeStore } from "#test/fake/fake-store.ts";
import { QueryGate } from "./query-gate.ts";

/** Questions that are answered when the test says so. */
function heldQuestions(gate: QueryGate, count: number) {
  const release: (() => void)[] = [];
  const answers = Array.from({ length: count }, (_, i) => gate.ask(() => new Promise<number>((resolve) => release.push(() => resolve(i)))));
  return { release, answers };
}

test("at most so many questions run, the others wait in order, all are answered", async () => {
  const gate = new QueryGate(new FakeStore(fakeKinds), 2);
  const { release, answers } = heldQuestions(gate, 6);
  expect([gate.running, gate.waiting, release.length]).toEqual([2, 4, 2]);
  for (let i = 0; i < 6; i++) {
    release[i]?.();
    // oxlint-disable-next-line no-await-in-loop
    await answers[i];
  }
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4, 5]);
  expect([gate.running, gate.waiting, gate.refused]).toEqual([0, 0, 0]);
});

test("beyond the queue questions are refused and counted, and the gate opens again", async () => {
  const gate = new QueryGate(new FakeStore(fakeKinds), 1);
  const { release, answers } = heldQuestions(gate, 5);
  await expect(gate.ask(async () => 9)).rejects.toThrow("too many questions");
  expect(gate.refused).toBe(1);
  for (let i = 0; i < 5; i++) {
    release[i]?.();
    // oxlint-disable-next-line no-await-in-loop
    await answers[i];
  }
  expect(await gate.ask(async () => 9)).toBe(9);
});

test("a question that fails gives its place back", async () => {
  const gate = new QueryGate(new FakeStore(fakeKinds), 1);
  await expect(gate.ask(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect([gate.running, await gate.ask(async () => 1)]).toEqual([0, 1]);
});

test("without a store nothing can be asked", () => expect(new QueryGate(undefined, 1).ask(async () => 1)).rejects.toThrow("no store"));
