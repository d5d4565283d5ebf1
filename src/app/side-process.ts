import { type ChildProcessByStdio, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import type { Readable } from "node:stream";

/** A process whose standard output is heard. */
export type SideProcess = ChildProcessByStdio<null, Readable, null>;

/**
 * Starts a module of ours in a process of its own, which is given `given` as JSON: what takes long, or reads what may be hostile,
 * must not hold up what is captured now. It stands behind others in line for the processor, all of them when `priority` is low.
 */
export function startSideProcess(module: string, given: object, priority: "low" | "below-normal", heapMegabytesMax?: number): SideProcess {
  const heap = heapMegabytesMax === undefined ? [] : [`--max-old-space-size=${heapMegabytesMax}`];
  const flags = ["--disable-warning=ExperimentalWarning", ...heap];
  const child = spawn(process.execPath, [...flags, module, JSON.stringify(given)], { stdio: ["ignore", "pipe", "ignore"] });
  const { PRIORITY_LOW, PRIORITY_BELOW_NORMAL } = constants.priority;
  try {
    if (child.pid !== undefined) setPriority(child.pid, priority === "low" ? PRIORITY_LOW : PRIORITY_BELOW_NORMAL);
  } catch {
    // Where it may not be said it runs at the same priority.
  }
  return child;
}
