import { readFileSync } from "node:fs";
import { loadConfig } from "#app/config.ts";
import { type ReadSummary, readFiles } from "#app/read.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { parseLines, temporary } from "./oddwire.ts";

export interface Reading {
  readonly eve: Buffer;
  readonly summary: ReadSummary;
  /** Exceptions inside parsers and detectors. */
  readonly bugs: readonly string[];
}

export interface ReadingOptions {
  /** `KEY=VALUE`. */
  readonly settings?: readonly string[];
  /** Overwrites blocks that were given back. */
  readonly poison?: boolean;
}

/** Reads captures in this process as `oddwire read` does, without a store; by default on one worker. */
export async function reading(files: readonly string[], options: ReadingOptions = {}): Promise<Reading> {
  using folder = temporary();
  const { config } = await loadConfig({ settings: ["engine.workers=1", ...(options.settings ?? [])] });
  const bugs: string[] = [];
  const summary = await readFiles({
    files,
    out: folder.path,
    config,
    store: false,
    eve: true,
    poison: options.poison ?? false,
    onBug: (where, error) => bugs.push(`${where}: ${error instanceof Error ? error.stack : String(error)}`),
  });
  return { eve: readFileSync(folder.at("eve.json")), summary, bugs };
}

export const eventsIn = ({ eve }: Reading): readonly OddwireEvent[] => parseLines(eve.toString());

/** The first line in which two results differ, for the message of a test. */
export function firstDifference(a: Buffer, b: Buffer): string | undefined {
  if (a.equals(b)) return undefined;
  const [left, right] = [a, b].map((bytes) => bytes.toString().split("\n")) as [string[], string[]];
  const place = left.findIndex((line, i) => line !== right[i]);
  const at = place < 0 ? left.length : place;
  return `line ${at + 1}:\n${left[at] ?? "(end)"}\n${right[at] ?? "(end)"}`;
}
