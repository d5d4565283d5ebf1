import { hash } from "node:crypto";
import type { Platform } from "#contract/platform.ts";
import { NodeInflaters } from "./node-inflater.ts";

/** Results remembered of each kind; when there are more, all are forgotten. */
const resultsMax = 4096;

/** The platform seam over Node's own crypto. One for each shard. */
export function createNodePlatform(): Platform {
  const inflaters = new NodeInflaters();
  const spaces = new Map<string, Map<string, unknown>>();
  return {
    digest: (algorithm, bytes, from, to) => hash(algorithm, bytes.subarray(from, to), "buffer"),
    remember<T>(what: string, key: string, compute: () => T): T {
      let results = spaces.get(what) as Map<string, T> | undefined;
      if (results === undefined) {
        results = new Map();
        spaces.set(what, results);
      }
      const known = results.get(key);
      if (known !== undefined) return known;
      const result = compute();
      if (results.size >= resultsMax) results.clear();
      results.set(key, result);
      return result;
    },
    inflater: (coding) => inflaters.open(coding),
  };
}
