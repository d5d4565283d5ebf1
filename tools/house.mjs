/**
 * What `npm start`, `npm test` and `npm run bench` share. Runs under whatever Node brought npm (20 or newer), imports no
 * package: it is what installs them.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export const root = join(import.meta.dirname, "..");

/** The project's own Node; `undefined` where it has none for this platform and the one that runs is too old. */
export function projectNode() {
  const modules = join(root, "node_modules");
  const brought = existsSync(modules) ? readdirSync(modules).filter((name) => name.startsWith("node-")) : [];
  for (const name of brought) {
    for (const file of ["bin/node", "bin/node.exe"]) {
      const path = join(modules, name, file);
      if (existsSync(path)) return path;
    }
  }
  return Number(process.versions.node.split(".")[0]) >= 26 ? process.execPath : undefined;
}

/** Environment in which `node` is the project's Node and its tools are found first. */
export const environment = () => ({ ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}` });

/** Installs the packages when one is missing or of another version than package.json says. */
export function install() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  console.error(`oddwire: installing ${missing.length} packages and what they need (npm ci)`);
  const npm = process.env["npm_execpath"];
  const flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, args] = npm?.endsWith("js") ? [process.execPath, [npm, ...flags]] : ["npm", flags];
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" });
  if (status !== 0) fail("npm ci failed; is the network reachable?");
  if (projectNode() === undefined) fail(`there is no Node 26 for ${process.platform} ${process.arch}; install it and start again with it`);
}

/** Direct dependencies that are not there as package.json says. npm writes `.package-lock.json` when it is done. */
function missingPackages() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const wanted = Object.entries({ ...dependencies, ...devDependencies });
  if (!existsSync(join(root, "node_modules/.package-lock.json")) || projectNode() === undefined) return wanted;
  return wanted.filter(([name, version]) => {
    const path = join(root, "node_modules", name, "package.json");
    return !existsSync(path) || JSON.parse(readFileSync(path, "utf8")).version !== version;
  });
}

const pageSources = [
  "web/src",
  "web/public",
  "web/build",
  "web/index.html",
  "web/vite.config.ts",
  "src/base",
  "src/client",
  "src/query",
  "src/schema",
  "package-lock.json",
];

/** True when the page has not been built since one of its sources changed. */
export function pageIsStale() {
  const built = statSync(join(root, "web/dist/index.html"), { throwIfNoEntry: false });
  return built === undefined || pageSources.some((path) => newest(join(root, path)) > built.mtimeMs);
}

function newest(path) {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return 0;
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Arguments of a command that builds the page. */
export const pageBuild = ["node_modules/vite/bin/vite.js", "build", "--config", "web/vite.config.ts", "--logLevel", "warn"];

/** Arguments of a command that puts the engine's modules together, when one has changed since. */
export const engineBundle = ["tools/bundle.mjs"];

/** Runs a program with the project's Node and waits; its output is collected, standard output and errors in their order. */
export function runCollected(args) {
  return new Promise((resolve) => {
    const env = process.stdout.isTTY ? environment() : { ...environment(), NO_COLOR: "1" };
    const child = spawn(projectNode() ?? process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    const parts = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => parts.push(part));
    child.on("close", (code) => resolve({ code: code ?? 1, text: Buffer.concat(parts).toString() }));
  });
}

/** One line, and the end. */
export function fail(text) {
  console.error(`oddwire: ${text}`);
  process.exit(1);
}
