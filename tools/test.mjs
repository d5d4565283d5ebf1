/**
 * `npm test`: installs what is missing and runs everything that must pass, quick things first. Goes on after a failure,
 * so that one run tells everything; the last line is `N passed, N failed, N skipped`, and the exit code is not 0 when
 * anything failed. `npm test -- src/wire` runs the checks and only those tests.
 *
 * Files whose tests failed are run a second time, alone: tests of live capture and of other programs wait for a machine that
 * others may keep busy. What passes only then is named as unsteady, with what it said the first time.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineBundle, install, pageBuild, runCollected } from "./house.mjs";

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
  // Tests that run the program run what was put together.
  ["the engine's modules are put together", engineBundle],
];

const sum = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function note(name, ok, seconds, text) {
  console.log(`${ok ? "ok  " : "FAIL"}  ${name} (${seconds.toFixed(1)} s)`);
  if (!ok && text !== "") console.log(text);
  sum[ok ? "passed" : "failed"]++;
  if (!ok) failures.push(name);
}

const lines = (names) => names.map((name) => `  ${name}`).join("\n");

async function timed(args) {
  const start = performance.now();
  const result = await runCollected(args);
  return { ...result, seconds: (performance.now() - start) / 1000 };
}

/** Files that are run again after a failure; more than these are no accident. */
const secondRunFilesMax = 8;

/** Tests by file, and what broke outside of any test. */
async function runTests(selection) {
  const first = await vitest(selection, 2);
  console.log(`${first.code === 0 ? "ok  " : "FAIL"}  ${first.tests} tests (${first.seconds.toFixed(1)} s)`);
  if (first.code !== 0) console.log(first.text);
  sum.passed += first.passed;
  sum.skipped += first.skipped;
  const again = first.failed.length > 0 && first.failed.length <= secondRunFilesMax ? await vitest(first.failed, 1) : undefined;
  if (again?.code === 0) {
    sum.passed += first.failures;
    console.log(`ok    these again, alone (${again.seconds.toFixed(1)} s)\n\nunsteady, passed the second time:\n${lines(first.failed)}`);
  } else if (first.code !== 0) {
    if (again !== undefined) console.log(`FAIL  these again, alone (${again.seconds.toFixed(1)} s)\n${again.text}`);
    sum.failed += Math.max(1, first.failures);
    failures.push(...(first.failed.length === 0 ? ["tests: errors outside of tests"] : first.failed));
  }
}

/** One run of the tests: how many passed, and the files in which some did not. */
async function vitest(selection, workers) {
  const folder = mkdtempSync(join(tmpdir(), "oddwire-test-"));
  const file = join(folder, "results.json");
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  try {
    const run = await timed([bin("vitest", "vitest.mjs"), "run", `--maxWorkers=${workers}`, ...reporters, ...selection]);
    const results = read(file);
    if (results === undefined) return { ...run, tests: 0, passed: 0, skipped: 0, failures: 0, failed: [] };
    const failed = results.testResults.filter((one) => one.status === "failed");
    // A file that cannot be loaded has no test that failed.
    const broken = failed.filter((one) => one.assertionResults.every((test) => test.status !== "failed"));
    return {
      ...run,
      tests: results.numTotalTests,
      passed: results.numPassedTests,
      skipped: results.numPendingTests + results.numTodoTests,
      failures: results.numFailedTests + broken.length,
      failed: failed.map((one) => one.name),
    };
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
if (failures.length > 0) console.log(`\nfailed:\n${lines(failures)}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;
