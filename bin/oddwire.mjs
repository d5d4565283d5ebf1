// Entry of the command line. Plain JavaScript, so that the tool that strips types from TypeScript need not even be
// loaded when all modules come out of the compile cache: that saves a third of the start.
import { freshBundle } from "./engine.mjs";

const { enableCompileCache, getCompileCacheDir, registerHooks } = process.getBuiltinModule("node:module");
enableCompileCache();
// Threads and the engine process start from the same cache.
const cache = getCompileCacheDir();
if (cache !== undefined) process.env.NODE_COMPILE_CACHE ??= cache;

const rooms = new URL("../src/", import.meta.url).href;
const found = (url) => ({ url, format: "module-typescript", shortCircuit: true });

// Our own modules name each other by room and file (`#room/file.ts`, `./file.ts`): where one lies needs no look at
// package.json and no question to the file system, which for hundreds of modules are a quarter of the start.
function resolve(specifier, context, next) {
  const parent = context.parentURL ?? "";
  if (!specifier.endsWith(".ts") || !parent.startsWith(rooms)) return next(specifier, context);
  if (specifier.startsWith("#")) return found(rooms + specifier.slice(1));
  if (specifier.startsWith("./")) return found(parent.slice(0, parent.lastIndexOf("/") + 1) + specifier.slice(2));
  return next(specifier, context);
}

const bundle = freshBundle();
if (bundle === undefined) registerHooks({ resolve });
const { runCli } = await (bundle === undefined ? import("../src/cli/cli.ts") : import(bundle));
await runCli(process.argv.slice(2));
