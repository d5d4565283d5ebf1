import { createRequire, registerHooks } from "node:module";
import { format } from "node:util";

/**
 * The room in which a script runs: no `process`, no network, and imports of nothing but a few of Node's modules that
 * compute. This gives authors a plain answer; what keeps a hostile script in are the fences of the kernel around the
 * process and Node's permissions, which are given up here too.
 */

/** Node's modules that compute only. */
const allowed = ["node:buffer", "node:crypto", "node:string_decoder", "node:util", "node:zlib"];
/** Where authors get `defineGamePlugin` from. */
const typesModule = "oddwire";
const scriptUrl = "oddwire:plugin";
const typesUrl = "oddwire:types";
const typesSource = "export const defineGamePlugin = (plugin) => plugin;";
const removed = ["process", "fetch", "WebSocket", "EventSource", "navigator", "localStorage", "sessionStorage", "require", "module"];

interface Permissions {
  drop?(scope: string): void;
}

/** What Oddwire itself needed to start: from now on no file can be read and no addon be loaded. */
export function giveUpPermissions(): void {
  const { permission } = process as unknown as { readonly permission?: Permissions };
  for (const scope of ["fs.read", "addon"]) permission?.drop?.(scope);
}

/** Node's own console leads to the streams of the process. */
function quietConsole(say: (text: string) => void): Console {
  const write = (...values: readonly unknown[]): void => say(format(...values));
  return { log: write, info: write, warn: write, error: write, debug: write } as unknown as Console;
}

/** Loads the script's source and gives its exports. Nothing else can be imported afterwards. */
export function enterRoom(source: string, say: (text: string) => void): Readonly<Record<string, unknown>> {
  const load = createRequire(import.meta.url);
  registerHooks({
    resolve(specifier, _context, next) {
      if (specifier === scriptUrl || specifier === typesUrl) return { url: specifier, format: "module", shortCircuit: true };
      if (specifier === typesModule || /(^|\/)contract\/(game-script|plugin)\.ts$/.test(specifier))
        return { url: typesUrl, format: "module", shortCircuit: true };
      const name = specifier.startsWith("node:") ? specifier : `node:${specifier}`;
      if (allowed.includes(name)) return next(name);
      throw new Error(`plugins cannot import ${specifier}: only oddwire, ${allowed.join(", ")}`);
    },
    load(url, context, next) {
      if (url === scriptUrl) return { format: "module", source, shortCircuit: true };
      if (url === typesUrl) return { format: "module", source: typesSource, shortCircuit: true };
      return next(url, context);
    },
  });
  giveUpPermissions();
  globalThis.console = quietConsole(say);
  for (const name of removed) Reflect.deleteProperty(globalThis, name);
  return load(scriptUrl) as Readonly<Record<string, unknown>>;
}
