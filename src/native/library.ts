import type koffi from "koffi";

type Koffi = typeof koffi;

/** A shared library that was found, or why none was. */
export type LoadedLibrary =
  | { readonly found: true; readonly name: string; readonly library: ReturnType<Koffi["load"]>; readonly koffi: Koffi }
  | { readonly found: false; readonly cause: string };

/** File names of a library by platform, tried in order. */
export type LibraryNames = { readonly [platform: string]: readonly string[] };

/**
 * Loads the first of a library's names that this machine has. koffi itself is loaded only now: it costs milliseconds
 * that a run without foreign code does not pay.
 */
export async function loadLibrary(names: LibraryNames, platform: string = process.platform): Promise<LoadedLibrary> {
  const candidates = names[platform];
  if (candidates === undefined) return { found: false, cause: `its name on ${platform} is not known` };
  let koffi: Koffi;
  try {
    koffi = (await import("koffi")).default;
  } catch (error) {
    return { found: false, cause: `foreign libraries cannot be called here (${oneLine(error)})` };
  }
  let refusal = "";
  for (const name of candidates) {
    try {
      return { found: true, name, library: koffi.load(name), koffi };
    } catch (error) {
      refusal ||= oneLine(error);
    }
  }
  return { found: false, cause: `${candidates.join(", ")}: ${refusal}` };
}

const oneLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .replace(/\s+/g, " ")
    .trim();
