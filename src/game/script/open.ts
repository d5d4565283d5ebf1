import { join } from "node:path";
import type { NativeHostOptions, NativePluginHost } from "#game/native/host.ts";
import { openPluginProcess } from "#game/native/open.ts";
import type { PluginProgram } from "#game/native/process.ts";

/** Node's own permissions stand beside the kernel's fences; reading is given up before the plugin runs. */
const permissions = ["--permission", "--allow-fs-read=*", "--allow-addons"];

export const scriptProgram: PluginProgram = {
  module: join(import.meta.dirname, "script-worker.ts"),
  flags: [...permissions, "--max-old-space-size=128", "--disable-wasm-trap-handler"],
};

/** Opens a plugin in TypeScript or JavaScript; as `openNativePlugin`. */
export function openScriptPlugin(file: string, options: Partial<NativeHostOptions> = {}): Promise<NativePluginHost> {
  return openPluginProcess(file, "typescript", scriptProgram, options);
}

/** Memory of a module, pages of 64 KiB. */
const memoryPagesMax = 2048;

const wasmProgram: PluginProgram = {
  module: join(import.meta.dirname, "wasm-worker.ts"),
  flags: [...permissions, "--max-old-space-size=64", "--disable-wasm-trap-handler", `--wasm-max-mem-pages=${memoryPagesMax}`],
};

/** Opens a plugin for WebAssembly; as `openNativePlugin`. */
export function openWasmPlugin(file: string, options: Partial<NativeHostOptions> = {}): Promise<NativePluginHost> {
  return openPluginProcess(file, "wasm", wasmProgram, options);
}
