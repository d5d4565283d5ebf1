import { chownSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import { clearAmbientSet, setCapabilities, setNoNewPrivileges, setNotDumpable } from "#native/privileges.ts";
import { makeDirectory } from "./outputs.ts";

/** A user to become. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** What giving up the rights came to. */
export interface DroppedRights {
  readonly uid: number;
  readonly gid: number;
  /** Threads that were looked at. */
  readonly threads: number;
}

/**
 * Gives up every right of this process, for ever: becomes `user` when it is root, empties the capability sets, and
 * checks each thread. Call it after files are opened and modules are loaded, before the first frame is read.
 * Changing the user reaches threads that run already; nothing else needs to be done in them. Throws ODW_RIGHTS_KEPT
 * when any thread keeps a right. Does nothing on systems other than Linux but to change the user.
 */
export function dropRights(options: { readonly user?: string } = {}): DroppedRights {
  const wasRoot = process.getuid?.() === 0;
  if (wasRoot) becomeUser(chooseUser(options.user));
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  if (process.platform !== "linux") return { uid, gid, threads: 0 };
  clearAmbientSet();
  setCapabilities([], []);
  setNoNewPrivileges();
  setNotDumpable();
  return { uid, gid, threads: checkThreads(threadStates(), uid, gid) };
}

/** The user that a process with rights becomes: `wanted`, else who called sudo, else nobody. */
export function chooseUser(wanted: string | undefined, passwd = readPasswd(), environment: NodeJS.ProcessEnv = process.env): User {
  if (wanted !== undefined && wanted !== "") {
    const user = findUser(wanted, passwd);
    if (user === undefined) throw new OddwireError("ODW_RIGHTS_USER", { user: wanted, cause: "there is no such user" });
    if (user.uid === 0) throw new OddwireError("ODW_RIGHTS_USER", { user: wanted, cause: "that is root" });
    return user;
  }
  const sudo = findUser(`${environment["SUDO_UID"]}:${environment["SUDO_GID"]}`, passwd);
  if (sudo !== undefined && sudo.uid !== 0) return sudo;
  return findUser("nobody", passwd) ?? { name: "nobody", uid: 65_534, gid: 65_534 };
}

/** First of the files that the user cannot read, or `undefined`; looks at modes and owners only. */
export function firstUnreadable(user: User, paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    const full = resolve(path);
    if (!allows(user, full, READ)) return true;
    for (let at = dirname(full); ; at = dirname(at)) {
      if (!allows(user, at, SEARCH)) return true;
      if (at === dirname(at)) return false;
    }
  });
}

/**
 * Makes the output directory while there are rights, for the user who will write into it. Directories that are made
 * here are given to that user; one that exists stays as it is, and has to be writable for the user already.
 */
export function prepareDirectory(path: string, user: User): void {
  const full = resolve(path);
  const root = process.getuid?.() === 0;
  makeDirectory(path, (one) => {
    if (root) chownSync(one, user.uid, user.gid);
  });
  if (root && !allows(user, full, WRITE)) {
    throw new OddwireError("ODW_OUT_UNWRITABLE", { path, cause: `capture runs as ${user.name}, who may not write there` });
  }
}

/** Fails when a thread keeps a right or is of another user than the process; returns how many threads there are. */
export function checkThreads(threads: readonly ThreadState[], uid: number, gid: number): number {
  for (const thread of threads) {
    const kept = keptRight(thread, uid, gid);
    if (kept !== undefined) throw new OddwireError("ODW_RIGHTS_KEPT", { cause: `thread ${thread.id} keeps ${kept}` });
  }
  return threads.length;
}

/** What /proc says of one thread. */
export interface ThreadState {
  readonly id: number;
  readonly fields: ReadonlyMap<string, string>;
}

/** All threads of this process. */
export function threadStates(): readonly ThreadState[] {
  return readdirSync("/proc/self/task").flatMap((id) => {
    try {
      const lines = readFileSync(`/proc/self/task/${id}/status`, "utf8").split("\n");
      return [
        {
          id: Number(id),
          fields: new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()])),
        },
      ];
    } catch {
      // The thread has ended.
      return [];
    }
  });
}

/**
 * The right that a thread still has. A bounding set grants nothing by itself: it is a right only where started
 * programs may gain privileges.
 */
function keptRight({ fields }: ThreadState, uid: number, gid: number): string | undefined {
  const users = fields.get("Uid")?.split(/\s+/) ?? ["0"];
  const groups = fields.get("Gid")?.split(/\s+/) ?? ["0"];
  if (uid === 0 || users.some((one) => Number(one) !== uid)) return `user ${users.join(", ")}`;
  if (groups.some((one) => Number(one) !== gid)) return `group ${groups.join(", ")}`;
  for (const set of ["CapEff", "CapPrm", "CapAmb"]) {
    if (!/^0+$/.test(fields.get(set) ?? "")) return `${set} ${fields.get(set)}`;
  }
  const bounded = /^0+$/.test(fields.get("CapBnd") ?? "");
  return bounded || fields.get("NoNewPrivs") === "1" ? undefined : `CapBnd ${fields.get("CapBnd")} without NoNewPrivs`;
}

function becomeUser(user: User): void {
  try {
    process.setgroups?.([user.gid]);
    process.setgid?.(user.gid);
    process.setuid?.(user.uid);
  } catch (error) {
    throw new OddwireError("ODW_RIGHTS_USER", { user: user.name, cause: (error as Error).message }, { cause: error });
  }
}

/** A name from /etc/passwd, or numbers: UID or UID:GID. */
function findUser(wanted: string, passwd: string): User | undefined {
  const rows = passwd.split("\n").map((line) => line.split(":"));
  const numbers = /^(\d+)(?::(\d+))?$/.exec(wanted);
  const row = rows.find((one) => (numbers === null ? one[0] === wanted : one[2] === numbers[1]));
  if (numbers === null) return row === undefined ? undefined : { name: wanted, uid: Number(row[2]), gid: Number(row[3]) };
  return { name: row?.[0] ?? wanted, uid: Number(numbers[1]), gid: Number(numbers[2] ?? row?.[3] ?? numbers[1]) };
}

const READ = 4;
const WRITE = 2;
const SEARCH = 1;

function allows(user: User, path: string, bit: number): boolean {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return false;
  const shift = facts.uid === user.uid ? 6 : facts.gid === user.gid ? 3 : 0;
  return ((facts.mode >> shift) & bit) !== 0;
}

function readPasswd(): string {
  try {
    return readFileSync("/etc/passwd", "utf8");
  } catch {
    return "";
  }
}
