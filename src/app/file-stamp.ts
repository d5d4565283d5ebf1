import { statSync } from "node:fs";

/** Says whether a file is still the one that it was: another text when it was written or replaced; `-` where there is none. */
export function fileStamp(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "-" : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
}
