import { readFileSync } from "node:fs";
import { KeyLog } from "#pipeline/key-log.ts";
import type { Config } from "#schema/config.ts";
import { OddwireError } from "./errors.ts";

/** The secrets that the user gave; those of the capture come to them. */
export function keyLogOf(config: Config): KeyLog {
  const log = new KeyLog();
  const file = config["tls.key-log"];
  if (file === "") return log;
  try {
    log.add(readFileSync(file, "latin1"));
  } catch (error) {
    throw new OddwireError("ODW_FILE_MISSING", { file, cause: error instanceof Error ? error.message : String(error) });
  }
  return log;
}
