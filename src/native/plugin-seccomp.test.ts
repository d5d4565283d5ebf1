import { expect, test } from "vitest";
import { filterProgram, processors } from "./plugin-seccomp.ts";

const ALLOW = 0x7fff_0000;
const KILL = 0x8000_0000;
const EPERM = 0x0005_0001;
const EACCES = 0x0005_000d;
const ENOSYS = 0x0005_0026;
const PID = 4711;

/** What the filter says of a call, as the kernel runs it (bpf(2), seccomp(2)). */
function verdict(processor: "x64" | "arm64", mayOpen: boolean, number: number, args: readonly number[] = [], audit?: number): number {
  const known = processors[processor];
  if (known === undefined) throw new Error(processor);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, audit ?? known.audit, true);
  for (const [index, value] of args.entries()) data.setBigUint64(16 + 8 * index, BigInt(value), true);
  const program = filterProgram(known, PID, mayOpen);
  let word = 0;
  for (let at = 0; at < program.length; at++) {
    const [code, yes, no, value] = program[at] ?? [0, 0, 0, 0];
    if (code === 0x06) return value;
    if (code === 0x20) word = data.getUint32(value, true);
    else if (code === 0x15) at += word === value ? yes : no;
    else if (code === 0x35) at += word >= value ? yes : no;
    else if (code === 0x45) at += (word & value) !== 0 ? yes : no;
    else throw new Error(`instruction ${code}`);
  }
  throw new Error("the program does not end");
}

test.each([
  ["reads", "x64", 0, [], ALLOW],
  ["reads on arm64", "arm64", 63, [], ALLOW],
  ["socket", "x64", 41, [2, 1, 0], EPERM],
  ["socket on arm64", "arm64", 198, [2, 1, 0], EPERM],
  ["execve", "x64", 59, [], EPERM],
  ["execve on arm64", "arm64", 221, [], EPERM],
  ["fork", "x64", 57, [], EPERM],
  ["clone", "x64", 56, [0x50f00], EPERM],
  ["clone3, so that the C library tries clone", "x64", 435, [], ENOSYS],
  ["ptrace", "x64", 101, [], EPERM],
  ["io_uring_setup", "x64", 425, [], EPERM],
  ["ftruncate", "x64", 77, [4, 0], EPERM],
  ["opening for reading", "x64", 257, [-100 >>> 0, 1, 0o2000000], ALLOW],
  ["opening for writing", "x64", 257, [-100 >>> 0, 1, 1], EACCES],
  ["opening for both", "x64", 257, [-100 >>> 0, 1, 2], EACCES],
  ["opening a new file", "x64", 257, [-100 >>> 0, 1, 0o100], EACCES],
  ["open, the old one, for writing", "x64", 2, [1, 0o1001], EACCES],
  ["opening for writing on arm64", "arm64", 56, [-100 >>> 0, 1, 1], EACCES],
  ["openat2", "x64", 437, [], EPERM],
  ["a signal to itself", "x64", 234, [PID, PID, 6], ALLOW],
  ["a signal to another", "x64", 234, [1, 1, 9], EPERM],
  ["kill of another", "arm64", 129, [1, 9], EPERM],
  ["asking for a limit", "x64", 302, [0, 7, 0, 1], ALLOW],
  ["setting a limit", "x64", 302, [0, 7, 2 ** 33, 0], EPERM],
  ["a call with x86's 32-bit pointers", "x64", 0x4000_0000, [], ENOSYS],
] as const)("while the library is loaded: %s", (_case, processor, number, args, expected) => {
  expect(verdict(processor, true, number, args)).toBe(expected);
});

test("once it is loaded, nothing is opened or looked up", () => {
  for (const number of [257, 2, 4, 262, 332, 21, 89]) expect(verdict("x64", false, number, [0, 0, 0])).toBe(EPERM);
  expect(verdict("x64", false, 0)).toBe(ALLOW);
});

test("another processor's calls end the process", () => {
  expect(verdict("x64", true, 0, [], 0x4000_0003)).toBe(KILL);
});
