import { readFileSync, statSync } from "node:fs";
import { OddwireError } from "#contract/errors.ts";

/** Largest model that is read, bytes: what judges flows has some hundred kilobytes. */
const modelBytesMax = 33_554_432;

/** The bytes of a model that a setting names. Throws ODW_FILE_MISSING. */
export function readModelFile(path: string): Uint8Array {
  try {
    if (statSync(path).size > modelBytesMax) throw new Error(`it has more than ${modelBytesMax} bytes`);
    return readFileSync(path);
  } catch (error) {
    throw new OddwireError("ODW_FILE_MISSING", { file: path, cause: error instanceof Error ? error.message : String(error) });
  }
}
