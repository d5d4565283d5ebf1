/**
 * Reads one capture that somebody gave, in a process of its own: what a hostile file does to it stays here. Tells on
 * standard output, a JSON line each, how far it is, and at last what it found or why it could not.
 */
import type { Config } from "#schema/config.ts";
import { readFiles } from "./read.ts";

export interface GivenRead {
  readonly file: string;
  readonly out: string;
  readonly config: Config;
}

export type GivenReadLine =
  | { readonly share: number | undefined; readonly packets: number }
  | { readonly done: true; readonly packets: number; readonly flows: number; readonly findings: number }
  | { readonly cause: string };

const tell = (line: GivenReadLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

if (import.meta.main) {
  const { file, out, config } = JSON.parse(process.argv[2] ?? "{}") as GivenRead;
  const stop = new AbortController();
  process.on("SIGTERM", () => stop.abort());
  try {
    const { packets, flows, events } = await readFiles({
      files: [file],
      out,
      config,
      store: true,
      eve: false,
      signal: stop.signal,
      onProgress: (share, soFar) => tell({ share, packets: soFar }),
    });
    tell({ done: true, packets, flows, findings: events["finding"] ?? 0 });
  } catch (error) {
    // Where the file lies is of no use to whoever gave it.
    tell({ cause: (error instanceof Error ? error.message : String(error)).replaceAll(file, "the file") });
    process.exitCode = 1;
  }
}
