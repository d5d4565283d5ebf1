/**
 * The process that keeps a Suricata running. It is told everything at its start and asked nothing afterwards: it writes
 * `status.json` into the run directory, rotates `log/eve.json`, and ends, with its Suricata, when its standard input
 * closes or SIGTERM comes. It reads nothing that came from a network but Suricata's own words (docs/adr/0013).
 */
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Capability, limitBoundingSet, setCapabilities, setNoNewPrivileges } from "#native/privileges.ts";
import type { SuricataProcessFacts } from "#schema/suricata.ts";
import { eveOf } from "#suricata/configure.ts";
import { Supervisor, type SupervisorState } from "#suricata/supervisor.ts";

/** What the keeper is told, as JSON in its first argument. */
export interface KeeperSetup {
  readonly binary: string;
  readonly version: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly interfaces: readonly string[];
  readonly files: readonly string[];
  readonly restartsMax: number;
  /** True when it ends with its standard input; otherwise it runs on its own until SIGTERM. */
  readonly bound: boolean;
}

/** `status.json`. */
export interface KeeperStatus {
  /** Process number of the keeper. */
  readonly keeper: number;
  /** Time of the last sign of life, milliseconds since 1970; one comes every second. */
  readonly at: number;
  readonly state: SupervisorState;
  readonly version: string;
  readonly directory: string;
  readonly interfaces: readonly string[];
  readonly files: readonly string[];
  readonly process: SuricataProcessFacts;
}

export const statusOf = (directory: string): string => join(directory, "status.json");

const HEARTBEAT_MS = 1000;
/** Size at which eve.json is rotated; one older file is kept until the next time. */
const EVE_BYTES_MAX = 16_777_216;

/** What a keeper and a Suricata of root's need: packet sockets, another user, files of its own; and to end the child. */
const CAPABILITIES = (
  ["chown", "dacOverride", "fowner", "kill", "setGid", "setUid", "setPcap", "netAdmin", "netRaw", "ipcLock", "sysNice"] as const
).map((name) => Capability[name]);

async function keep(setup: KeeperSetup): Promise<void> {
  process.umask(0o027);
  if (process.platform === "linux" && process.getuid?.() === 0) limitRights();
  const supervisor = new Supervisor({
    binary: setup.binary,
    arguments: setup.arguments,
    endsByItself: setup.files.length > 0,
    limits: { restartsMax: setup.restartsMax },
    onChange: () => tell(setup, supervisor),
  });
  const heart = setInterval(() => {
    tell(setup, supervisor);
    if (setup.files.length === 0) rotate(setup.directory, supervisor);
  }, HEARTBEAT_MS);
  const asked = askedToEnd(setup.bound);
  supervisor.start();
  // One that is not started again stays in the status until somebody ends the keeper.
  await (setup.files.length > 0 ? Promise.race([asked, supervisor.over]) : asked);
  clearInterval(heart);
  await supervisor.stop();
  if (setup.files.length === 0) rmSync(setup.directory, { recursive: true, force: true });
}

/** The thread that starts Suricata is this one: what it gives up, neither can have. */
function limitRights(): void {
  limitBoundingSet(CAPABILITIES);
  setNoNewPrivileges();
  setCapabilities(CAPABILITIES, []);
}

/** Written beside and renamed, so that whoever reads it never sees a half. */
function tell(setup: KeeperSetup, supervisor: Supervisor): void {
  const { version, directory, interfaces, files } = setup;
  const { state, facts } = supervisor;
  const status: KeeperStatus = { keeper: process.pid, at: Date.now(), state, version, directory, interfaces, files, process: facts };
  try {
    writeFileSync(`${statusOf(directory)}.new`, JSON.stringify(status), { mode: 0o640 });
    renameSync(`${statusOf(directory)}.new`, statusOf(directory));
  } catch {
    // A full disk must not end the Suricata; whoever waits for signs of life says that none come.
  }
}

function rotate(directory: string, supervisor: Supervisor): void {
  const path = eveOf(directory);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < EVE_BYTES_MAX || supervisor.state !== "running") return;
  renameSync(path, `${path}.1`);
  supervisor.reopen();
}

function askedToEnd(bound: boolean): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => resolve());
    if (!bound) return;
    process.stdin.on("end", () => resolve());
    process.stdin.on("error", () => resolve());
    process.stdin.resume();
  });
}

if (import.meta.main) {
  await keep(JSON.parse(process.argv[2] as string) as KeeperSetup);
  process.exit(0);
}
