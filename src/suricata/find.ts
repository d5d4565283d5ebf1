import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { OddwireError } from "#contract/errors.ts";

const run = promisify(execFile);
const ASK_MS = 10_000;
/** Where its configuration usually is, when the binary does not say. */
const USUAL_CONFIGURATIONS = [
  "/etc/suricata/suricata.yaml",
  "/usr/local/etc/suricata/suricata.yaml",
  "/opt/homebrew/etc/suricata/suricata.yaml",
];

/** A Suricata on this machine. */
export interface FoundSuricata {
  readonly binary: string;
  readonly version: string;
  /** `Features` of `--build-info`: AF_PACKET, HAVE_JA3, LIBCAP_NG … */
  readonly features: readonly string[];
  /** What matters for Oddwire, from the lines of `--build-info`. */
  readonly can: {
    readonly afPacket: boolean;
    readonly unixSocket: boolean;
    readonly dropRights: boolean;
    readonly ja3: boolean;
    readonly ja4: boolean;
  };
  /** Its installed suricata.yaml, when there is one. */
  readonly configuration: string | undefined;
}

export interface FindOptions {
  /** `suricata.binary`; empty to look in PATH. */
  readonly binary: string;
  /** `suricata.config`; empty for the usual places. */
  readonly configuration: string;
}

/** Finds Suricata and asks it what it can do. Throws ODW_SURICATA_MISSING with what was looked for. */
export async function findSuricata({ binary, configuration }: FindOptions): Promise<FoundSuricata> {
  const path = binary === "" ? inPath("suricata") : isExecutable(binary) ? binary : undefined;
  if (path === undefined)
    throw new OddwireError("ODW_SURICATA_MISSING", { cause: binary === "" ? "no `suricata` in PATH" : `${binary} is no program` });
  if (configuration !== "" && !existsSync(configuration))
    throw new OddwireError("ODW_SURICATA_MISSING", { cause: `its configuration ${configuration} is not there` });
  const text = await buildInfo(path);
  const version = /Suricata version (\S+)/.exec(text)?.[1];
  if (version === undefined) throw new OddwireError("ODW_SURICATA_MISSING", { cause: `${path} does not say that it is Suricata` });
  const features = /^Features: (.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? [];
  const says = (name: string): boolean => new RegExp(`^\\s*${name}:\\s+yes`, "m").test(text);
  return {
    binary: path,
    version,
    features,
    can: {
      afPacket: features.includes("AF_PACKET"),
      unixSocket: says("Unix socket enabled"),
      dropRights: features.includes("LIBCAP_NG"),
      ja3: features.includes("HAVE_JA3"),
      ja4: features.includes("HAVE_JA4"),
    },
    configuration: configuration === "" ? usualConfiguration(text) : configuration,
  };
}

async function buildInfo(path: string): Promise<string> {
  try {
    return (await run(path, ["--build-info"], { timeout: ASK_MS, env: { ...process.env, LC_ALL: "C" } })).stdout;
  } catch (error) {
    throw new OddwireError("ODW_SURICATA_MISSING", { cause: `${path} does not answer: ${(error as Error).message.split("\n")[0]}` });
  }
}

function usualConfiguration(buildInfoText: string): string | undefined {
  const directory = /^\s*--sysconfdir\s+(\S+)/m.exec(buildInfoText)?.[1];
  const first = directory === undefined ? [] : [join(directory, "suricata/suricata.yaml")];
  return [...first, ...USUAL_CONFIGURATIONS].find((path) => existsSync(path));
}

const inPath = (name: string): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, name))
    .find(isExecutable);

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
