import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { freshOutput, liveMark, makeDirectory } from "./outputs.ts";

const root = mkdtempSync(join(tmpdir(), "oddwire-outputs-"));
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("directories are made one by one and told", () => {
  const made: string[] = [];
  makeDirectory(join(root, "a", "b"), (one) => made.push(one));
  expect(made.map((one) => one.slice(root.length))).toEqual(expect.arrayContaining(["/a", "/a/b"]));
});

test.skipIf(!existsSync("/proc"))("a directory that cannot be is refused and not tried for ever", () => {
  expect(() => makeDirectory("/proc/oddwire/x")).toThrow(/cannot write/);
});

test("a file run removes the store of an earlier one", () => {
  makeDirectory(root);
  writeFileSync(join(root, "oddwire.db"), "old");
  freshOutput(root);
  expect(existsSync(join(root, "oddwire.db"))).toBe(false);
});

test("a file run never takes the place of a live capture", () => {
  makeDirectory(root);
  writeFileSync(join(root, "oddwire.db"), "history");
  writeFileSync(join(root, liveMark), "");
  expect(() => freshOutput(root)).toThrow(/live capture/);
  expect(existsSync(join(root, "oddwire.db"))).toBe(true);
});
