import { statSync } from "node:fs";
import type { RingOptions } from "#capture/live/live-options.ts";
import type { Source } from "#contract/source.ts";

/** Where an engine thread gets its frames, as plain data that crosses to the thread. */
export type SourceSpec =
  | { readonly kind: "live"; readonly options: RingOptions; readonly channel: number | undefined }
  | { readonly kind: "replay"; readonly files: readonly string[]; readonly speed: number; readonly filter: string | undefined }
  | { readonly kind: "scenario"; readonly seed: number; readonly speed: number };

const layout = { bytesMax: 1 << 19, framesMax: 8192, blocks: 2, shared: false };

/** Makes the source in the thread that reads it. Word 0 of `stopFlag` ends it when it is not 0. */
export async function makeSource(spec: SourceSpec, stopFlag: Int32Array): Promise<Source> {
  if (spec.kind === "live") {
    const { liveSource } = await import("#capture/live/live-source.ts");
    const { reopenThrough } = await import("./opener-channel.ts");
    // A live source blocks its thread and looks at the flag itself.
    return liveSource({ ...spec.options, stopFlag }, spec.channel === undefined ? undefined : reopenThrough(spec.channel));
  }
  const { BlockPoolMemory } = await import("#capture/block.ts");
  const { PacedSource } = await import("#capture/paced-source.ts");
  const pool = new BlockPoolMemory(layout);
  if (spec.kind === "scenario") {
    const { ScenarioSource } = await import("#capture/scenario/scenario-source.ts");
    return new PacedSource(new ScenarioSource({ seed: spec.seed, pool, repeat: true }), spec.speed);
  }
  const { openCaptures } = await import("#capture/open.ts");
  const { createFrameFilter } = await import("#capture/filter.ts");
  const filter = spec.filter === undefined ? undefined : await createFrameFilter(spec.filter);
  const inner = await openCaptures(spec.files, { pool, ...(filter === undefined ? {} : { filter }) });
  return spec.speed === Number.POSITIVE_INFINITY ? inner : new PacedSource(inner, spec.speed);
}

/**
 * Throws as a replay would when it starts: `ODW_FILE_MISSING`, a file that is no capture, a filter that makes no sense.
 * Where one of the files is a pipe nothing is looked at, because what is read of it is gone.
 */
export async function checkSource(spec: SourceSpec): Promise<void> {
  if (spec.kind !== "replay" || spec.files.some(isPipe)) return;
  const source = await makeSource(spec, new Int32Array(1));
  await source[Symbol.asyncDispose]();
}

function isPipe(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return file === "-" || (found !== undefined && !found.isFile() && !found.isDirectory());
}
