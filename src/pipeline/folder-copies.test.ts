import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { FileCopy } from "#contract/platform.ts";
import { FolderCopies } from "./folder-copies.ts";

const root = mkdtempSync(join(tmpdir(), "oddwire-copies-"));
afterAll(() => rmSync(root, { recursive: true }));
const bytes = Uint8Array.from("abcdef", (letter) => letter.charCodeAt(0));

test("copies get their name at the end, once for the same bytes; what is not wanted goes", () => {
  const folder = join(root, "new", "files");
  const copies = new FolderCopies(folder);
  const [one, two, three] = [copies.begin(), copies.begin(), copies.begin()] as [FileCopy, FileCopy, FileCopy];
  for (const copy of [one, two, three]) expect([copy.write(bytes, 1, 3), copy.write(bytes, 3, 6)]).toEqual([true, true]);
  expect(one.keep("aa")).toBe(true);
  expect(two.keep("aa")).toBe(true);
  three.drop();
  expect(readdirSync(folder)).toEqual(["aa"]);
  expect(readFileSync(join(folder, "aa"), "utf8")).toBe("bcdef");
});

test("a folder that cannot be made gives no copies", () => {
  writeFileSync(join(root, "file"), "");
  expect(new FolderCopies(join(root, "file", "below")).begin()).toBeUndefined();
});
