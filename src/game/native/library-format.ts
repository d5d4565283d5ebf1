import { closeSync, openSync, readSync, statSync } from "node:fs";

/** Formats of shared libraries by their first four bytes. */
const formats = [
  { name: "Linux (ELF, .so)", platforms: ["linux"], heads: ["7f454c46"] },
  { name: "macOS (Mach-O, .dylib)", platforms: ["darwin"], heads: ["cffaedfe", "cefaedfe", "cafebabe", "feedfacf"] },
  { name: "Windows (PE, .dll)", platforms: ["win32"], heads: ["4d5a"] },
] as const;

export const headBytes = 4;

/** Why a library cannot be loaded on this system, told before anything tries; `undefined` when its format is this system's. */
export function libraryTrouble(head: Uint8Array, platform: NodeJS.Platform): string | undefined {
  const hex = Buffer.from(head.subarray(0, headBytes)).toString("hex");
  const format = formats.find(({ heads }) => heads.some((one) => hex.startsWith(one)));
  const own = formats.find(({ platforms }) => platforms.some((one) => one === platform));
  if (own === undefined) return `native plugins are not loaded on ${platform}`;
  // Of what is no library at all the loader says more.
  if (format === own || format === undefined) return undefined;
  return `it is a library of ${format.name}; here they are of ${own.name}`;
}

/** The first bytes of a file; none when it cannot be read, which whoever opens it tells. */
export function headOf(file: string): Uint8Array {
  const head = new Uint8Array(headBytes);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return head.subarray(0, 0);
  const descriptor = openSync(file, "r");
  try {
    return head.subarray(0, readSync(descriptor, head));
  } finally {
    closeSync(descriptor);
  }
}
