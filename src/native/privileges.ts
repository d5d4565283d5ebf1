import { readFileSync } from "node:fs";
import { bindFunction, checked, HOST_IS_LITTLE, type Memory } from "./libc.ts";

/**
 * Capabilities and what goes with them (capabilities(7), prctl(2)). All of it belongs to a thread: a call changes the
 * calling thread, and threads and processes that it starts afterwards.
 */

/** Numbers of linux/capability.h, those we name. */
export const Capability = {
  chown: 0,
  dacOverride: 1,
  dacReadSearch: 2,
  fowner: 3,
  kill: 5,
  setGid: 6,
  setUid: 7,
  setPcap: 8,
  netAdmin: 12,
  netRaw: 13,
  ipcLock: 14,
  sysNice: 23,
} as const;

const VERSION_3 = 0x2008_0522;
const CAPABILITIES_MAX = 64;

const PR = { setDeathSignal: 1, setDumpable: 4, dropBounding: 24, setNoNewPrivileges: 38, ambient: 47 } as const;
const AMBIENT_CLEAR = 4;

const prctl = bindFunction("int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)") as (
  option: number,
  a: number,
  b: number,
  c: number,
  d: number,
) => number;
const capset = bindFunction("int capset(void *header, void *data)") as (header: Memory, data: Memory) => number;

/**
 * Sets this thread's capabilities: those it may use, and those that a program started as root may use. What the thread
 * does not have now is left out: nothing can be gained.
 */
export function setCapabilities(permitted: readonly number[], inheritable: readonly number[]): void {
  const present = permittedCapabilities();
  const header = new DataView(new ArrayBuffer(8));
  header.setUint32(0, VERSION_3, HOST_IS_LITTLE);
  const data = new DataView(new ArrayBuffer(24));
  const put = (at: number, capabilities: readonly number[]): void => {
    for (const one of capabilities) {
      if ((present & (1n << BigInt(one))) === 0n) continue;
      const word = at + (one >>> 5) * 12;
      data.setUint32(word, data.getUint32(word, HOST_IS_LITTLE) | (1 << (one & 31)), HOST_IS_LITTLE);
    }
  };
  put(0, permitted);
  put(4, permitted);
  put(8, inheritable);
  checked("capset", capset(new Uint8Array(header.buffer), new Uint8Array(data.buffer)));
}

/** Bits of the capabilities that this thread may use. */
function permittedCapabilities(): bigint {
  const text = /^CapPrm:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/thread-self/status", "utf8"));
  return BigInt(`0x${text?.[1] ?? "0"}`);
}

/** Takes everything but these out of this thread's bounding set: programs it starts gain no more. False without CAP_SETPCAP. */
export function limitBoundingSet(kept: readonly number[]): boolean {
  let dropped = 0;
  // The kernel refuses numbers that it does not know, and all of them without the right.
  for (let one = 0; one < CAPABILITIES_MAX; one++) if (!kept.includes(one) && prctl(PR.dropBounding, one, 0, 0, 0) === 0) dropped++;
  return dropped > 0;
}

/** Empties this thread's bounding set, so that no program it starts gains anything. False without CAP_SETPCAP. */
export function emptyBoundingSet(): boolean {
  for (let one = 0; one < CAPABILITIES_MAX; one++) {
    // The kernel refuses numbers that it does not know; the first one is always known.
    if (prctl(PR.dropBounding, one, 0, 0, 0) < 0 && one === 0) return false;
  }
  return true;
}

/** Capabilities are not handed to started programs any more. */
export const clearAmbientSet = (): void => void prctl(PR.ambient, AMBIENT_CLEAR, 0, 0, 0);

/** Started programs gain nothing by set-user-ID bits and file capabilities, for ever. */
export const setNoNewPrivileges = (): void => void checked("PR_SET_NO_NEW_PRIVS", prctl(PR.setNoNewPrivileges, 1, 0, 0, 0));

/** Nobody with the same user may look into the process, and no core is written. */
export const setNotDumpable = (): void => void checked("PR_SET_DUMPABLE", prctl(PR.setDumpable, 0, 0, 0, 0));

/** The kernel sends this process the signal when the thread that started it ends. Changing the user undoes it. */
export const setDeathSignal = (signal: number): void => void checked("PR_SET_PDEATHSIG", prctl(PR.setDeathSignal, signal, 0, 0, 0));
