import { closeSync, openSync } from "node:fs";
import { bindFunction, checked } from "./libc.ts";

const CLONE_NEWNET = 0x4000_0000;

const setns = bindFunction("int setns(int fd, int type)") as (fd: number, type: number) => number;

/**
 * Runs `make` in a network namespace (a path such as /run/netns/NAME or /proc/PID/ns/net) and comes back. Sockets
 * belong for life to the namespace that they were made in. Moves this thread only, so `make` has to be synchronous;
 * needs CAP_SYS_ADMIN.
 */
export function inNetworkNamespace<T>(path: string, make: () => T): T {
  const home = openSync("/proc/thread-self/ns/net", "r");
  try {
    const other = openSync(path, "r");
    try {
      checked(`setns(${path})`, setns(other, CLONE_NEWNET));
    } finally {
      closeSync(other);
    }
    try {
      return make();
    } finally {
      checked("setns", setns(home, CLONE_NEWNET));
    }
  } finally {
    closeSync(home);
  }
}
