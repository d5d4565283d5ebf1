import { getSystemErrorMessage, getSystemErrorName } from "node:util";
import koffi from "koffi";

/**
 * Calls of the C library, by name. The running program has it loaded already, whatever its file is called (glibc,
 * musl, libSystem), so it is looked up there. A function is bound at its first call: importing this file is
 * harmless on systems that lack some of them.
 */

/** Memory that the kernel reads or writes during a call. Pass views on unpooled memory, and keep them referenced. */
export type Memory = Uint8Array | bigint | null;

/** A call that failed: `code` is the errno's name (EPERM). */
export class SystemError extends Error {
  override readonly name = "SystemError";
  readonly code: string;
  readonly errno: number;

  constructor(call: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`${call}: ${getSystemErrorMessage(-errno)} (${code})`);
    this.code = code;
    this.errno = errno;
  }
}

/** The result, or a `SystemError` when it is negative. `call` names the call for people. */
export function checked(call: string, result: number): number {
  if (result < 0) throw new SystemError(call, koffi.errno());
  return result;
}

/** errno of the last failed call of this thread. */
export const lastErrno = (): number => koffi.errno();

/** Where an array's memory is. It does not keep the array alive: hold a reference for as long as the address is used. */
export const addressOf = (bytes: Uint8Array): bigint => koffi.address(bytes);

/** A bound function before its author says what it takes. */
type Bound = (...values: never[]) => unknown;

/** Binds a C declaration lazily; the caller says its type. koffi checks the arguments against the declaration. */
export function bindFunction(declaration: string): Bound {
  let bound: Bound | undefined;
  return (...values) => {
    bound ??= koffi.load(null).func(declaration) as Bound;
    return bound(...values);
  };
}

const closeCall = bindFunction("int close(int fd)") as (fd: number) => number;
const pollCall = bindFunction("int poll(void *fds, unsigned long count, int timeout)") as (
  fds: Memory,
  count: number,
  milliseconds: number,
) => number;
const mmapCall = bindFunction("void *mmap(void *at, size_t bytes, int protection, int flags, int fd, int64_t offset)") as (
  at: bigint | null,
  bytes: number,
  protection: number,
  flags: number,
  fd: number,
  offset: number,
) => bigint;

/** Closes a descriptor; one that is closed already is no error. */
export function closeDescriptor(fd: number): void {
  closeCall(fd);
}

/** `poll(2)` events and results. */
export const Poll = { in: 1, error: 8, hangUp: 16, invalid: 32 } as const;

/** One descriptor to wait for, without an allocation for each wait. */
export class Waiter {
  readonly #fds = new Uint8Array(8);
  readonly #view = new DataView(this.#fds.buffer);

  /** Blocks this thread until the descriptor is readable or broken: bits of `Poll`, or 0 after the time (or a signal). */
  wait(fd: number, milliseconds: number): number {
    this.#view.setInt32(0, fd, HOST_IS_LITTLE);
    this.#view.setInt16(4, Poll.in, HOST_IS_LITTLE);
    this.#view.setInt16(6, 0, HOST_IS_LITTLE);
    return pollCall(this.#fds, 1, milliseconds) > 0 ? this.#view.getInt16(6, HOST_IS_LITTLE) : 0;
  }
}

/** Structures of the kernel are in the host's byte order. */
export const HOST_IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_PRIVATE_FIXED_ANONYMOUS_NORESERVE = 0x2 | 0x10 | 0x20 | 0x4000;
const MAP_FAILED = 2n ** 64n - 1n;

/** Memory shared with a descriptor (Linux). `bytes` and `address` stand for the same memory. */
export class SharedMapping {
  readonly address: bigint;
  readonly size: number;
  readonly buffer: ArrayBuffer;

  constructor(fd: number, size: number) {
    this.address = mmapCall(null, size, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    if (this.address === MAP_FAILED) throw new SystemError("mmap", koffi.errno());
    this.size = size;
    this.buffer = koffi.view(this.address, size);
  }

  /**
   * Puts empty private memory in the place of the shared one. The address range stays taken: a forgotten view reads
   * zeros instead of ending the process, and the pages of the descriptor are given back.
   */
  replace(): void {
    mmapCall(this.address, this.size, PROT_READ_WRITE, MAP_PRIVATE_FIXED_ANONYMOUS_NORESERVE, -1, 0);
  }
}
