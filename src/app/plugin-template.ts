import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OddwireError } from "#contract/errors.ts";

const plugins = join(import.meta.dirname, "../../plugins");
const contract = join(import.meta.dirname, "../contract/game-script.ts");
const kinds: { readonly [kind: string]: (name: string) => string } = {
  c: (name) => `make, then oddwire plugin check ${name}.so`,
  wasm: (name) => `npm install && npm run build, then oddwire plugin check ${name}.wasm`,
  typescript: (name) => `oddwire plugin check ${name}.ts`,
};
const words = { id: "my_game", title: "My Game" };

/** A plugin to begin with: files written, and what to do next. Nothing that is there already is overwritten. */
export function writePlugin(name: string, kind: string, folder: string): { readonly files: readonly string[]; readonly next: string } {
  const next = kinds[kind];
  if (next === undefined) throw new OddwireError("ODW_USAGE", { cause: `${kind} is no kind of plugin: ${Object.keys(kinds).join(", ")}` });
  if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(name))
    throw new OddwireError("ODW_USAGE", { cause: `${name} is no name of a game: a-z, 0-9, - and _, at most 32 of them` });
  const files: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(join(plugins, "template", kind))) {
      const path = join(folder, file.replace(words.id, name));
      const text = readFileSync(join(plugins, "template", kind, file), "utf8");
      writeFileSync(path, text.replaceAll(words.id, name).replaceAll(words.title, titleOf(name)).replaceAll("./CONTRACT", contract), {
        flag: "wx",
      });
      files.push(path);
    }
    if (kind === "c") {
      copyFileSync(join(plugins, "plugin_api.h"), join(folder, "plugin_api.h"));
      files.push(join(folder, "plugin_api.h"));
    }
  } catch (error) {
    throw new OddwireError("ODW_OUT_UNWRITABLE", { path: folder, cause: (error as Error).message });
  }
  return { files, next: `cd ${folder} && ${next(name)}` };
}

/** `my-game` → `My Game`. */
const titleOf = (name: string): string =>
  name.replaceAll(/(^|[-_]+)([a-z0-9])/g, (_, gap: string, letter: string) => `${gap === "" ? "" : " "}${letter.toUpperCase()}`);
