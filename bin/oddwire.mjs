// Entry of the command line. Plain JavaScript, so that the tool that strips types from TypeScript need not even be
// loaded when all modules come out of the compile cache: that saves a third of the start.
import { enableCompileCache, getCompileCacheDir } from "node:module";

enableCompileCache();
// Threads and the engine process start from the same cache.
const cache = getCompileCacheDir();
if (cache !== undefined) process.env.NODE_COMPILE_CACHE ??= cache;
const { runCli } = await import("../src/cli/cli.ts");
await runCli(process.argv.slice(2));
