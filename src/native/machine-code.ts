import koffi from "koffi";
import { bindFunction } from "./libc.ts";

/**
 * A few instructions of our own as a C function, for callbacks that are called too often to enter JavaScript. The page
 * is writable while it is filled and executable afterwards, never both (docs/adr/0012).
 */

const PAGE_BYTES = 65_536;
const PROT_READ_WRITE = 3;
const PROT_READ_EXECUTE = 5;
const MAP_PRIVATE_ANONYMOUS = 0x22;

const mmapCall = bindFunction("uintptr_t mmap(uintptr_t at, size_t bytes, int protection, int flags, int fd, int64_t offset)") as (
  at: number,
  bytes: number,
  protection: number,
  flags: number,
  fd: number,
  offset: number,
) => number | bigint;
const mprotectCall = bindFunction("int mprotect(uintptr_t at, size_t bytes, int protection)") as (
  at: number,
  bytes: number,
  protection: number,
) => number;
const munmapCall = bindFunction("int munmap(uintptr_t at, size_t bytes)") as (at: number, bytes: number) => number;

/** Code of one function by processor (`process.arch`). */
export type CodeByProcessor = { readonly [processor: string]: Uint8Array };

/**
 * Address of the function, which stays for the life of the process; `undefined` on systems and processors that it is not
 * written for, and where the system forbids code made at run time.
 */
export function installFunction(codes: CodeByProcessor, processor = process.arch, platform = process.platform): number | undefined {
  const code = codes[processor];
  if (code === undefined || platform !== "linux" || code.length > PAGE_BYTES) return undefined;
  const address = Number(mmapCall(0, PAGE_BYTES, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0));
  // MAP_FAILED is the largest address there is.
  if (address === 0 || !Number.isSafeInteger(address)) return undefined;
  new Uint8Array(koffi.view(BigInt(address), code.length)).set(code);
  if (mprotectCall(address, PAGE_BYTES, PROT_READ_EXECUTE) === 0) return address;
  munmapCall(address, PAGE_BYTES);
  return undefined;
}
