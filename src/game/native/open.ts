import { OddwireError } from "#contract/errors.ts";
import type { GamePluginInfo } from "#contract/game-plugin.ts";
import { closeDescriptor } from "#native/libc.ts";
import { copyToMemory, createSharedMemory, type SharedMemory } from "#native/plugin-memory.ts";
import { toInfo } from "./description.ts";
import { type NativeHostOptions, NativePluginHost } from "./host.ts";
import { headOf, libraryTrouble } from "./library-format.ts";
import { nativeProgram, PluginProcess, type PluginProgram } from "./process.ts";
import { regionBytes } from "./region.ts";

const libraryBytesMax = 256 * 2 ** 20;

const defaults: NativeHostOptions = { deadlineMs: 1000, memoryBytesMax: 256 * 2 ** 20, startMsMax: 10_000, waits: true };

/**
 * Opens a native plugin: a copy of the library is loaded by a process without rights, so that the file may be replaced
 * while it is used. Throws ODW_PLUGIN_BAD when it is no plugin for this Oddwire, with the reason.
 */
export async function openNativePlugin(file: string, options: Partial<NativeHostOptions> = {}): Promise<NativePluginHost> {
  const trouble = libraryTrouble(headOf(file), process.platform);
  if (trouble !== undefined) throw refusal(file, trouble);
  return openPluginProcess(file, "native", nativeProgram, options);
}

/** Opens a plugin of any kind in a process of its kind's program; else as `openNativePlugin`. */
export async function openPluginProcess(
  file: string,
  kind: GamePluginInfo["kind"],
  program: PluginProgram,
  options: Partial<NativeHostOptions>,
): Promise<NativePluginHost> {
  if (process.platform !== "linux") throw refusal(file, "plugins of games run on Linux only so far");
  const chosen = { ...defaults, ...options };
  const resources = { ...takeResources(file), program };
  const early: { host?: NativePluginHost } = {};
  const events = {
    answered: (slot: number) => early.host?.answered(slot),
    ended: (cause: string) => early.host?.ended(cause),
  };
  const child = new PluginProcess({ ...resources, ...chosen }, events);
  try {
    const said = await child.start();
    const info = judge(said, file, kind);
    early.host = new NativePluginHost(info, said, resources, chosen);
    early.host.adopt(child);
    return early.host;
  } catch (error) {
    child.kill("it was refused");
    closeDescriptor(resources.library);
    closeDescriptor(resources.memory.fd);
    resources.memory.mapping.replace();
    throw error instanceof OddwireError ? error : refusal(file, (error as Error).message);
  }
}

function takeResources(file: string): { readonly memory: SharedMemory; readonly library: number } {
  let library: number;
  try {
    library = copyToMemory(file, libraryBytesMax);
  } catch (error) {
    throw refusal(file, (error as Error).message);
  }
  try {
    return { memory: createSharedMemory(regionBytes), library };
  } catch (error) {
    closeDescriptor(library);
    throw refusal(file, (error as Error).message);
  }
}

function judge(said: unknown, file: string, kind: GamePluginInfo["kind"]): GamePluginInfo {
  const { reason } = (said ?? {}) as { reason?: unknown };
  if (typeof reason === "string") throw refusal(file, reason);
  const info = toInfo(said, file, kind);
  if ("refused" in info) throw refusal(file, info.refused);
  return info;
}

const refusal = (file: string, cause: string): OddwireError => new OddwireError("ODW_PLUGIN_BAD", { file, cause });
