import { expect, test } from "vitest";
import { Backlog, backlogBytesMax } from "./backlog.ts";

test("a thread that has posted too much waits until half of it is written", async () => {
  const posted = new Backlog();
  const seen = new Backlog(posted.memory);
  posted.add(backlogBytesMax);
  expect(posted.isFull).toBe(false);
  posted.add(1);
  expect([posted.isFull, seen.isFull]).toEqual([true, true]);
  let hasRoom = false;
  const room = posted.room().then(() => {
    hasRoom = true;
  });
  seen.take(backlogBytesMax / 4);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(hasRoom).toBe(false);
  seen.take(backlogBytesMax / 4 + 1);
  await room;
  expect(posted.isFull).toBe(false);
});
