import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OddwireError } from "#contract/errors.ts";

/** File that marks a directory with the history of a live capture. */
export const liveMark = ".oddwire-live";

/**
 * Makes a directory and those above it. One by one: Node's recursive mkdir never ends where a file system answers ENOENT
 * for every name (/proc). `made` hears of each new one.
 */
export function makeDirectory(path: string, made?: (one: string) => void): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
  try {
    for (const one of missing) {
      mkdirSync(one);
      made?.(one);
    }
  } catch (error) {
    throw new OddwireError("ODW_OUT_UNWRITABLE", { path, cause: (error as Error).message }, { cause: error });
  }
}

/**
 * Makes the directory of a file run and removes the store of an earlier one: what a run leaves is what its files hold.
 * The history of a live capture is never removed.
 */
export function freshOutput(out: string): void {
  const path = resolve(out);
  if (existsSync(join(out, liveMark)))
    throw new OddwireError("ODW_OUT_UNWRITABLE", { path, cause: "it holds the history of a live capture" });
  makeDirectory(out);
  try {
    for (const name of ["oddwire.db", "oddwire.db-wal", "oddwire.db-shm", "oddwire.db-journal"]) rmSync(join(out, name), { force: true });
  } catch (error) {
    throw new OddwireError("ODW_OUT_UNWRITABLE", { path, cause: (error as Error).message });
  }
}

/**
 * Marks a directory as the history of a live capture, and notes where its packets are kept. Called without rights, so
 * that no link in it leads anywhere.
 */
export function markLive(out: string, recorded = ""): void {
  try {
    writeFileSync(join(out, liveMark), recorded);
  } catch (error) {
    throw new OddwireError("ODW_OUT_UNWRITABLE", { path: out, cause: (error as Error).message }, { cause: error });
  }
}

/** Where the live capture of this directory keeps its packets; `undefined` when it never did. */
export function recordingOf(out: string): string | undefined {
  try {
    return readFileSync(join(out, liveMark), "utf8") || undefined;
  } catch {
    return undefined;
  }
}

/** Directories that hold results when none is named: of live capture, then of file runs. */
const usual = ["oddwire-live", "oddwire-out"] as const;

/** The directory that holds the store: the one that was named, else the usual one that has a store. */
export const storeDirectory = (given: string | undefined): string =>
  given ?? usual.find((out) => existsSync(join(out, "oddwire.db"))) ?? usual[1];
