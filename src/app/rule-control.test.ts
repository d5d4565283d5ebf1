import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { OddwireError } from "#contract/errors.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import { type Config, defaultConfig } from "#schema/config.ts";
import { ListDirectory } from "./list-directory.ts";
import { EngineRules } from "./rule-control.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function control(more: Partial<Config> = {}, use?: (material: RuleMaterial) => void) {
  const folder = mkdtempSync(join(tmpdir(), "oddwire-lists-"));
  folders.push(folder);
  const config: Config = { ...defaultConfig, "keywords.default": "no", ...more };
  const used: RuleMaterial[] = [];
  const logged: string[] = [];
  const rules = new EngineRules({
    config,
    directory: new ListDirectory(config, folder, true),
    material: undefined,
    use: async (material) => {
      use?.(material);
      used.push(material);
      return [{ inspector: "keyword", loaded: 1, rejected: [], rejectedCount: 0, memoryBytes: 5 }];
    },
    log: (text) => logged.push(text),
  });
  return { rules, folder, used, logged };
}

const text = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");

test("a keyword is written to the own list and loaded, switched, and taken out again", async () => {
  const { rules, folder, used } = control();
  const { sid } = await rules.addKeyword('word "frobnicate" severity=high');
  expect(text(folder, "keywords/own.txt")).toBe('word "frobnicate" severity=high\n');
  expect(used.at(-1)?.keywords).toEqual([{ name: "own.txt", text: 'word "frobnicate" severity=high\n' }]);
  expect(rules.state()).toMatchObject({
    generation: 1,
    changed: ["own.txt"],
    kinds: [{ kind: "keyword", loaded: 1, rejected: 0, bytes: 5 }],
  });
  await rules.switchKeyword(sid, false);
  expect(rules.keywords().keywords).toMatchObject([{ sid, on: false, own: true }]);
  await rules.switchKeyword(sid, true);
  expect(rules.keywords().keywords).toMatchObject([{ sid, on: true }]);
  await rules.removeKeyword(sid);
  expect(rules.keywords().keywords).toEqual([]);
});

test("keywords of the default list can be switched off, not removed", async () => {
  const { rules } = control({ "keywords.default": "auto" });
  const [first] = rules.keywords().keywords;
  const sid = first?.sid ?? 0;
  await expect(rules.removeKeyword(sid)).rejects.toThrow(/stands in the list default.*switch it off/);
  await rules.switchKeyword(sid, false);
  expect(rules.keywords().keywords.find((keyword) => keyword.sid === sid)?.on).toBe(false);
});

test.each<[string, string, RegExp]>([
  ["no kind", "wget", /column 1.*no kind/],
  ["a wrong option", 'word "abc" port=x', /column 12/],
  ["an expression that is wrong", "regex /(/", /column 7/],
  ["nothing", "# comment", /holds no keyword/],
  ["two lines", 'word "abc"\nword "def"', /more than one/],
])("a line that is refused changes nothing: %s", async (_case, line, message) => {
  const { rules, folder, used } = control();
  await expect(rules.addKeyword(line)).rejects.toThrow(message);
  expect(existsSync(join(folder, "keywords"))).toBe(false);
  expect(used).toEqual([]);
});

test("the same keyword is not added twice", async () => {
  const { rules } = control();
  await rules.addKeyword('word "abc"');
  await expect(rules.addKeyword('word "abc" note="again"')).rejects.toThrow(/own.txt line 1/);
});

test("indicators are added, allowed, found and removed", async () => {
  const { rules, folder } = control();
  await rules.addIndicator({ value: "evil.example", note: 'a, "b"', expires: "2099-01-01", source: "team", severity: "high" });
  await rules.addIndicator({ value: "192.0.2.0/24", allow: true });
  expect(text(folder, "indicators/own.csv")).toBe(
    'value,type,source,expires,note,severity,action\nevil.example,,team,2099-01-01,"a, ""b""",high,\n192.0.2.0/24,,,,,,allow\n',
  );
  expect(rules.indicators()).toMatchObject({
    lists: [{ name: "own.csv", on: true, entries: 2, rejected: 0 }],
    types: { domain: 1 },
    allowed: 1,
    own: [
      { type: "address", allow: true },
      { type: "domain", value: "evil.example", note: 'a, "b"', severity: "high", expires: "2099-01-01T00:00:00Z" },
    ],
  });
  expect(rules.testIndicator("www.evil.example")).toMatchObject({ listed: { value: "evil.example" }, list: "own.csv", allowed: false });
  expect(rules.testIndicator("192.0.2.7")).toEqual({ allowed: true });
  await rules.removeIndicator("evil.example");
  expect(rules.testIndicator("www.evil.example")).toEqual({ allowed: false });
  await expect(rules.removeIndicator("evil.example")).rejects.toThrow(/on no list/);
  await expect(rules.addIndicator({ value: "nonsense" })).rejects.toThrow(/no address/);
  await expect(rules.addIndicator({ value: "192.0.2.0/24", allow: true })).rejects.toThrow(/already/);
});

test("whole lists are put, switched and removed; names lead nowhere else", async () => {
  const { rules, folder } = control();
  expect(await rules.putIndicatorList("feed.txt", "evil.example\nnonsense\n")).toMatchObject({ entries: 1, rejected: 1 });
  await rules.switchList("indicators", "feed.txt", false);
  expect(existsSync(join(folder, "indicators/feed.txt.off"))).toBe(true);
  expect(rules.indicators().lists).toEqual([{ name: "feed.txt", origin: "folder", on: false, entries: 0, rejected: 0 }]);
  await rules.putIndicatorList("feed.txt", "other.example\n");
  expect(text(folder, "indicators/feed.txt.off")).toBe("other.example\n");
  await rules.removeIndicatorList("feed.txt");
  expect(rules.indicators().lists).toEqual([]);
  for (const name of ["../x", "a/b", "", ".hidden", "x.off", "x.new"])
    await expect(rules.putIndicatorList(name, "evil.example")).rejects.toThrow(OddwireError);
  await expect(rules.putIndicatorList("bad.txt", "nonsense")).rejects.toThrow(/bad.txt line 1/);
});

test("a reload that is refused keeps the rules, and says why", async () => {
  let refuse = false;
  const { rules, folder, logged } = control({}, () => {
    if (refuse) throw new OddwireError("ODW_RELOAD_REFUSED", { cause: "broken" });
  });
  await rules.reload();
  refuse = true;
  await expect(rules.reload()).rejects.toThrow(/broken/);
  expect(rules.state()).toMatchObject({ generation: 1, error: expect.stringContaining("broken") });
  expect(logged.at(-1)).toContain("broken");
  refuse = false;
  writeFileSync(join(folder, "x"), "");
  expect((await rules.reload()).error).toBeUndefined();
});

test("a configured file that is gone is told, and the old rules stay", async () => {
  const { rules, used } = control({ "indicators.files": ["/nowhere/list.txt"] });
  await expect(rules.reload()).rejects.toThrow(/nowhere/);
  expect(used).toEqual([]);
});

test("a file that changes is loaded by itself", async () => {
  const { rules, folder, used } = control();
  rules.start();
  mkdirSync(join(folder, "keywords"));
  writeFileSync(join(folder, "keywords/mine.txt"), 'word "abc"\n');
  await expect.poll(() => used.length).toBe(1);
  appendFileSync(join(folder, "keywords/mine.txt"), 'word "def"\n');
  await expect.poll(() => used.length).toBe(2);
  process.emit("SIGHUP");
  await expect.poll(() => used.length).toBe(3);
  rules[Symbol.dispose]();
});
