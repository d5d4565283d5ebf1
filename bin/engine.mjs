// Which code `oddwire` runs: that of `src`, or the same put together into few files (tools/bundle.mjs), of which it starts
// a third faster. What was put together counts only while every file that went into it is as it was.
// Imports of Node's own modules make a facade of each, for which `node:fs` loads its streams; asking for them does not.
const { readFileSync, statSync } = process.getBuiltinModule("node:fs");

const root = new URL("../", import.meta.url);
/** Where bundles stand, each in a folder of its own: a running engine may still load the rest of an older one. */
export const bundles = new URL(".cache/engine/", root);
/** The file that names the newest one and what went into it. */
export const newest = "newest.json";

/** The address of the newest bundle's command line; `undefined` when there is none or a source has changed since. */
export function freshBundle(folder = bundles) {
  try {
    const facts = JSON.parse(readFileSync(new URL(newest, folder), "utf8"));
    if (facts.root !== root.pathname) return undefined;
    for (const [path, size, changed] of facts.sources) {
      const now = statSync(facts.root + path, { throwIfNoEntry: false });
      if (now === undefined || now.size !== size || now.mtimeMs !== changed) return undefined;
    }
    return new URL(facts.entry, folder).href;
  } catch {
    return undefined;
  }
}
