import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { temporary } from "./oddwire.ts";
import { trafficFile } from "./traffic.ts";

const root = join(import.meta.dirname, "../..");
const folder = temporary();
afterAll(() => folder[Symbol.dispose]());

/** Slow machines take their time. */
const patience = 240_000;

/** The newest bundle of a folder, as `bin/oddwire` would ask for it. */
async function fresh(path: string): Promise<string | undefined> {
  const { freshBundle } = (await import(join(root, "bin/engine.mjs"))) as { freshBundle: (folder: URL) => string | undefined };
  return freshBundle(pathToFileURL(`${path}/`));
}

test("what was put together writes the same bytes as the modules one by one", { timeout: patience }, async () => {
  const capture = folder.at("traffic.pcap");
  writeFileSync(capture, trafficFile(40));
  const into = folder.at("engine");
  execFileSync(process.execPath, [join(root, "tools/bundle.mjs"), into]);
  const entry = await fresh(into);
  const from = (address: string, out: string): Buffer => {
    const run = `const { runCli } = await import(${JSON.stringify(address)}); await runCli(${JSON.stringify(["read", capture, "-o", out])});`;
    execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", run], { cwd: root });
    return readFileSync(join(out, "eve.json"));
  };
  const modules = pathToFileURL(join(root, "src/cli/cli.ts")).href;
  expect(from(entry as string, folder.at("together"))).toEqual(from(modules, folder.at("apart")));
  expect(readdirSync(folder.at("together")).toSorted()).toEqual(["eve.json", "oddwire.db"]);
});

test("it counts only while every source is as it was", async () => {
  const into = folder.at("stale");
  mkdirSync(into);
  const { mtimeMs, size } = statSync(join(root, "package.json"));
  const facts = (changes: object): void =>
    writeFileSync(
      join(into, "newest.json"),
      JSON.stringify({ root: `${root}/`, entry: "x/cli.js", sources: [["package.json", size, mtimeMs]], ...changes }),
    );
  facts({});
  expect(await fresh(into)).toBe(pathToFileURL(join(into, "x/cli.js")).href);
  facts({ sources: [["package.json", size, mtimeMs + 1]] });
  expect(await fresh(into)).toBeUndefined();
  facts({ sources: [["package.json", size + 1, mtimeMs]] });
  expect(await fresh(into)).toBeUndefined();
  facts({ sources: [["gone.ts", 1, 1]] });
  expect(await fresh(into)).toBeUndefined();
  facts({ root: "/elsewhere/" });
  expect(await fresh(into)).toBeUndefined();
  appendFileSync(join(into, "newest.json"), "}");
  expect(await fresh(into)).toBeUndefined();
  expect(await fresh(folder.at("nowhere"))).toBeUndefined();
});
