import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import type { GamePluginHost, GamePluginInfo } from "#contract/game-plugin.ts";
import type { NativeHostOptions } from "./native/host.ts";

/** Limits of a plugin, and whether a file waits for it. */
export type PluginLimits = Partial<NativeHostOptions>;

/** A plugin's host, and which of the kernel's fences stand around it. */
export interface OpenedPlugin extends GamePluginHost {
  readonly fences: readonly string[];
}

const kinds: { readonly [extension: string]: GamePluginInfo["kind"] } = {
  ".so": "native",
  ".dylib": "native",
  ".dll": "native",
  ".ts": "typescript",
  ".mts": "typescript",
  ".js": "typescript",
  ".mjs": "typescript",
  ".wasm": "wasm",
};

/** Files of a folder that are looked at. */
const filesMax = 256;

/** Kind of plugin by the file's name; `undefined` when none has such a name. */
export const pluginKind = (file: string): GamePluginInfo["kind"] | undefined =>
  /\.(d|test)\.m?ts$/.test(file) ? undefined : kinds[extname(file).toLowerCase()];

/** Plugins that lie in a folder, not beneath it, by name; none when it is missing. */
export function pluginsIn(folder: string): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => !name.startsWith(".") && pluginKind(name) !== undefined)
    .toSorted()
    .slice(0, filesMax)
    .map((name) => join(folder, name));
}

/** Differs when the file was written anew; `undefined` when it is gone. */
export function fileStamp(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : undefined;
}

/** Opens a plugin of any kind. Throws ODW_PLUGIN_BAD with the reason. */
export async function openGamePlugin(file: string, limits: PluginLimits = {}): Promise<OpenedPlugin> {
  const kind = pluginKind(file);
  if (kind === undefined)
    throw new OddwireError("ODW_PLUGIN_BAD", { file, cause: `its name ends in none of ${Object.keys(kinds).join(" ")}` });
  if (kind === "native") return (await import("./native/open.ts")).openNativePlugin(file, limits);
  const { openScriptPlugin, openWasmPlugin } = await import("./script/open.ts");
  return kind === "wasm" ? openWasmPlugin(file, limits) : openScriptPlugin(file, limits);
}
