/** The process of one native plugin: a program of its own, started by `process.ts`. */
import { openPlugin } from "#native/plugin-calls.ts";
import { libraryPath, servePlugin } from "./serve-plugin.ts";

servePlugin({ opensFiles: true, open: () => openPlugin(libraryPath) });
