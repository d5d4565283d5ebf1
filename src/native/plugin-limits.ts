import { readdirSync, readFileSync } from "node:fs";
import { bindFunction, checked, closeDescriptor, HOST_IS_LITTLE, type Memory } from "./libc.ts";

/** Limits of this process (setrlimit(2)) and what it inherited. Numbers of Linux on x86-64 and arm64. */
const Resource = { fileSize: 1, core: 4, openFiles: 7, addressSpace: 9 } as const;

const setrlimit = bindFunction("int setrlimit(int resource, void *limit)") as (resource: number, limit: Memory) => number;

function limit(resource: number, value: number): void {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigUint64(0, BigInt(value), HOST_IS_LITTLE);
  view.setBigUint64(8, BigInt(value), HOST_IS_LITTLE);
  checked("setrlimit", setrlimit(resource, new Uint8Array(view.buffer)));
}

/** Address space that this process uses now, bytes. */
export function addressSpaceBytes(status = readFileSync("/proc/self/status", "utf8")): number {
  const kilobytes = /^VmSize:\s*(\d+) kB$/m.exec(status)?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** From now on: no longer files, no core, few descriptors, and `memoryBytesMore` beyond what is used already. */
export function limitResources(memoryBytesMore: number): void {
  limit(Resource.fileSize, 0);
  limit(Resource.core, 0);
  limit(Resource.openFiles, 64);
  limit(Resource.addressSpace, addressSpaceBytes() + memoryBytesMore);
}

/** Closes what an ancestor left open: descriptors above `last` that a started program keeps. Node's own do not survive a start. */
export function closeInherited(last: number): void {
  for (const name of readdirSync("/proc/self/fd")) {
    const fd = Number(name);
    if (fd <= last) continue;
    try {
      const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1];
      if (flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0) closeDescriptor(fd);
    } catch {
      // It was the descriptor of the listing itself.
    }
  }
}

const CLOSE_ON_EXEC = 0o2000000;

/** Address space of another process, bytes; 0 when it has gone. */
export function memoryBytesOf(pid: number): number {
  try {
    return addressSpaceBytes(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return 0;
  }
}
