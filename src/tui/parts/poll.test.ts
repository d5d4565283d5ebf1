import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Poll } from "./poll.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Questions that stay open until the test answers them. */
function asked() {
  const open: { readonly signal: AbortSignal; readonly answer: (text: string) => void; readonly fail: (error: Error) => void }[] = [];
  const changes: (string | undefined)[] = [];
  const poll: Poll<string> = new Poll(
    (signal) => new Promise((answer, fail) => open.push({ signal, answer, fail })),
    1000,
    () => changes.push(poll.trouble ?? poll.answer),
  );
  return { poll, open, changes };
}

test("the next question waits for the answer to the one before", async () => {
  const { poll, open, changes } = asked();
  poll.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open).toHaveLength(1);
  open[0]?.answer("one");
  await vi.advanceTimersByTimeAsync(1000);
  expect(open).toHaveLength(2);
  expect(changes).toEqual(["one"]);
  poll.stop();
});

test("a failure is told, the answer of before stays, and it is asked again", async () => {
  const { poll, open, changes } = asked();
  poll.start();
  open[0]?.answer("one");
  await vi.advanceTimersByTimeAsync(1000);
  open[1]?.fail(new Error("no way"));
  await vi.advanceTimersByTimeAsync(1000);
  expect(changes).toEqual(["one", "no way"]);
  expect(poll.answer).toBe("one");
  expect(open).toHaveLength(3);
  poll.stop();
});

test("after stop nothing is asked, and an answer that is under way is not heard", async () => {
  const { poll, open, changes } = asked();
  poll.start();
  poll.stop();
  open[0]?.answer("late");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(open[0]?.signal.aborted).toBe(true);
  expect(open).toHaveLength(1);
  expect(changes).toEqual([]);
});

test("asking again takes the place of the question under way, and does not wake what nobody looks at", async () => {
  const { poll, open, changes } = asked();
  poll.again();
  expect(open).toHaveLength(0);
  poll.start();
  poll.again();
  open[0]?.answer("old");
  open[1]?.answer("new");
  await vi.advanceTimersByTimeAsync(10);
  expect(changes).toEqual(["new"]);
  poll.stop();
});
