import { getCompileCacheDir } from "node:module";
import { Worker } from "node:worker_threads";
import { type ErrorCode, OddwireError } from "#contract/errors.ts";
import type { Plan } from "#contract/store.ts";
import type { KindColumns } from "#store/ddl.ts";
import type { WriterCounters, WriterOptions } from "./writer.ts";

/** What the writer thread is started with. */
export interface WriterSetup extends WriterOptions {
  readonly path: string;
  readonly kinds: readonly KindColumns[];
  /** Longest time that rows wait for their commit. */
  readonly flushMs: number;
}

export type WriterRequest =
  | { readonly type: "lines"; readonly bytes: Uint8Array }
  | { readonly type: "flush"; readonly id: number }
  | { readonly type: "close" };

/** Every answer says how things stand. */
export interface WriterAnswer {
  readonly type: "opened" | "written" | "flushed" | "committed" | "closed";
  /** Of the flush that is answered. */
  readonly id?: number;
  readonly counters: WriterCounters;
  /** Why the step failed. */
  readonly failure: Failure | undefined;
}

/** What the reader thread is asked. */
export type ReaderQuestion =
  | { readonly type: "query" | "count"; readonly plan: Plan }
  | { readonly type: "top"; readonly plan: Plan; readonly column: string; readonly sum: string | undefined }
  | { readonly type: "describe" };

export interface ReaderRequest {
  readonly id: number;
  readonly question: ReaderQuestion;
}

export type ReaderAnswer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly failure: Failure };

export interface ReaderSetup {
  readonly path: string;
  readonly kinds: readonly KindColumns[];
  /** Longest time that one question may take. */
  readonly timeoutMs: number;
}

/** An error as data, to cross threads. */
export interface Failure {
  readonly code: ErrorCode;
  readonly values: OddwireError["values"];
}

/** Describes what was thrown; what is no `OddwireError` becomes one of `code` with the words as its cause. */
export function failureOf(error: unknown, code: ErrorCode, values: Failure["values"]): Failure {
  if (error instanceof OddwireError) return { code: error.code, values: error.values };
  return { code, values: { ...values, cause: error instanceof Error ? error.message : String(error) } };
}

export const errorOf = (failure: Failure): OddwireError => new OddwireError(failure.code, failure.values);

/**
 * Starts a thread whose program stands beside this file, as TypeScript in a checkout and as JavaScript in a package.
 * A thread has a compile cache only when its environment says so; without it, it takes 0.1 s longer to start.
 */
export function startThread(program: string, name: string, workerData: WriterSetup | ReaderSetup): Worker {
  const cache = getCompileCacheDir();
  const env = cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache };
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return new Worker(new URL(`./${program}${extension}`, import.meta.url), { workerData, name, env, execArgv: [] });
}
