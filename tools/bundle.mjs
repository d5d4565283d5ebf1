/**
 * `node tools/bundle.mjs [--if-possible] [FOLDER]`: puts the engine's modules together into few files, of which
 * `bin/oddwire` starts a third faster than of hundreds (docs/adr/0020-bundled-start.md). Runs behind `npm ci`, in `npm start`
 * and in `npm test`; where it has not run, or a source has changed since, the modules of `src` run as they are.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundles, freshBundle, newest } from "../bin/engine.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
/** Older bundles that stay, for engines that still run. */
const olderKept = 4;
/** Packages that are part of it: the others are loaded by what needs them. */
const packages = ["commander", "tldts", "tldts-core"];

/** Modules name each other by room, and say of themselves where they lie. */
const rooms = {
  name: "rooms",
  enforce: "pre",
  resolveId: (id) => (id.startsWith("#") ? `${root}src/${id.slice(1)}` : undefined),
  transform(code, id) {
    if (!id.startsWith(`${root}src/`) || !code.includes("import.meta.")) return undefined;
    const words = { url: pathToFileURL(id).href, dirname: id.slice(0, id.lastIndexOf("/")), filename: id };
    return code.replaceAll(/import\.meta\.(url|dirname|filename)\b/g, (_all, word) => JSON.stringify(words[word]));
  },
};

/** Node's modules are asked for, not imported (see bin/engine.mjs). */
const builtins = {
  name: "builtins",
  renderChunk: (code) =>
    code.replaceAll(/^import \{([^}]*)\} from "(node:[^"]+)";/gm, (_all, names, id) => {
      return `const {${names.replaceAll(" as ", ": ")}} = process.getBuiltinModule("${id}");`;
    }),
};

async function bundle() {
  const { build } = await import("vite");
  const output = { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" };
  const result = await build({
    configFile: false,
    root,
    logLevel: "warn",
    publicDir: false,
    plugins: [rooms, builtins],
    ssr: { target: "node", noExternal: packages },
    build: { ssr: `${root}src/cli/cli.ts`, write: false, minify: false, target: "esnext", rolldownOptions: { output } },
  });
  const parts = Array.isArray(result) ? result[0].output : result.output;
  return parts.filter(({ type }) => type === "chunk");
}

/** Size and time of each file that may not change. */
function sourcesOf(chunks) {
  const own = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.startsWith(`${root}src/`));
  return [...own, `${root}package-lock.json`].map((path) => {
    const { size, mtimeMs } = statSync(path);
    return [relative(root, path), size, mtimeMs];
  });
}

function write(chunks, into) {
  const hash = createHash("sha256");
  for (const { fileName, code } of chunks) hash.update(fileName).update(code);
  const name = hash.digest("hex").slice(0, 16);
  const folder = new URL(`${name}/`, into);
  mkdirSync(folder, { recursive: true });
  for (const { fileName, code } of chunks) writeFileSync(new URL(fileName, folder), code);
  const entry = chunks.find(({ isEntry }) => isEntry).fileName;
  const facts = { root: new URL("../", import.meta.url).pathname, entry: `${name}/${entry}`, sources: sourcesOf(chunks) };
  const unfinished = new URL(`${newest}.${process.pid}`, into);
  writeFileSync(unfinished, JSON.stringify(facts));
  renameSync(unfinished, new URL(newest, into));
  return name;
}

/** Forgets bundles that nobody runs any more, the oldest first. */
function forgetOld(newestName, into) {
  const older = readdirSync(into, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== newestName)
    .map(({ name }) => ({ name, time: statSync(new URL(name, into)).mtimeMs }))
    .toSorted((a, b) => b.time - a.time);
  for (const { name } of older.slice(olderKept)) rmSync(new URL(name, into), { recursive: true, force: true });
}

const [folder] = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const into = folder === undefined ? bundles : pathToFileURL(`${folder}/`);
try {
  if (freshBundle(into) === undefined) forgetOld(write(await bundle(), into), into);
} catch (error) {
  if (!process.argv.includes("--if-possible")) throw error;
}
