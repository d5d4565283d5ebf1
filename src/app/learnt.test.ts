import { existsSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporary } from "#test/e2e/oddwire.ts";
import { LearntFile } from "./learnt.ts";

test("what was saved is loaded; a folder without a file knows nothing", () => {
  using folder = temporary();
  const file = new LearntFile(folder.path, () => undefined);
  expect(file.load()).toEqual({});
  file.save({ scan: { hosts: [1, 2] } });
  expect(new LearntFile(folder.path, () => undefined).load()).toEqual({ scan: { hosts: [1, 2] } });
});

test.each([
  ["is no JSON", "{"],
  ["is of another version", '{"version":99,"detectors":{}}'],
  ["holds nothing", "{}"],
])("a file that %s is put aside and said so", (_case, text) => {
  using folder = temporary();
  const said: string[] = [];
  const file = new LearntFile(folder.path, (line) => said.push(line));
  writeFileSync(file.path, text);
  expect(file.load()).toEqual({});
  expect(said).toHaveLength(1);
  expect([existsSync(file.path), existsSync(`${file.path}.bad`)]).toEqual([false, true]);
});

test("a folder that cannot be written is said", () => {
  const said: string[] = [];
  new LearntFile("/nowhere/at/all", (line) => said.push(line)).save({});
  expect(said[0]).toContain("could not be saved");
});
