import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OddwireEvent } from "#schema/event.ts";

/** Runs the program as a person does. */
export const program = join(import.meta.dirname, "../../bin/oddwire");

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** Bytes for the standard input. */
  readonly input?: Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
}

/** Runs `oddwire …` to its end. */
export function oddwire(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...options.environment };
    const child = execFile(program, [...args], { env, cwd: options.directory, timeout: 200_000, maxBuffer: 1 << 26 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, out, err });
    });
    // A program that ends without reading its input is no failure of the test.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input);
  });
}

/** Starts `oddwire …` and leaves it running; whoever starts it ends it. */
export function start(args: readonly string[], before: readonly string[] = []): Running {
  const [command = program, ...rest] = [...before, program, ...args];
  return new Running(spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] }));
}

/** A program that runs. */
export class Running {
  readonly process: ChildProcess;
  out = "";
  err = "";
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;

  constructor(process: ChildProcess) {
    this.process = process;
    process.stdout?.on("data", (chunk: Buffer) => {
      this.out += chunk.toString();
    });
    process.stderr?.on("data", (chunk: Buffer) => {
      this.err += chunk.toString();
    });
    this.ended = new Promise((resolve) => void process.once("close", (code, signal) => resolve(code ?? signal ?? -1)));
  }

  /** Waits for a text on the console; throws with what came instead. */
  async says(pattern: RegExp, milliseconds = 60_000): Promise<RegExpExecArray> {
    const end = Date.now() + milliseconds;
    for (;;) {
      const match = pattern.exec(this.err) ?? pattern.exec(this.out);
      if (match !== null) return match;
      if (Date.now() > end || this.process.exitCode !== null)
        throw new Error(`it did not say ${String(pattern)} but: ${this.err}${this.out}`);
      await sleep(20);
    }
  }
}

export const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until something holds; false when the time is over. */
export async function until(holds: () => boolean | Promise<boolean>, milliseconds = 60_000): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > end) return false;
    await sleep(25);
  }
  return true;
}

/** A directory that goes away with the block that made it. */
export function temporary(): { readonly path: string; at(name: string): string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "odw-e2e-"));
  return { path, at: (name) => join(path, name), [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The events of an eve.json. Throws on a line that is not whole. */
export const eventsOf = (directory: string): readonly OddwireEvent[] => parseLines(readFileSync(join(directory, "eve.json"), "utf8"));

export const parseLines = (text: string): readonly OddwireEvent[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as OddwireEvent);
