import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { OddwireError } from "#contract/errors.ts";

/** Captures as they were named, with the captures of a folder in its place, in the order of their names. Throws ODW_USAGE when there is none. */
export function capturesOf(paths: readonly string[]): string[] {
  const captures = paths.flatMap(capturesAt);
  if (captures.length === 0) throw new OddwireError("ODW_USAGE", { cause: `${paths.join(", ")} holds no capture` });
  return captures;
}

function capturesAt(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.(pcap|pcapng|cap)(\.gz|\.zst)?$/.test(name))
    .toSorted()
    .map((name) => join(path, name));
}
