import { HOST_IS_LITTLE, type SharedMapping } from "#native/libc.ts";
import type { PluginCalls } from "#native/plugin-calls.ts";
import { Result } from "#native/plugin-structs.ts";

/** Errors of the plugin that are printed; the host shows the last. */
const printedMax = 50;

/** What scripts and modules share as plugins: addresses of the shared memory, and failures that stay theirs. */
export abstract class ForeignCalls {
  readonly always6 = true;
  protected readonly view: DataView;
  protected readonly bytes: Uint8Array;
  /** Address of the shared memory's first byte. */
  protected readonly base: number;
  readonly #warn: (text: string) => void;
  #printed = 0;

  constructor(mapping: SharedMapping, warn: (text: string) => void) {
    this.view = new DataView(mapping.buffer);
    this.bytes = new Uint8Array(mapping.buffer);
    this.base = Number(mapping.address);
    this.#warn = warn;
  }

  /** `always6` says that all packets come by `decrypt6`. */
  readonly decrypt: PluginCalls["decrypt"] = () => Result.skip;

  /** What the plugin throws is its failure, told in its own words. */
  protected guard(call: () => number): number {
    try {
      return call();
    } catch (error) {
      if (this.#printed++ < printedMax) this.#warn(messageOf(error));
      return Result.error;
    }
  }

  /** Answers a list of players, who are called by their places in it. */
  protected answerPlayers(count: number, playersAt: number, countAt: number): number {
    for (let index = 0; index < count; index++) this.view.setBigUint64(playersAt - this.base + 8 * index, BigInt(index), HOST_IS_LITTLE);
    this.view.setUint32(countAt - this.base, count, HOST_IS_LITTLE);
    return Result.ok;
  }
}

/** One line, even of what cannot be made a text. */
export function messageOf(error: unknown): string {
  try {
    return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replace(/\s+/g, " ").trim().slice(0, 300);
  } catch {
    return "it threw something without words";
  }
}
