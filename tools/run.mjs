/** `node tools/run.mjs FILE [ARGUMENTS]`: runs a TypeScript file of the project with the project's Node, whatever Node this is. */
import { spawn } from "node:child_process";
import { environment, install, projectNode, root } from "./house.mjs";

install();
const child = spawn(projectNode(), ["--disable-warning=ExperimentalWarning", ...process.argv.slice(2)], {
  cwd: root,
  env: environment(),
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("close", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
