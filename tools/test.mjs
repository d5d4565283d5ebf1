/**
 * `npm test`: installs what is missing and runs everything that must pass, quick things first. Goes on after a failure,
 * so that one run tells everything; the last line is `N passed, N failed, N skipped`, and the exit code is not 0 when
 * anything failed. `npm test -- src/wire` runs the checks and only those tests.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, pageBuild, runCollected } from "./house.mjs";

const bin = (name, path) => join("node_modules", name, path);
const tsc = (project) => [bin("typescript", "bin/tsc"), "--noEmit", "-p", project];

const checks = [
  ["generated files are up to date", ["tools/generate.ts", "--check"]],
  ["format and lint (biome)", [bin("@biomejs/biome", "bin/biome"), "check", "--error-on-warnings"]],
  ["types", tsc("tsconfig.json")],
  ["types of the rooms that need no platform", tsc("tsconfig.pure.json")],
  ["types of the page", tsc("web/tsconfig.json")],
  ["types of the page's build", tsc("web/tsconfig.build.json")],
  ["lint with types (oxlint)", [bin("oxlint", "bin/oxlint"), "--type-aware", "--quiet"]],
  ["nothing unused (knip)", [bin("knip", "bin/knip.js"), "--no-progress"]],
  ["the page builds", pageBuild],
];

const sum = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function note(name, ok, seconds, text) {
  console.log(`${ok ? "ok  " : "FAIL"}  ${name} (${seconds.toFixed(1)} s)`);
  if (!ok && text !== "") console.log(text);
  sum[ok ? "passed" : "failed"]++;
  if (!ok) failures.push(name);
}

async function timed(args) {
  const start = performance.now();
  const result = await runCollected(args);
  return { ...result, seconds: (performance.now() - start) / 1000 };
}

/** Tests by file, and what broke outside of any test. */
async function runTests(selection) {
  const folder = mkdtempSync(join(tmpdir(), "oddwire-test-"));
  const file = join(folder, "results.json");
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  try {
    const { code, text, seconds } = await timed([bin("vitest", "vitest.mjs"), "run", "--maxWorkers=2", ...reporters, ...selection]);
    const results = read(file);
    if (results === undefined) return note("tests", false, seconds, text);
    sum.passed += results.numPassedTests;
    sum.skipped += results.numPendingTests + results.numTodoTests;
    const failed = results.testResults.filter((one) => one.status === "failed");
    // A file that cannot be loaded has no test that failed.
    const broken = failed.filter((one) => one.assertionResults.every((test) => test.status !== "failed"));
    sum.failed += results.numFailedTests + broken.length;
    failures.push(...failed.map((one) => one.name));
    if (code !== 0) console.log(text);
    if (code !== 0 && failed.length === 0) note("tests: errors outside of tests", false, seconds, "");
    else console.log(`${code === 0 ? "ok  " : "FAIL"}  ${results.numTotalTests} tests (${seconds.toFixed(1)} s)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

install();
for (const [name, args] of checks) {
  const { code, text, seconds } = await timed(args);
  note(name, code === 0, seconds, text);
}
await runTests(process.argv.slice(2));
if (failures.length > 0) console.log(`\nfailed:\n${failures.map((name) => `  ${name}`).join("\n")}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;
