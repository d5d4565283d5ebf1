// Entry of the command line. Plain JavaScript, so that the tool that strips types from TypeScript need not even be
// loaded when all modules come out of the compile cache: that saves a third of the start.
import { enableCompileCache } from "node:module";

enableCompileCache();
const { runCli } = await import("../src/cli/cli.ts");
await runCli(process.argv.slice(2));
