import { spawn } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import type { Config } from "#schema/config.ts";
import { checkConfiguration } from "#suricata/check-configuration.ts";
import { suricataYaml } from "#suricata/configure.ts";
import { type FoundSuricata, findSuricata } from "#suricata/find.ts";
import { chooseUser } from "./rights.ts";
import { type KeeperSetup, type KeeperStatus, statusOf } from "./suricata-keeper.ts";

/** What a Suricata of ours is to look at: interfaces, or one file. */
export type SuricataTarget = { readonly interfaces: readonly string[] } | { readonly file: string };

/** A Suricata that was made ready, with a checked configuration, and not started yet. */
export interface PreparedSuricata {
  readonly found: FoundSuricata;
  readonly directory: string;
  readonly setup: KeeperSetup;
}

/** A started keeper. */
export interface StartedKeeper {
  readonly pid: number;
  /** Ends it with its Suricata and waits until both are gone. */
  end(): Promise<void>;
  readonly ended: Promise<void>;
}

const keeperModule = join(import.meta.dirname, import.meta.url.endsWith(".ts") ? "suricata-keeper.ts" : "suricata-keeper.js");
/** Signs of life of a keeper come every second; after so many milliseconds without any it has gone. */
const KEEPER_SILENT_MS = 5000;

/** Where a Suricata of ours is looked for in the configuration. */
export const findConfigured = (config: Config): Promise<FoundSuricata> =>
  findSuricata({ binary: config["suricata.binary"], configuration: config["suricata.config"] });

/**
 * Finds it, writes its configuration into a directory of its own, and lets it check it. Called while there are rights.
 * Throws ODW_SURICATA_MISSING, ODW_SURICATA_CONFIG or ODW_RIGHTS_USER; nothing is left behind then.
 */
export async function prepareSuricata(config: Config, target: SuricataTarget): Promise<PreparedSuricata> {
  const found = await findConfigured(config);
  const interfaces = "file" in target ? [] : target.interfaces;
  const users = usersOf(config, found);
  const directory = makeRunDirectory(users);
  try {
    const configuration = join(directory, "suricata.yaml");
    writeFileSync(configuration, configurationText(config, found, directory, interfaces, users?.suricata), { mode: 0o640 });
    const log = join(directory, "log");
    await checkConfiguration(found.binary, configuration, log);
    const capture = "file" in target ? ["-r", resolve(target.file)] : interfaces.map((name) => `--af-packet=${name}`);
    const setup: KeeperSetup = {
      binary: found.binary,
      version: found.version,
      arguments: ["-c", configuration, "-l", log, ...capture],
      directory,
      interfaces,
      files: "file" in target ? [resolve(target.file)] : [],
      restartsMax: config["suricata.restarts-max"],
      bound: true,
    };
    return { found, directory, setup };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Starts the keeper. What the terminal sends to this process group does not reach it. */
export function startKeeper(setup: KeeperSetup): StartedKeeper {
  const child = spawn(process.execPath, [...process.execArgv, keeperModule, JSON.stringify(setup)], {
    stdio: [setup.bound ? "pipe" : "ignore", "ignore", "ignore"],
    detached: true,
  });
  const ended = new Promise<void>((done) => {
    child.once("exit", () => done());
    child.once("error", () => done());
  });
  if (!setup.bound) child.unref();
  child.stdin?.on("error", () => undefined);
  return {
    pid: child.pid ?? 0,
    ended,
    end: async () => {
      child.stdin?.end();
      if (!setup.bound) child.kill("SIGTERM");
      await ended;
    },
  };
}

/** What the keeper says of itself; `undefined` before it said anything. `kept` is false when it has gone. */
export function readKeeper(directory: string): (KeeperStatus & { readonly kept: boolean }) | undefined {
  try {
    const status = JSON.parse(readFileSync(statusOf(directory), "utf8")) as KeeperStatus;
    return { ...status, kept: Date.now() - status.at < KEEPER_SILENT_MS };
  } catch {
    return undefined;
  }
}

/** Suricatas of ours that run on this machine, of this user or, for root, of root. */
export function runningKeepers(): readonly KeeperStatus[] {
  let names: string[] = [];
  try {
    names = readdirSync(baseDirectory());
  } catch {
    // Nobody has started one.
  }
  return names.map((name) => readKeeper(join(baseDirectory(), name))).filter((status) => status?.kept === true) as KeeperStatus[];
}

interface Users {
  /** Who Suricata becomes. */
  readonly suricata: { readonly uid: number; readonly gid: number };
}

/** Root gives Suricata another user, whose group the engine is in, so that it may read the events. */
function usersOf(config: Config, found: FoundSuricata): Users | undefined {
  if (process.getuid?.() !== 0 || !found.can.dropRights) return undefined;
  const engine = chooseUser(config["engine.user"]);
  const wanted = config["suricata.user"];
  const { uid } = wanted === "" ? engine : chooseUser(wanted);
  return { suricata: { uid, gid: engine.gid } };
}

function configurationText(
  config: Config,
  found: FoundSuricata,
  directory: string,
  interfaces: readonly string[],
  user: { readonly uid: number; readonly gid: number } | undefined,
): string {
  const installed = found.configuration === undefined ? undefined : readInstalled(found.configuration);
  try {
    return suricataYaml(installed, {
      interfaces,
      directory,
      rules: config["suricata.rules"].filter((path) => path !== "").map((path) => resolve(path)),
      tell: config["suricata.tell"],
      statsIntervalS: config["suricata.stats-interval-s"],
      ...(user === undefined ? {} : { user }),
      ja3: found.can.ja3,
      ja4: found.can.ja4,
      unixSocket: found.can.unixSocket && interfaces.length > 0,
      clusterId: 1 + ((process.pid * 7 + 0x2f00) % 0xfff0),
    });
  } catch (error) {
    const cause = `${found.configuration}: ${(error as Error).message.split("\n")[0]}`;
    throw new OddwireError("ODW_SURICATA_CONFIG", { cause, mend: "mend it, or name another one with suricata.config" });
  }
}

function readInstalled(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new OddwireError("ODW_SURICATA_CONFIG", { cause: (error as Error).message, mend: "check its permissions" });
  }
}

/** `/run/oddwire` for root; a directory of the user's own otherwise. */
function baseDirectory(): string {
  const uid = process.getuid?.() ?? 0;
  if (uid === 0 && process.platform === "linux") return "/run/oddwire";
  const runtime = process.env["XDG_RUNTIME_DIR"];
  return runtime === undefined || runtime === "" ? join(tmpdir(), `oddwire-${uid}`) : join(runtime, "oddwire");
}

/** A new directory that nobody else may write to, with `log/` for Suricata. */
function makeRunDirectory(users: Users | undefined): string {
  const base = baseDirectory();
  try {
    mkdirSync(base, { recursive: true, mode: users === undefined ? 0o700 : 0o755 });
    const facts = lstatSync(base);
    if (!facts.isDirectory() || facts.uid !== (process.getuid?.() ?? facts.uid)) throw new Error("it belongs to somebody else");
    const directory = mkdtempSync(join(base, "suricata-"));
    const log = join(directory, "log");
    mkdirSync(log);
    if (users !== undefined) {
      chownSync(directory, 0, users.suricata.gid);
      chownSync(log, users.suricata.uid, users.suricata.gid);
    }
    // What the keeper writes later gets the group of the directory.
    for (const path of [directory, log]) chmodSync(path, users === undefined ? 0o750 : 0o2750);
    return directory;
  } catch (error) {
    throw new OddwireError("ODW_OUT_UNWRITABLE", { path: base, cause: (error as Error).message });
  }
}
