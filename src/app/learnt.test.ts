import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
  ["is cut", '{"version":1,"crc":1,"detectors":{"scan":'],
  ["was changed", '{"version":1,"crc":1,"detectors":{"scan":[1]}}'],
])("a file that %s is put aside and said so", (_case, text) => {
  using folder = temporary();
  const said: string[] = [];
  const file = new LearntFile(folder.path, (line) => said.push(line));
  writeFileSync(file.path, text);
  expect(file.load()).toEqual({});
  expect(said).toHaveLength(1);
  expect([existsSync(file.path), existsSync(`${file.path}.bad`)]).toEqual([false, true]);
});

test("a file of the time before there were checksums is loaded", () => {
  using folder = temporary();
  const file = new LearntFile(folder.path, () => undefined);
  writeFileSync(file.path, '{"version":1,"detectors":{"scan":[1]}}');
  expect(file.load()).toEqual({ scan: [1] });
});

test("one byte that has turned is noticed", () => {
  using folder = temporary();
  const said: string[] = [];
  const file = new LearntFile(folder.path, (line) => said.push(line));
  file.save({ scan: { hosts: [11, 12] } });
  writeFileSync(file.path, readFileSync(file.path, "utf8").replace("11", "71"));
  expect([file.load(), said.length]).toEqual([{}, 1]);
});

test("a folder that cannot be written is said", () => {
  const said: string[] = [];
  new LearntFile("/nowhere/at/all", (line) => said.push(line)).save({});
  expect(said[0]).toContain("could not be saved");
});
