import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EventSocket } from "./event-socket.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "odw-socket-"));
  path = join(directory, "eve.sock");
});
afterEach(() => rmSync(directory, { recursive: true }));

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("lines of one program after another are read", async () => {
  const lines: string[] = [];
  await using socket = new EventSocket(path, (line) => void lines.push(line));
  await socket.start();
  connect(path).end('{"a":1}\n{"b"');
  await until(() => lines.length === 1 && !socket.open);
  connect(path).end('{"c":3}\n');
  await until(() => lines.length === 2);
  expect([lines, socket.connections]).toEqual([['{"a":1}', '{"c":3}'], 2]);
});

test("a socket that was left behind is replaced", async () => {
  {
    await using first = new EventSocket(path, () => undefined);
    await first.start();
  }
  await using second = new EventSocket(path, () => undefined);
  await second.start();
});

test("a file in its place is left alone, and told", async () => {
  writeFileSync(path, "mine");
  const socket = new EventSocket(path, () => undefined);
  await expect(socket.start()).rejects.toThrow(/ODW|cannot read events/);
});
