import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { basename, dirname } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import type { Config } from "#schema/config.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { CounterGroup } from "#schema/suricata.ts";
import { eveOf } from "#suricata/configure.ts";
import { counterGroups } from "#suricata/counter-groups.ts";
import { EveReader } from "#suricata/eve-reader.ts";
import { EventSocket } from "#suricata/event-socket.ts";
import { FileFollower } from "#suricata/file-follower.ts";
import type { FoundSuricata } from "#suricata/find.ts";
import { FlowTable } from "#suricata/flow-table.ts";
import { JoinQueue } from "#suricata/join-queue.ts";
import { ZeekFollower } from "#suricata/zeek-follower.ts";
import { ZeekReader } from "#suricata/zeek-reader.ts";
import type { KeeperStatus } from "./suricata-keeper.ts";
import { findConfigured, prepareSuricata, readKeeper, runningKeepers, type SuricataTarget, startKeeper } from "./suricata-setup.ts";

/** What `oddwire suricata status` tells. */
export interface SuricataOverview {
  readonly found: FoundSuricata | undefined;
  /** Why none was found. */
  readonly missing?: string;
  /** Those of ours that run. */
  readonly running: readonly KeeperStatus[];
}

export async function suricataOverview(config: Config): Promise<SuricataOverview> {
  const running = runningKeepers();
  try {
    return { found: await findConfigured(config), running };
  } catch (error) {
    if (!(error instanceof OddwireError)) throw error;
    return { found: undefined, missing: error.message, running };
  }
}

/** Makes a configuration, lets Suricata check it, and throws it away. Throws ODW_SURICATA_CONFIG with cause and mend. */
export async function checkSuricata(config: Config, target: SuricataTarget): Promise<FoundSuricata> {
  const { rmSync } = await import("node:fs");
  const { found, directory } = await prepareSuricata(config, target);
  rmSync(directory, { recursive: true, force: true });
  return found;
}

/** How long a Suricata may take to load its rules before the command gives up waiting, milliseconds. */
const START_MS = 180_000;
const STOP_MS = 30_000;
const LOOK_MS = 50;

/** `oddwire suricata start`: starts one that goes on when the command ends. Throws ODW_SURICATA_FAILED when it does not. */
export async function startSuricata(config: Config, interfaces: readonly string[]): Promise<KeeperStatus> {
  const { directory, setup } = await prepareSuricata(config, { interfaces });
  const keeper = startKeeper({ ...setup, bound: false });
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    const status = readKeeper(directory);
    if (status?.state === "running") return status;
    const last = status?.process.ends.at(-1);
    if (last !== undefined) {
      await keeper.end();
      throw new OddwireError("ODW_SURICATA_FAILED", { cause: `Suricata ended at once: ${last.words}` });
    }
    await sleep(LOOK_MS);
  }
  await keeper.end();
  throw new OddwireError("ODW_SURICATA_FAILED", { cause: `Suricata did not start within ${START_MS / 1000} s` });
}

/** `oddwire suricata stop`: ends those that we started, of these interfaces or all. Returns the ones that are gone. */
export async function stopSuricata(interfaces: readonly string[]): Promise<readonly KeeperStatus[]> {
  const chosen = runningKeepers().filter(
    (status) => interfaces.length === 0 || status.interfaces.some((name) => interfaces.includes(name)),
  );
  const stopped: KeeperStatus[] = [];
  for (const status of chosen) {
    if (!isKeeper(status.keeper)) continue;
    process.kill(status.keeper, "SIGTERM");
    const end = Date.now() + STOP_MS;
    while (isKeeper(status.keeper) && Date.now() < end) await sleep(LOOK_MS);
    if (!isKeeper(status.keeper)) stopped.push(status);
  }
  return stopped;
}

/** True when the process of this number is a keeper of ours: a number may have gone over to somebody else's. */
function isKeeper(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("suricata-keeper");
  } catch {
    return false;
  }
}

/** Where foreign events come from for the commands that print them. */
export type FeedSource =
  | { readonly kind: "file"; readonly path: string; readonly from: "start" | "end" }
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "zeek"; readonly path: string; readonly from: "start" | "end" };

/** What came, when the printing has ended. */
export interface FeedTotals {
  readonly lines: number;
  readonly bad: number;
  readonly alerts: number;
  readonly kinds: { readonly [kind: string]: number };
}

/** Reads a feed without an engine beside it, so that nothing is joined, until the signal; `onEvent` gets what is told. */
export async function printFeed(
  source: FeedSource,
  tell: readonly string[],
  onEvent: (event: OddwireEvent) => void,
  until: Promise<unknown>,
): Promise<FeedTotals> {
  const join = new JoinQueue(new FlowTable(() => ""), () => Number.POSITIVE_INFINITY);
  const retry = setInterval(() => join.retry(true), LOOK_MS);
  try {
    if (source.kind === "zeek") {
      const zeek = new ZeekReader({ join, tell, onEvent });
      const follower = new ZeekFollower(source.path, zeek, source.from);
      follower.start();
      await until;
      await follower[Symbol.asyncDispose]();
      join.retry(true);
      return { lines: zeek.lines, bad: follower.bad, alerts: zeek.alerts, kinds: Object.fromEntries(zeek.kinds) };
    }
    const reader = new EveReader({ join, tell, onEvent });
    const onLine = (line: string): void => reader.line(line);
    const feed =
      source.kind === "socket" ? new EventSocket(source.path, onLine) : new FileFollower(source.path, { from: source.from, onLine });
    await feed.start();
    await until;
    await feed[Symbol.asyncDispose]();
    join.retry(true);
    return { lines: reader.lines, bad: reader.bad + feed.tooLong, alerts: reader.alerts, kinds: Object.fromEntries(reader.kinds) };
  } finally {
    clearInterval(retry);
  }
}

/** Bytes at the end of an eve.json in which its newest counters are looked for. */
const TAIL_BYTES = 8_388_608;

/** The newest counters in an eve.json, and their time; of the Suricata that we started when no file is named. */
export function newestCounters(path: string | undefined): {
  readonly source: string;
  readonly time: string;
  readonly groups: readonly CounterGroup[];
} {
  const source = path ?? ourEve();
  const line = tailOf(source)
    .split("\n")
    .findLast((one) => one.includes('"event_type":"stats"'));
  if (line === undefined) throw new OddwireError("ODW_FEED_UNREADABLE", { path: source, cause: "it holds no counters yet" });
  const event = JSON.parse(line) as { readonly timestamp?: string; readonly stats?: unknown };
  return { source, time: event.timestamp ?? "", groups: counterGroups(event.stats) };
}

function ourEve(): string {
  const [status] = runningKeepers();
  if (status === undefined)
    throw new OddwireError("ODW_SURICATA_FAILED", { cause: "no Suricata of ours runs; name an eve.json with --eve" });
  return eveOf(status.directory);
}

/** The end of the file; of one that was just rotated, the end of the one before it too. */
function tailOf(path: string): string {
  const older = readdirSync(dirname(path)).includes(`${basename(path)}.1`) ? `${path}.1` : undefined;
  const text = endOf(path);
  return older !== undefined && !text.includes('"event_type":"stats"') ? endOf(older) : text;
}

function endOf(path: string): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw new OddwireError("ODW_FEED_UNREADABLE", { path, cause: (error as Error).message });
  }
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - from);
    const bytes = readSync(file, buffer, 0, buffer.length, from);
    const text = buffer.toString("utf8", 0, bytes);
    return text.slice(0, text.lastIndexOf("\n") + 1);
  } finally {
    closeSync(file);
  }
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
