/**
 * First half of `npm start`: installs what is missing, builds the page, and writes to standard output with which
 * arguments Oddwire is to be started; everything for people goes to standard error. The second half is `exec` in the
 * shell that npm runs, so that signals reach Oddwire itself.
 */
import { spawnSync } from "node:child_process";
import { engineBundle, fail, install, pageBuild, pageIsStale, projectNode, root, runCollected } from "./house.mjs";

install();
if (pageIsStale()) {
  console.error("oddwire: building the page");
  const { code, text } = await runCollected(pageBuild);
  if (code !== 0) fail(`the page could not be built\n${text}`);
}
const { code, text } = await runCollected(engineBundle);
if (code !== 0) console.error(`oddwire: starts from its single modules; they could not be put together\n${text}`);
const { status } = spawnSync(projectNode(), ["tools/start-mode.ts"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
process.exitCode = status ?? 1;
