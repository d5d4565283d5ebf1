import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { requireInterface } from "#capture/live/interfaces.ts";
import { hasRing } from "#capture/live/live-source.ts";
import { openSocket } from "#capture/live/packet-port.ts";
import { OddwireError } from "#contract/errors.ts";
import { channelPair } from "#native/descriptor-passing.ts";
import { closeDescriptor } from "#native/libc.ts";
import { Capability, clearAmbientSet, emptyBoundingSet, setCapabilities, setNoNewPrivileges, setNotDumpable } from "#native/privileges.ts";
import { OPENED, type Opened } from "./opener-channel.ts";
import type { KeeperSetup } from "./opener-keeper.ts";
import { chooseUser, firstUnreadable } from "./rights.ts";

/**
 * `oddwire live` on Linux is two processes:
 *
 *   opener (parent, small)                          engine (child)
 *   1 opens packet sockets   ── descriptors 3… ──►  3 opens files, makes the output directory, loads its modules
 *   2 gives up what it can, starts the engine       4 dropRights(): no user 0, no capability, in no thread
 *     keeper thread: CAP_NET_RAW only  ◄─ channel ─ 5 endWithOpener(), starts the rings; may ask for a new socket
 *     main thread: passes signals on, waits         6 ends; the opener returns its exit code
 *
 * When root starts it, the engine begins as root without the bounding set and with the few capabilities that step 3
 * needs (`ENGINE_CAPABILITIES`); CAP_NET_RAW is not among them. Its own session keeps the terminal's signals away:
 * every signal reaches it once, through the opener.
 */
export interface OpenerOptions {
  readonly interfaces: readonly string[];
  /** Threads that read; each gets a socket for each interface. */
  readonly workers: number;
  /** `engine.user` */
  readonly user?: string;
  /** Where the opener tells why the engine ended; the console's error output by default. */
  readonly report?: (text: string) => void;
}

/** True when live capture of these interfaces goes through the opener; else the engine opens `LibpcapSource` itself, in one process. */
export const usesOpener = (interfaces: readonly string[]): boolean => interfaces.every(hasRing);

/**
 * Opens the sockets, runs `engineModule` with `args` in a process of its own and waits for it. Returns its exit code; 1
 * when a signal ended it. This process has no right to speak of afterwards. Throws ODW_INTERFACE_MISSING,
 * ODW_CAPTURE_RIGHTS or ODW_RIGHTS_USER before anything is started.
 */
export async function runOpened(engineModule: string, args: readonly string[], options: OpenerOptions): Promise<number> {
  for (const name of options.interfaces) requireInterface(name);
  checkUser(engineModule, options.user);
  const sockets = openSockets(options);
  const channels = Array.from({ length: options.workers }, channelPair);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const keeper = await startKeeper({ channels: channels.map(([mine]) => mine), stop });
  const ended = new Promise((resolve) => void keeper.once("exit", resolve));
  limitThisThread();
  const handed = channels.map(([, theirs], i) => ({ sockets: sockets[i] ?? [], channel: theirs }));
  const engine = startEngine(engineModule, args, options.interfaces, handed);
  for (const worker of handed) for (const fd of [...worker.sockets, worker.channel]) closeDescriptor(fd);
  try {
    return await passSignals(engine, options.report ?? ((text) => process.stderr.write(`${text}\n`)));
  } finally {
    Atomics.store(stop, 0, 1);
    // Not `terminate`: a thread that is ended inside koffi takes the process with it.
    await ended;
    for (const [mine] of channels) closeDescriptor(mine);
  }
}

/** What the engine may do before `dropRights` when root started it: read its files, make and give away its output directory, change user. */
const ENGINE_CAPABILITIES = [
  Capability.chown,
  Capability.dacOverride,
  Capability.dacReadSearch,
  Capability.fowner,
  Capability.setGid,
  Capability.setUid,
] as const;

/** Worker threads and modules are read after the drop, too: the user must be able to. */
function checkUser(engineModule: string, wanted: string | undefined): void {
  if (process.getuid?.() !== 0) return;
  const user = chooseUser(wanted);
  const path = firstUnreadable(user, [engineModule]);
  if (path !== undefined)
    throw new OddwireError("ODW_RIGHTS_USER", {
      user: user.name,
      cause: `${path} is not readable for that user; install Oddwire where it is`,
    });
}

/** Sockets by worker and interface. On failure none is left open. */
function openSockets(options: OpenerOptions): readonly (readonly number[])[] {
  const opened: number[] = [];
  try {
    return Array.from({ length: options.workers }, () =>
      options.interfaces.map((name) => {
        const fd = openSocket(name);
        opened.push(fd);
        return fd;
      }),
    );
  } catch (error) {
    for (const fd of opened) closeDescriptor(fd);
    throw error;
  }
}

async function startKeeper(workerData: KeeperSetup): Promise<Worker> {
  // Unbuilt the program is TypeScript, in the published package JavaScript.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const keeper = new Worker(new URL(`./opener-keeper.${extension}`, import.meta.url), { workerData });
  await once(keeper, "message");
  return keeper;
}

/** What the engine inherits is what this thread has: nothing, or the few capabilities of its start. */
function limitThisThread(): void {
  const root = process.getuid?.() === 0;
  clearAmbientSet();
  // The order matters: capabilities outside the bounding set cannot be made inheritable.
  if (root) setCapabilities([...ENGINE_CAPABILITIES, Capability.kill, Capability.setPcap], ENGINE_CAPABILITIES);
  emptyBoundingSet();
  setNoNewPrivileges();
  setCapabilities(root ? [...ENGINE_CAPABILITIES, Capability.kill] : [], root ? ENGINE_CAPABILITIES : []);
  setNotDumpable();
}

function startEngine(module: string, args: readonly string[], interfaces: readonly string[], workers: Opened["workers"]): ChildProcess {
  const inherited = workers.flatMap((worker) => [...worker.sockets, worker.channel]);
  let next = 3;
  const opened: Opened = {
    opener: process.pid,
    interfaces,
    workers: workers.map((worker) => ({ sockets: worker.sockets.map(() => next++), channel: next++ })),
  };
  return spawn(process.execPath, [...process.execArgv, module, ...args], {
    stdio: ["inherit", "inherit", "inherit", ...inherited],
    env: { ...process.env, [OPENED]: JSON.stringify(opened) },
    detached: true,
  });
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;

/** Hands each signal on to the engine and waits for its end. */
async function passSignals(engine: ChildProcess, report: (text: string) => void): Promise<number> {
  const pass = (signal: NodeJS.Signals): void => void engine.kill(signal);
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    const [code, signal] = (await once(engine, "exit")) as [number | null, NodeJS.Signals | null];
    if (signal !== null) report(`oddwire: the engine was ended by ${signal}`);
    return code ?? 1;
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}
