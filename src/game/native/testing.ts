import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecryptRequest, DecryptResult } from "#contract/game-plugin.ts";

/** Where plugin_api.h is. */
export const headerFolder: string = join(import.meta.dirname, "../../../plugins");
const hostile = join(import.meta.dirname, "hostile-plugin.c");

const works = (program: string): boolean => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
/** The C compilers of this machine. */
export const compilers: readonly string[] = ["gcc", "clang"].filter(works);
export const cxxCompilers: readonly string[] = ["g++", "clang++"].filter(works);
/** Compilers that build libraries of Windows on this machine, C first. */
export const windowsCompilers: readonly string[] = ["x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-g++"].filter(works);

/** A folder for built plugins, removed at the end. */
export class Workshop {
  readonly folder: string = mkdtempSync(join(tmpdir(), "oddwire-plugins-"));
  #built = 0;

  /** Builds `hostile-plugin.c` with these names defined; returns the library. */
  hostile(...defined: readonly string[]): string {
    return this.library(
      hostile,
      defined.map((name) => `-D${name}`),
    );
  }

  /** Builds a library from a source file. Throws with what the compiler says. */
  library(source: string, flags: readonly string[] = []): string {
    const out = join(this.folder, `plugin-${this.#built++}.so`);
    compile([compilers[0] ?? "gcc", "-O1", "-shared", "-fPIC", `-I${headerFolder}`, ...flags, source, "-o", out]);
    return out;
  }

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function compile([program = "", ...args]: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}\n${stderr}`);
}

/** A request of session 1; the first byte numbers it. */
export const request = (number: number, changes: Partial<DecryptRequest> = {}): DecryptRequest => ({
  session: 1,
  side: 0,
  bytes: new Uint8Array([number, 1, 2]),
  client: "10.1.2.3",
  clientPort: 4567,
  server: "192.0.2.9",
  serverPort: 7777,
  time: 1_700_000_000_000_001,
  ...changes,
});

export const requests = (count: number): DecryptRequest[] => Array.from({ length: count }, (_, index) => request(index));

/** What results say, each in a word: the number that came back, `skip`, or the reason. */
export const words = (results: readonly DecryptResult[]): (number | string)[] =>
  results.map((result) => {
    if (result.status === "ok") return (result.bytes[0] ?? 0) ^ 0x5a;
    return result.status === "skip" ? "skip" : result.why;
  });

/** A result's bytes as text. */
export const textOf = (result: DecryptResult | undefined): string =>
  result?.status === "ok" ? new TextDecoder().decode(result.bytes) : JSON.stringify(result);
