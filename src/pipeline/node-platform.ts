import { hash } from "node:crypto";
import type { Platform } from "#contract/platform.ts";

/** The platform seam over Node's own crypto. */
export const nodePlatform: Platform = {
  digest: (algorithm, bytes, from, to) => hash(algorithm, bytes.subarray(from, to), "buffer"),
};
