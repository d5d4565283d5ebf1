import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What one run of a program took, with all its children. */
export interface Measurement {
  /** Seconds on the wall. */
  readonly wall: number;
  /** Seconds of processor time, user and system. */
  readonly cpu: number;
  /** Largest resident memory of one of its processes, MB; `undefined` where nothing can tell. */
  readonly megabytes: number | undefined;
}

/** Python tells what Node cannot: the resources of a child that has ended. Python's own memory is not in it. */
const PYTHON = `
import os, resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.call(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write("%f %f %f %d" % (wall, used.ru_utime, used.ru_stime, used.ru_maxrss))
sys.exit(code)
`;
const BASH = `TIMEFORMAT="%R %U %S"; file=$0; { time "$@" >/dev/null 2>&1; } 2>"$file"`;

const works = (program: string, args: readonly string[]): boolean => spawnSync(program, args, { stdio: "ignore" }).status === 0;

function wrapper(report: string): string[] {
  if (existsSync("/usr/bin/time")) return ["/usr/bin/time", "--quiet", "-o", report, "-f", "%e %U %S %M"];
  if (works("python3", ["--version"])) return ["python3", "-c", PYTHON, report];
  return ["bash", "-c", BASH, report];
}

/** Runs a program to its end with its output thrown away. Throws when it fails. */
export function measure(command: readonly string[]): Measurement {
  const folder = mkdtempSync(join(tmpdir(), "oddwire-time-"));
  try {
    const report = join(folder, "report");
    const [program = "", ...args] = [...wrapper(report), ...command];
    const start = performance.now();
    const { status, signal } = spawnSync(program, args, { stdio: "ignore" });
    // The wrappers round to hundredths.
    const wall = (performance.now() - start) / 1000;
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${signal ?? `exit code ${status}`}`);
    const [, user = 0, system = 0, kilobytes] = readFileSync(report, "utf8").trim().split(/\s+/).map(Number);
    return { wall, cpu: user + system, megabytes: kilobytes === undefined ? undefined : kilobytes / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const millisecond = (): Promise<false> => new Promise((resolve) => void setTimeout(() => resolve(false), 1));

/** Seconds from the start of a program until `file` has its first byte; the program runs to its end. */
export async function secondsToFirstByte(command: readonly string[], file: string): Promise<number> {
  rmSync(file, { force: true });
  const [program = "", ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, { stdio: "ignore" });
  const end = new Promise<true>((resolve) => void child.once("close", () => resolve(true)));
  while ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) if (await Promise.race([end, millisecond()])) break;
  const seconds = (performance.now() - start) / 1000;
  await end;
  return seconds;
}

/** The middle one; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
