import { addressOf, bindFunction, closeDescriptor, HOST_IS_LITTLE } from "./libc.ts";

/**
 * Landlock (landlock(7), Linux 5.13): files that the calling thread may reach by a path from now on, and no TCP port.
 * It binds the thread that calls and what it starts; the threads that Node has already are bound by system call filters
 * alone.
 */

const SYS_CREATE_RULESET = 444;
const SYS_ADD_RULE = 445;
const SYS_RESTRICT_SELF = 446;
const VERSION_FLAG = 1;
const RULE_PATH_BENEATH = 1;
const O_PATH_CLOEXEC = 0o10000000 | 0o2000000;

const Access = { execute: 1, readFile: 4, readDirectory: 8 } as const;
/** Rights over files, by how many of them each version of the interface knows. */
const FILE_RIGHTS = [0, 13, 14, 15, 15, 16];
const NETWORK_SINCE = 4;
const BIND_AND_CONNECT = 3n;
const SCOPES_SINCE = 6;
/** Abstract Unix sockets and signals stay inside. */
const SOCKETS_AND_SIGNALS = 3n;

const systemCall = bindFunction("long syscall(long number, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d)") as (
  number: number,
  a: number | bigint,
  b: number | bigint,
  c: number | bigint,
  d: number,
) => number;
const openCall = bindFunction("int open(const char *path, int flags)") as (path: string, flags: number) => number;

/**
 * Only files beneath `readable` can be opened, for reading; nothing can be written, made or removed, no TCP port bound
 * or connected. False where the kernel has no Landlock. `no_new_privs` has to be set.
 */
export function restrictFiles(readable: readonly string[]): boolean {
  const version = systemCall(SYS_CREATE_RULESET, 0, 0, VERSION_FLAG, 0);
  if (version < 1) return false;
  const rights = FILE_RIGHTS[Math.min(version, FILE_RIGHTS.length - 1)] as number;
  const attributes = new DataView(new ArrayBuffer(24));
  attributes.setBigUint64(0, (1n << BigInt(rights)) - 1n, HOST_IS_LITTLE);
  attributes.setBigUint64(8, version >= NETWORK_SINCE ? BIND_AND_CONNECT : 0n, HOST_IS_LITTLE);
  attributes.setBigUint64(16, version >= SCOPES_SINCE ? SOCKETS_AND_SIGNALS : 0n, HOST_IS_LITTLE);
  const bytes = version >= SCOPES_SINCE ? 24 : version >= NETWORK_SINCE ? 16 : 8;
  const rules = systemCall(SYS_CREATE_RULESET, addressOf(new Uint8Array(attributes.buffer)), bytes, 0, 0);
  if (rules < 0) return false;
  for (const path of readable) allowReading(rules, path);
  const held = systemCall(SYS_RESTRICT_SELF, rules, 0, 0, 0) === 0;
  closeDescriptor(rules);
  return held;
}

/** A path that is missing allows nothing; one that is a file takes no rights over directories. */
function allowReading(rules: number, path: string): void {
  const fd = openCall(path, O_PATH_CLOEXEC);
  if (fd < 0) return;
  const rule = new DataView(new ArrayBuffer(16));
  rule.setInt32(8, fd, HOST_IS_LITTLE);
  const memory = new Uint8Array(rule.buffer);
  for (const rights of [Access.execute | Access.readFile | Access.readDirectory, Access.execute | Access.readFile]) {
    rule.setBigUint64(0, BigInt(rights), HOST_IS_LITTLE);
    if (systemCall(SYS_ADD_RULE, rules, RULE_PATH_BENEATH, addressOf(memory), 0) === 0) break;
  }
  closeDescriptor(fd);
}
