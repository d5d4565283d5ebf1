import type { MessagePort } from "node:worker_threads";
import { receiveMessageOnPort } from "node:worker_threads";
import type { RuleMaterial, RuleReport } from "#contract/inspector.ts";
import type { FactWish } from "./facts.ts";
import { type LoadedInspector, loadInspectorsInSteps } from "./inspection.ts";
import type { Shard, ShardOptions } from "./shard.ts";

/** Longest time that loading takes between two blocks when packets come, and when none do, milliseconds. */
const busyMs = 2;
const idleMs = 20;
/** Rejections that one report holds. */
const rejectionsMax = 1000;

/**
 * New rules come to a thread that captures in two messages, so that all threads change together and a set that is wrong
 * in one is used by none: `load` makes them beside the old ones, a little after each block; `swap` puts them in their
 * place at a block's boundary. No packet waits for more than a step.
 */
export type RuleCommand =
  | { readonly type: "load"; readonly generation: number; readonly rules: RuleMaterial }
  | { readonly type: "swap" | "forget"; readonly generation: number };

/** What else a thread that captures is told, in the same way: facts that are wanted from now on. */
export type ThreadCommand = RuleCommand | { readonly type: "facts"; readonly wish: FactWish };

/** What an inspector says of rules that it has loaded. */
export interface NamedReport extends RuleReport {
  readonly inspector: string;
  /** Of which `rejected` holds the first. */
  readonly rejectedCount: number;
}

export type RuleAnswer =
  | { readonly type: "rules-ready"; readonly generation: number; readonly reports: readonly NamedReport[] }
  | { readonly type: "rules-failed"; readonly generation: number; readonly cause: string }
  /** What comes behind it was judged by the new rules. */
  | { readonly type: "rules-used"; readonly generation: number };

export class RuleReload {
  readonly #shard: Shard;
  readonly #options: Pick<ShardOptions, "plugins" | "platform" | "config">;
  readonly #port: MessagePort;
  /** Called before the swap: what was judged by the old rules is posted. */
  readonly #post: () => void;
  #generation = 0;
  #loading: Generator<undefined, readonly LoadedInspector[]> | undefined = undefined;
  #ready: readonly LoadedInspector[] | undefined = undefined;

  constructor(shard: Shard, options: Pick<ShardOptions, "plugins" | "platform" | "config">, port: MessagePort, post: () => void) {
    this.#shard = shard;
    this.#options = options;
    this.#port = port;
    this.#post = post;
  }

  /** Says what the thread was started with, as generation 0. */
  announce(): void {
    this.#answer({ type: "rules-ready", generation: 0, reports: reportsOf(this.#shard.inspectors) });
  }

  /** Between two blocks. `isIdle`: the last one held no packet. */
  step(isIdle: boolean): void {
    const message = receiveMessageOnPort(this.#port);
    if (message !== undefined) this.#obey(message.message as ThreadCommand);
    if (this.#loading !== undefined) this.#load(performance.now() + (isIdle ? idleMs : busyMs));
  }

  #obey(command: ThreadCommand): void {
    if (command.type === "facts") {
      this.#shard.wants(command.wish);
      return;
    }
    if (command.type === "load") {
      this.#generation = command.generation;
      this.#ready = undefined;
      const present = this.#shard.inspectors.map(({ definition }) => definition);
      this.#loading = loadInspectorsInSteps({ ...this.#options, material: command.rules, present });
      return;
    }
    if (command.generation !== this.#generation) return;
    if (command.type === "swap" && this.#ready !== undefined) {
      this.#post();
      this.#shard.use(this.#ready);
      this.#answer({ type: "rules-used", generation: this.#generation });
    }
    this.#loading = undefined;
    this.#ready = undefined;
  }

  #load(until: number): void {
    try {
      do {
        const step = this.#loading?.next();
        if (step?.done !== true) continue;
        this.#loading = undefined;
        this.#ready = step.value;
        this.#answer({ type: "rules-ready", generation: this.#generation, reports: reportsOf(step.value) });
        return;
      } while (performance.now() < until);
    } catch (error) {
      this.#loading = undefined;
      this.#answer({ type: "rules-failed", generation: this.#generation, cause: error instanceof Error ? error.message : String(error) });
    }
  }

  #answer(answer: RuleAnswer): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window.
    this.#port.postMessage(answer);
  }
}

const reportsOf = (loaded: readonly LoadedInspector[]): NamedReport[] =>
  loaded.map(({ definition, rules }) => ({ inspector: definition.name, ...told(rules.report) }));

/** The first rejections are told; all are counted. */
const told = ({ loaded, rejected, memoryBytes }: RuleReport): Omit<NamedReport, "inspector"> => ({
  loaded,
  rejected: rejected.slice(0, rejectionsMax),
  rejectedCount: rejected.length,
  memoryBytes,
});
