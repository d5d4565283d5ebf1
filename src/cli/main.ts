import { enableCompileCache } from "node:module";

// Compiled code of all modules is kept between runs: the start takes a third of the time.
enableCompileCache();

const { runCli } = await import("./cli.ts");
await runCli(process.argv.slice(2));
