import { addressOf, bindFunction, HOST_IS_LITTLE } from "./libc.ts";

/**
 * System calls that a plugin's process may make (seccomp(2)), in all its threads. What is not named here answers EPERM:
 * sockets, programs, threads, whatever writes, makes or removes files, other processes. The filter is a program of
 * 8-byte instructions that looks at the number and the arguments of each call.
 */

/** Calls that use only what the process has: memory, its descriptors, clocks, waiting. Numbers on x86-64 and arm64. */
const harmless: { readonly [call: string]: readonly [x64: number | undefined, arm64: number | undefined] } = {
  read: [0, 63],
  write: [1, 64],
  futex: [202, 98],
  poll: [7, undefined],
  ppoll: [271, 73],
  epoll_wait: [232, undefined],
  epoll_pwait: [281, 22],
  epoll_ctl: [233, 21],
  readv: [19, 65],
  writev: [20, 66],
  pread64: [17, 67],
  lseek: [8, 62],
  close: [3, 57],
  fcntl: [72, 25],
  mmap: [9, 222],
  mprotect: [10, 226],
  munmap: [11, 215],
  brk: [12, 214],
  mremap: [25, 216],
  madvise: [28, 233],
  mincore: [27, 232],
  membarrier: [324, 283],
  clock_gettime: [228, 113],
  clock_getres: [229, 114],
  clock_nanosleep: [230, 115],
  nanosleep: [35, 101],
  gettimeofday: [96, 169],
  time: [201, undefined],
  restart_syscall: [219, 128],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  sigaltstack: [131, 132],
  sched_yield: [24, 124],
  sched_getaffinity: [204, 123],
  sched_getparam: [143, 121],
  sched_getscheduler: [145, 120],
  getcpu: [309, 168],
  getpid: [39, 172],
  gettid: [186, 178],
  getppid: [110, 173],
  getuid: [102, 174],
  geteuid: [107, 175],
  getgid: [104, 176],
  getegid: [108, 177],
  fstat: [5, 80],
  uname: [63, 160],
  sysinfo: [99, 179],
  getrusage: [98, 165],
  getrlimit: [97, 163],
  getrandom: [318, 278],
  rseq: [334, 293],
  set_robust_list: [273, 99],
  exit: [60, 93],
  exit_group: [231, 94],
};

/** Calls that look at files, for the loader. */
const reading: typeof harmless = {
  newfstatat: [262, 79],
  stat: [4, undefined],
  lstat: [6, undefined],
  statx: [332, 291],
  access: [21, undefined],
  faccessat: [269, 48],
  readlink: [89, undefined],
  readlinkat: [267, 78],
  getcwd: [79, 17],
};

export interface Processor {
  readonly column: 0 | 1;
  /** AUDIT_ARCH_… of linux/audit.h. */
  readonly audit: number;
  /** Calls with arguments that are looked at. */
  readonly open: number | undefined;
  readonly openat: number;
  readonly kill: number;
  readonly tgkill: number;
  readonly prlimit: number;
  readonly clone3: number;
}

export const processors: { readonly [processor: string]: Processor } = {
  x64: { column: 0, audit: 0xc000_003e, open: 2, openat: 257, kill: 62, tgkill: 234, prlimit: 302, clone3: 435 },
  arm64: { column: 1, audit: 0xc000_00b7, open: undefined, openat: 56, kill: 129, tgkill: 131, prlimit: 261, clone3: 435 },
};

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_BITS = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
const errno = (code: number): number => 0x0005_0000 | code;
const EPERM = errno(1);
const EACCES = errno(13);
const ENOSYS = errno(38);

/** `struct seccomp_data`: number, processor, instruction pointer, six arguments of 8 bytes, low half first. */
const NUMBER_AT = 0;
const PROCESSOR_AT = 4;
const argumentAt = (index: number): number => 16 + 8 * index;

/** Calls of x86's 32-bit pointers have this bit; they are others with the same numbers. */
const X32_BIT = 0x4000_0000;
/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC: the same on both processors. */
const OPEN_TO_WRITE = 0o1 | 0o2 | 0o100 | 0o1000;

/** One instruction: code, jumps when true and false, value. */
type Instruction = readonly [code: number, yes: number, no: number, value: number];

const load = (at: number): Instruction => [LOAD, 0, 0, at];
const give = (verdict: number): Instruction => [RETURN, 0, 0, verdict];
/** Runs the next `length` instructions when the number is this one. */
const when = (number: number, body: readonly Instruction[]): Instruction[] => [[JUMP_EQUAL, 0, body.length, number], ...body];
const allowing = (calls: typeof harmless, column: 0 | 1): Instruction[] =>
  Object.values(calls).flatMap((numbers) => {
    const number = numbers[column];
    return number === undefined ? [] : when(number, [give(ALLOW)]);
  });

/** The filter: with `mayOpen`, files may be opened for reading. Exported for its test. */
export function filterProgram(processor: Processor, pid: number, mayOpen: boolean): Instruction[] {
  const ownOnly: Instruction[] = [load(argumentAt(0)), [JUMP_EQUAL, 0, 1, pid], give(ALLOW), give(EPERM)];
  const readOnly = (flags: number): Instruction[] => [load(argumentAt(flags)), [JUMP_BITS, 1, 0, OPEN_TO_WRITE], give(ALLOW), give(EACCES)];
  const queryOnly: Instruction[] = [
    load(argumentAt(2)),
    [JUMP_EQUAL, 0, 3, 0],
    load(argumentAt(2) + 4),
    [JUMP_EQUAL, 0, 1, 0],
    give(ALLOW),
    give(EPERM),
  ];
  return [
    load(PROCESSOR_AT),
    [JUMP_EQUAL, 1, 0, processor.audit],
    give(KILL_PROCESS),
    load(NUMBER_AT),
    ...(processor.column === 0 ? ([[JUMP_AT_LEAST, 0, 1, X32_BIT], give(ENOSYS)] as const) : []),
    ...allowing(harmless, processor.column),
    ...when(processor.kill, ownOnly),
    ...when(processor.tgkill, ownOnly),
    ...when(processor.prlimit, queryOnly),
    ...(mayOpen ? allowing(reading, processor.column) : []),
    ...(mayOpen ? when(processor.openat, readOnly(2)) : []),
    ...(mayOpen && processor.open !== undefined ? when(processor.open, readOnly(1)) : []),
    // The C library falls back to clone, which answers EPERM.
    ...when(processor.clone3, [give(ENOSYS)]),
    give(EPERM),
  ];
}

const systemCall = bindFunction("long syscall(long number, uintptr_t a, uintptr_t b, uintptr_t c)") as (
  number: number,
  a: number,
  b: number,
  c: bigint,
) => number;
const SYS_SECCOMP: { readonly [processor: string]: number } = { x64: 317, arm64: 277 };
const SET_MODE_FILTER = 1;
const ALL_THREADS = 1;

/**
 * From now on no thread of this process makes another call than those above; filters add up and stay for ever. False
 * where the kernel or the processor is not known to do that. `no_new_privs` has to be set.
 */
export function restrictCalls(mayOpen: boolean): boolean {
  const processor = processors[process.arch];
  const seccomp = SYS_SECCOMP[process.arch];
  if (processor === undefined || seccomp === undefined || process.platform !== "linux") return false;
  const program = filterProgram(processor, process.pid, mayOpen);
  const code = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, [instruction, yes, no, value]] of program.entries()) {
    code.setUint16(index * 8, instruction, HOST_IS_LITTLE);
    code.setUint8(index * 8 + 2, yes);
    code.setUint8(index * 8 + 3, no);
    code.setUint32(index * 8 + 4, value, HOST_IS_LITTLE);
  }
  const codeMemory = new Uint8Array(code.buffer);
  const head = new DataView(new ArrayBuffer(16));
  head.setUint16(0, program.length, HOST_IS_LITTLE);
  head.setBigUint64(8, addressOf(codeMemory), HOST_IS_LITTLE);
  const held = systemCall(seccomp, SET_MODE_FILTER, ALL_THREADS, addressOf(new Uint8Array(head.buffer))) === 0;
  return held && codeMemory.length > 0;
}
