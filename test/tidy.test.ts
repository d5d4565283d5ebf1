import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check, law } from "./law.ts";

const root = join(import.meta.dirname, "..");
const linesMax = 400;

const files = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .filter((path) => !path.includes("/dist/") && !path.includes("/node_modules/"))
    : [];
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Other plugins that a plugin's index.ts declares. */
function needs(plugin: string): readonly string[] {
  for (const shelf of ["protocols", "detectors"]) {
    const path = `src/${shelf}/${plugin}/index.ts`;
    if (!existsSync(join(root, path))) continue;
    const list = /needs:\s*\[([^\]]*)\]/.exec(read(path))?.[1] ?? "";
    return [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1] as string);
  }
  return [];
}

describe("tidy", () => {
  const all = [...files("src"), ...files("web/src")];

  test("every import obeys the law of rooms", () => {
    expect(all.flatMap((path) => check(path, read(path), needs))).toEqual([]);
  });

  test.each([
    ["a wire file that looks at flows", "src/wire/x.ts", 'import { a } from "#flow/key.ts";'],
    ["a pure room that imports Node", "src/flow/x.ts", 'import { readFileSync } from "node:fs";'],
    ["a path with ../", "src/api/x.ts", 'import { a } from "../store/x.ts";'],
    ["a protocol that uses another one undeclared", "src/protocols/dns/x.ts", 'import { a } from "#protocols/tls/parser.ts";'],
    ["a user interface that reaches the store", "src/cli/x.ts", 'const { a } = await import("#store/ddl.ts");'],
    ["an unknown room", "src/utils/x.ts", 'import { a } from "#base/time.ts";'],
  ])("%s is a violation", (_case, path, text) => {
    expect(check(path, text, () => [])).toHaveLength(1);
  });

  test("every room is in the law and every room of the law's pure part exists", () => {
    const rooms = readdirSync(join(root, "src"), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && readdirSync(join(root, "src", entry.name)).length > 0,
    );
    expect(rooms.map((room) => room.name).filter((name) => law[name] === undefined)).toEqual([]);
  });

  test(`no file is longer than ${linesMax} lines`, () => {
    const long = all.filter((path) => !path.endsWith(".generated.ts") && read(path).split("\n").length > linesMax + 1);
    expect(long).toEqual([]);
  });

  test("file names are kebab-case", () => {
    expect(all.filter((path) => !/\/[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|generated|worker|common))*\.tsx?$/.test(path))).toEqual([]);
  });

  test("nothing is left to do in the code", () => {
    expect(all.filter((path) => /\b(?:TODO|FIXME|XXX)\b/.test(read(path)))).toEqual([]);
  });

  test("generated files are up to date", () => {
    execFileSync(process.execPath, [join(root, "tools/generate.ts"), "--check"], { cwd: root, stdio: "pipe" });
  });

  test("each room says what it knows in a README of at most 40 lines", () => {
    const rooms = readdirSync(join(root, "src")).filter((name) => files(`src/${name}`).length > 0);
    const bad = rooms.filter(
      (name) => !existsSync(join(root, "src", name, "README.md")) || read(`src/${name}/README.md`).split("\n").length > 41,
    );
    expect(bad).toEqual([]);
  });
});
