/** The process of one WebAssembly plugin: a program of its own, started by `game/native/process.ts`. */
import { writeSync } from "node:fs";
import { readPluginFile, servePlugin } from "#game/native/serve-plugin.ts";
import type { SharedMapping } from "#native/libc.ts";
import { type PluginCalls, PluginRefused } from "#native/plugin-calls.ts";
import { messageOf } from "./foreign-calls.ts";
import { describe } from "./script-description.ts";
import { giveUpPermissions } from "./script-room.ts";
import { WasmCalls } from "./wasm-calls.ts";
import { instantiate, readDescription } from "./wasm-exports.ts";

const STANDARD_ERROR = 2;
const warn = (text: string): void => {
  writeSync(STANDARD_ERROR, `${text}\n`);
};
let module: Uint8Array<ArrayBuffer> = new Uint8Array(0);

function open(mapping: SharedMapping): PluginCalls {
  giveUpPermissions();
  const exports = instantiate(module, warn);
  const description = describe(readDescription(exports), exports.oddwire_list_players !== undefined);
  let failed: string | undefined;
  try {
    const answer = exports.oddwire_self_test?.() ?? 0;
    if (answer !== 0) failed = `it answers ${answer}`;
  } catch (error) {
    failed = messageOf(error);
  }
  if (failed !== undefined) throw new PluginRefused(`its self-test failed: ${failed}`);
  return new WasmCalls(exports, description, mapping, warn);
}

servePlugin({
  prepare: () => {
    module = readPluginFile();
  },
  opensFiles: false,
  open,
});
