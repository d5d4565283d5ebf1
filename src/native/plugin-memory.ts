import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { bindFunction, checked, closeDescriptor, lastErrno, SharedMapping, SystemError } from "./libc.ts";

/**
 * Memory files for a plugin's process (memfd_create(2), Linux): one that both processes map, whose size nobody can
 * change any more (a shrunk one would end whoever reads it), and one with the library as it was when it was opened.
 */

const memfdCreate = bindFunction("int memfd_create(const char *name, unsigned int flags)") as (name: string, flags: number) => number;
const fcntl = bindFunction("int fcntl(int fd, int command, unsigned long value)") as (fd: number, command: number, value: number) => number;
const mprotect = bindFunction("int mprotect(uintptr_t at, size_t bytes, int protection)") as (
  at: number,
  bytes: number,
  protection: number,
) => number;

const MFD_CLOEXEC = 1;
const MFD_ALLOW_SEALING = 2;
/** The file may be executed from. Kernels before 6.3 do not know the flag and always allow it. */
const MFD_EXEC = 0x10;
const F_ADD_SEALS = 1033;
const Seal = { seal: 1, shrink: 2, grow: 4, write: 8 } as const;
const EINVAL = 22;

/** Memory that two processes share. */
export interface SharedMemory {
  readonly fd: number;
  readonly mapping: SharedMapping;
}

export function createSharedMemory(bytes: number): SharedMemory {
  const fd = checked("memfd_create", memfdCreate("oddwire-plugin-calls", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  try {
    ftruncateSync(fd, bytes);
    checked("F_ADD_SEALS", fcntl(fd, F_ADD_SEALS, Seal.seal | Seal.shrink | Seal.grow));
    return { fd, mapping: new SharedMapping(fd, bytes) };
  } catch (error) {
    closeDescriptor(fd);
    throw error;
  }
}

/** A copy of a file that stays as it is while the file is written anew. Throws `RangeError` when it is longer than `bytesMax`. */
export function copyToMemory(path: string, bytesMax: number): number {
  const file = openSync(path, "r");
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new RangeError("it is not a file");
    if (stat.size > bytesMax) throw new RangeError(`it has ${stat.size} bytes, ${bytesMax} are the limit`);
    const copy = createExecutable();
    const chunk = new Uint8Array(1 << 18);
    for (;;) {
      const length = readSync(file, chunk, 0, chunk.length, null);
      if (length === 0) break;
      writeSync(copy, chunk, 0, length);
    }
    checked("F_ADD_SEALS", fcntl(copy, F_ADD_SEALS, Seal.seal | Seal.shrink | Seal.grow | Seal.write));
    return copy;
  } finally {
    closeSync(file);
  }
}

function createExecutable(): number {
  const fd = memfdCreate("oddwire-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
  if (fd >= 0) return fd;
  if (lastErrno() !== EINVAL) throw new SystemError("memfd_create", lastErrno());
  return checked("memfd_create", memfdCreate("oddwire-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

/** What a part of a mapping may be used for by this process. */
export const Protection = { none: 0, read: 1 } as const;

export function protect(mapping: SharedMapping, from: number, bytes: number, protection: number): void {
  checked("mprotect", mprotect(Number(mapping.address) + from, bytes, protection));
}
