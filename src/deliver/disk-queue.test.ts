import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskQueue } from "./disk-queue.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "odw-queue-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function queue(messagesMax = 100, bytesMax = 1e6): DiskQueue {
  const made = new DiskQueue(join(directory, "q"), { messagesMax, bytesMax });
  made.start();
  return made;
}

function drained(from: DiskQueue): readonly string[] {
  const bodies: string[] = [];
  for (let message = from.first(); message !== undefined; message = from.first()) {
    bodies.push(message.body);
    from.remove();
  }
  return bodies;
}

test("messages come out in their order, also after a new start, with numbers that go on", () => {
  const first = queue();
  for (const body of ["a", "b", "c"]) first.add(body, 5);
  const { id } = first.first() ?? {};
  first.remove();
  const second = queue();
  second.add("d", 6);
  expect(second.first()?.id).not.toBe(id);
  expect(drained(second)).toEqual(["b", "c", "d"]);
  expect(readdirSync(join(directory, "q"))).toEqual([]);
});

test("beyond the limits the oldest are given up and counted", () => {
  const few = queue(3);
  for (let i = 0; i < 5; i++) few.add(String(i), 0);
  expect([few.dropped, few.length, drained(few)]).toEqual([2, 3, ["2", "3", "4"]]);
  const small = queue(100, 1000);
  for (let i = 0; i < 5; i++) small.add(String(i).repeat(400), 0);
  expect([small.dropped, drained(small).map((body) => body[0])]).toEqual([3, ["3", "4"]]);
});

test("what was half written, or was written by somebody else, is left out", () => {
  const made = queue();
  made.add("good", 0);
  writeFileSync(join(directory, "q", "000000000000009.json"), '{"id":');
  writeFileSync(join(directory, "q", "000000000000010.json.new"), "{}");
  writeFileSync(join(directory, "q", "notes.txt"), "mine");
  const again = queue();
  again.add("better", 0);
  expect([drained(again), again.dropped]).toEqual([["good", "better"], 1]);
  expect(readdirSync(join(directory, "q"))).toEqual(["notes.txt"]);
});
