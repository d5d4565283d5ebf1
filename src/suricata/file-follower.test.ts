import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileFollower } from "./file-follower.ts";

const POLL_MS = 10;
let directory: string;
let path: string;
let lines: string[];
let follower: FileFollower | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "odw-follow-"));
  path = join(directory, "eve.json");
  lines = [];
});
afterEach(async () => {
  await follower?.[Symbol.asyncDispose]();
  follower = undefined;
  rmSync(directory, { recursive: true });
});

function follow(from: "start" | "end", onLine: (line: string) => void | Promise<void> = (line) => void lines.push(line)): FileFollower {
  follower = new FileFollower(path, { from, onLine, pollMs: POLL_MS });
  follower.start();
  return follower;
}

async function until(count: number): Promise<void> {
  for (let i = 0; i < 3000 && lines.length < count; i++) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS * 6));

describe("FileFollower", () => {
  test("reads a file from its start and goes on with what comes", async () => {
    writeFileSync(path, "1\n2\n");
    follow("start");
    await until(2);
    appendFileSync(path, "3\n");
    await until(3);
    expect(lines).toEqual(["1", "2", "3"]);
  });

  test("from the end only what comes is read, and no half of a line", async () => {
    writeFileSync(path, "old\nha");
    follow("end");
    await pause();
    appendFileSync(path, "lf\nnew\n");
    await until(1);
    expect(lines).toEqual(["new"]);
  });

  test("a file that comes later is read whole", async () => {
    const one = follow("end");
    await pause();
    expect(one.trouble).toContain("ENOENT");
    writeFileSync(path, "1\n");
    await until(1);
    expect([lines, one.trouble]).toEqual([["1"], undefined]);
  });

  test("renaming loses nothing: the old file is read to its end, the new one from its beginning", async () => {
    writeFileSync(path, "1\n");
    const one = follow("start");
    await until(1);
    appendFileSync(path, "2\n");
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, "3\n");
    await until(3);
    writeFileSync(path, "4\n");
    await until(4);
    expect([lines, one.rotations]).toEqual([["1", "2", "3", "4"], 1]);
  });

  test("a file that was cut is read from its beginning", async () => {
    writeFileSync(path, "one\ntwo\nthr");
    const one = follow("start");
    await until(2);
    truncateSync(path);
    await pause();
    appendFileSync(path, "four\n");
    await until(3);
    expect([lines, one.rotations]).toEqual([["one", "two", "four"], 1]);
  });

  test("whoever takes the lines slowly gets no second one meanwhile", async () => {
    writeFileSync(path, "1\n2\n3\n");
    let busy = 0;
    let most = 0;
    follow("start", async (line) => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      busy--;
      lines.push(line);
    });
    await until(3);
    expect([most, lines]).toEqual([1, ["1", "2", "3"]]);
  });

  test("what is there when it ends is read before", async () => {
    writeFileSync(path, "1\n");
    const one = follow("start");
    appendFileSync(path, "2\n");
    await one[Symbol.asyncDispose]();
    expect(lines).toEqual(["1", "2"]);
  });

  test("a line is told well within two seconds", async () => {
    writeFileSync(path, "");
    follower = new FileFollower(path, { from: "start", onLine: (line) => void lines.push(line) });
    follower.start();
    await pause();
    const begun = performance.now();
    appendFileSync(path, "1\n");
    await until(1);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
