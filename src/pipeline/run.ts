import type { DetectorDefinition } from "#contract/detector.ts";
import type { ForwardReader } from "#contract/forward.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import type { Platform } from "#contract/platform.ts";
import type { Plugin } from "#contract/plugin.ts";
import type { Sink } from "#contract/sink.ts";
import type { FrameBlock, Source } from "#contract/source.ts";
import type { Config } from "#schema/config.ts";

/** What a run over a source needs. */
export interface RunOptions {
  readonly config: Config;
  readonly source: Source;
  readonly sinks: readonly Sink[];
  readonly plugins: readonly Plugin[];
  /** Listeners beside the detectors of the plugins. */
  readonly listeners?: readonly DetectorDefinition[] | undefined;
  readonly platform: Platform;
  /** Rules to judge by. */
  readonly rules?: RuleMaterial | undefined;
  /** Reads the flows that it claims. */
  readonly reader?: ForwardReader | undefined;
  /** What detectors have learnt in an earlier run, by name. */
  readonly saved?: Readonly<Record<string, unknown>> | undefined;
  /** Reads files that detectors' settings name. */
  readonly readFile?: ((path: string) => Uint8Array) | undefined;
  /** Called after each block, for progress. */
  readonly onBlock?: (block: FrameBlock) => void;
  /** Called with what people should know of the run. */
  readonly onRemark?: (text: string) => void;
  /** Called with exceptions inside plugins, for the log. */
  readonly onBug?: (where: string, error: unknown) => void;
}

/** What a run has done. */
export interface RunResult {
  /** Counters by place (`M`), of all workers together. */
  readonly counters: Float64Array;
  /** Events written, by kind. */
  readonly events: ReadonlyMap<string, number>;
  /** Time of the first and the last packet, µs; 0 when there was none. */
  readonly from: number;
  readonly to: number;
  /** What detectors have learnt, by name, for `RunOptions.saved` of another run; made when it is asked for. */
  readonly learnt: () => Readonly<Record<string, unknown>>;
}

/** Adds the events of one part to the sums of all. */
export function addKinds(sums: Map<string, number>, kinds: ReadonlyMap<string, number>): void {
  for (const [kind, count] of kinds) sums.set(kind, (sums.get(kind) ?? 0) + count);
}
