import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AllowList } from "#pipeline/allow-list.ts";
import { temporary } from "#test/e2e/oddwire.ts";
import { AllowFile } from "./allow-file.ts";

const now = Date.parse("2026-03-01T12:00:00Z") * 1000;

function open(directory: string, configured: readonly string[] = []) {
  const said: string[] = [];
  const changes = { count: 0 };
  const list = new AllowList(configured);
  const file = new AllowFile({
    directory,
    configured,
    list,
    now: () => now,
    onChange: () => void changes.count++,
    log: (text) => said.push(text),
  });
  const protects = (source: string, target = "10.9.9.9"): boolean => list.covers("scan", { source, target }, now);
  return { file, list, said, changes, protects };
}

test("an entry protects at once, over a restart, and no more when it is removed", () => {
  using folder = temporary();
  const first = open(folder.path, ["10.0.0.1"]);
  first.file.add({ entry: " scan = 10.0.0.5 ", note: "our scanner", who: "ann" });
  expect(first.changes.count).toBe(2);
  first.list.keepsBack("scan", { source: "10.0.0.5" }, now);
  first.list.keepsBack("scan", { source: "10.0.0.1", target: "10.0.0.2" }, now);
  first.file.save();
  const second = open(folder.path, ["10.0.0.1"]);
  expect([second.protects("10.0.0.5"), second.protects("10.0.0.1"), second.protects("10.0.0.6")]).toEqual([true, true, false]);
  expect(second.file.list()).toMatchObject({
    hits: 2,
    entries: [
      { entry: "10.0.0.1", origin: "configuration", hits: 1 },
      {
        entry: "scan=10.0.0.5",
        origin: "list",
        note: "our scanner",
        who: "ann",
        hits: 1,
        expired: false,
        last: "2026-03-01T12:00:00.000Z",
      },
    ],
  });
  second.file.remove("scan=10.0.0.5");
  expect(second.protects("10.0.0.5")).toBe(false);
  expect(open(folder.path).protects("10.0.0.5")).toBe(false);
  expect(second.file.covers("scan", "10.0.0.1", undefined)).toBe(true);
});

test.each<[string, string, string | undefined]>([
  ["a span", "7d", "2026-03-08T12:00:00.000Z"],
  ["hours", "12h", "2026-03-02T00:00:00.000Z"],
  ["a day", "2026-03-03", "2026-03-03T00:00:00.000Z"],
  ["a time", "2026-03-03T10:30", "2026-03-03T10:30:00.000Z"],
  ["nothing", " ", undefined],
])("until when: %s", (_case, expires, until) => {
  using folder = temporary();
  expect(open(folder.path).file.add({ entry: "10.0.0.5", expires }).expires).toBe(until);
});

test.each<[string, Parameters<AllowFile["add"]>[0], RegExp]>([
  ["protects nobody", { entry: "10.0.0.300" }, /no address, network or name/],
  ["names no detector", { entry: "scam=10.0.0.5" }, /no detector is called/],
  ["names a protocol", { entry: "dns=10.0.0.5" }, /no detector is called/],
  ["is configured", { entry: "10.0.0.1" }, /detect\.allow of the configuration/],
  ["ends in the past", { entry: "10.0.0.5", expires: "2020-01-01" }, /in the past/],
  ["ends at no time", { entry: "10.0.0.5", expires: "soon" }, /no time/],
  ["has a note without end", { entry: "10.0.0.5", note: "x".repeat(501) }, /longer than 500/],
])("what %s is refused, and nothing is written", (_case, entry, said) => {
  using folder = temporary();
  const { file } = open(folder.path, ["10.0.0.1"]);
  expect(() => file.add(entry)).toThrow(expect.objectContaining({ code: "ODW_LIST_BAD", message: expect.stringMatching(said) }));
  expect(existsSync(folder.at("allow.json"))).toBe(false);
});

test.each([
  ["is not there", "10.0.0.5", /no such entry/],
  ["stands in the configuration", "10.0.0.1", /stands in the configuration/],
])("what %s cannot be removed", (_case, entry, said) => {
  using folder = temporary();
  expect(() => open(folder.path, ["10.0.0.1"]).file.remove(entry)).toThrow(said);
});

test("the same entry again gets the new note and end, and keeps its counters", () => {
  using folder = temporary();
  const { file, list } = open(folder.path);
  file.add({ entry: "10.0.0.5", note: "first" });
  list.keepsBack("scan", { source: "10.0.0.5" }, now);
  expect(file.add({ entry: "10.0.0.5", note: "second", expires: "1d" })).toMatchObject({ note: "second", hits: 1 });
  expect(file.list().entries).toHaveLength(1);
});

test("a thousand entries are a limit; what is over makes room", () => {
  using folder = temporary();
  const { file } = open(folder.path);
  const rows = Array.from({ length: 1000 }, (_, i) => ({ entry: `10.1.${i >> 8}.${i & 255}`, expires: i === 500 ? now - 1 : undefined }));
  writeFileSync(folder.at("allow.json"), JSON.stringify({ version: 1, allow: { entries: rows, configured: [] } }));
  expect(file.add({ entry: "10.2.0.1" }).entry).toBe("10.2.0.1");
  expect(file.list().entries).toHaveLength(1000);
  expect(() => file.add({ entry: "10.2.0.2" })).toThrow(/holds 1000 entries/);
});

test("what somebody else has written is taken, and his nonsense left out", () => {
  using folder = temporary();
  const mine = open(folder.path);
  const other = open(folder.path);
  other.file.add({ entry: "10.0.0.7" });
  mine.file.add({ entry: "10.0.0.8" });
  expect([mine.protects("10.0.0.7"), mine.protects("10.0.0.8")]).toEqual([true, true]);
  const allow = { entries: [{ entry: "10.0.0.9" }, { entry: "no such" }, 7, { note: "nobody" }] };
  writeFileSync(folder.at("allow.json"), JSON.stringify({ version: 1, allow }));
  expect(
    open(folder.path)
      .file.list()
      .entries.map(({ entry }) => entry),
  ).toEqual(["10.0.0.9"]);
});

test("a damaged file is put aside and said; the configuration still protects", () => {
  using folder = temporary();
  open(folder.path).file.add({ entry: "10.0.0.5" });
  writeFileSync(folder.at("allow.json"), readFileSync(folder.at("allow.json"), "utf8").replace("10.0.0.5", "10.0.0.6"));
  const { said, protects } = open(folder.path, ["10.0.0.1"]);
  expect(said.join("\n")).toMatch(/allow\.json cannot be used .*only detect\.allow/);
  expect([protects("10.0.0.5"), protects("10.0.0.6"), protects("10.0.0.1")]).toEqual([false, false, true]);
  expect(existsSync(folder.at("allow.json.bad"))).toBe(true);
});

test("what cannot be written is refused and protects nobody", () => {
  const { file, protects } = open("/nowhere/at/all");
  expect(() => file.add({ entry: "10.0.0.5" })).toThrow(expect.objectContaining({ code: "ODW_OUT_UNWRITABLE" }));
  expect(protects("10.0.0.5")).toBe(false);
});
