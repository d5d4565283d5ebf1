import { PluginRefused } from "#native/plugin-calls.ts";
import { type WasmMemory, WebAssembly } from "./web-assembly.ts";

/** What a module exports. Places are offsets in its memory; the guide is docs/PLUGINS.md. */
export interface WasmExports {
  readonly memory: WasmMemory;
  /** Where its description stands: JSON in UTF-8 that ends with a zero. */
  readonly oddwire_describe: () => number;
  /** A place with room for so many bytes, until it is asked for one again. */
  readonly oddwire_buffer: (bytes: number) => number;
  /** Length of what was written to the output, -1 to skip, less when it failed. `packet` is an AnomPacket. */
  readonly oddwire_decrypt: (packet: number, input: number, inputBytes: number, output: number, room: number) => number;
  /** `session` is an AnomSession. */
  readonly oddwire_session_opened?: (session: number) => void;
  readonly oddwire_session_closed?: (session: number) => void;
  /** Writes an AnomPlayer and an AnomPlayerConnection for each player; answers how many. */
  readonly oddwire_list_players?: (output: number, most: number) => number;
  /** 0 when it does what it should. */
  readonly oddwire_self_test?: () => number;
}

const needed = ["oddwire_describe", "oddwire_buffer", "oddwire_decrypt"];
const optional = ["oddwire_session_opened", "oddwire_session_closed", "oddwire_list_players", "oddwire_self_test"];
const descriptionBytesMax = 4 * 2 ** 20;

/** Makes an instance of a module that gets nothing but a way to say something. Throws `PluginRefused`. */
export function instantiate(bytes: Uint8Array, say: (text: string) => void): WasmExports {
  const found: { exports?: WasmExports } = {};
  const log = (at: number, length: number): void => {
    if (found.exports !== undefined)
      say(new TextDecoder().decode(new Uint8Array(found.exports.memory.buffer, at >>> 0, length >>> 0).slice()));
  };
  let exports: Readonly<Record<string, unknown>>;
  try {
    const module = new WebAssembly.Module(bytes);
    const foreign = WebAssembly.Module.imports(module).find(({ module: from, name }) => `${from}.${name}` !== "oddwire.log");
    if (foreign !== undefined) throw new PluginRefused(`it imports ${foreign.module}.${foreign.name}: there is only oddwire.log`);
    exports = new WebAssembly.Instance(module, { oddwire: { log } }).exports;
  } catch (error) {
    if (error instanceof PluginRefused) throw error;
    throw new PluginRefused(`it cannot be loaded: ${(error as Error).message}`);
  }
  if (!(exports["memory"] instanceof WebAssembly.Memory)) throw new PluginRefused("it does not export its memory as memory");
  for (const name of needed) {
    if (typeof exports[name] !== "function") throw new PluginRefused(`it does not export ${name}, which each plugin needs`);
  }
  for (const name of optional) {
    if (exports[name] !== undefined && typeof exports[name] !== "function") throw new PluginRefused(`${name} is not a function`);
  }
  found.exports = exports as unknown as WasmExports;
  return found.exports;
}

/** The description that a module tells. Throws `PluginRefused`. */
export function readDescription({ memory, oddwire_describe: describe }: WasmExports): Readonly<Record<string, unknown>> {
  const at = describe() >>> 0;
  const bytes = new Uint8Array(memory.buffer).subarray(at, at + descriptionBytesMax);
  const end = bytes.indexOf(0);
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(bytes.slice(0, Math.max(0, end))));
    if (typeof said === "object" && said !== null) return said as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new PluginRefused(`oddwire_describe tells no JSON: ${(error as Error).message}`);
  }
  throw new PluginRefused("oddwire_describe tells no object");
}
