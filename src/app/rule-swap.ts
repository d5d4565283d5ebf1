import { setImmediate as nextTurn } from "node:timers/promises";
import { OddwireError } from "#contract/errors.ts";
import type { AlertGate, RuleMaterial } from "#contract/inspector.ts";
import type { Platform } from "#contract/platform.ts";
import type { Plugin } from "#contract/plugin.ts";
import type { GatedRows } from "#pipeline/gated-alerts.ts";
import { type LoadedInspector, loadInspectors, loadInspectorsInSteps } from "#pipeline/inspection.ts";
import type { NamedReport, RuleAnswer, RuleCommand } from "#pipeline/rule-reload.ts";
import type { Config } from "#schema/config.ts";

/** Longest time that loading keeps this thread from what the others say, milliseconds. */
const turnMs = 10;

export interface RuleSwapOptions {
  readonly plugins: readonly Plugin[];
  readonly platform: Platform;
  readonly config: Config;
  readonly rules: RuleMaterial | undefined;
  /** Threads that judge. */
  readonly threads: number;
  readonly post: (thread: number, command: RuleCommand) => void;
}

/**
 * The rules of a live run, as its main thread sees them: the gates that decide over alerts of all threads, and the way
 * of new rules to the threads. First everybody loads beside the old rules; when one fails, all keep the old ones. Then
 * all swap, and gated alerts that new rules raised wait here until the last thread has, so that the gates change once.
 */
export class RuleSwap {
  readonly #options: RuleSwapOptions;
  #loaded: readonly LoadedInspector[] | undefined = undefined;
  #gates: readonly AlertGate[] | undefined = undefined;
  #generation = 0;
  #reports: (readonly NamedReport[])[] = [];
  #waiting: { readonly type: RuleAnswer["type"]; readonly left: Set<number>; readonly resolvers: PromiseWithResolvers<void> } | undefined =
    undefined;
  #fresh: readonly LoadedInspector[] | undefined = undefined;
  readonly #ended = new Set<number>();
  #held: GatedRows[] = [];

  constructor(options: RuleSwapOptions) {
    this.#options = options;
  }

  /** Gates for the alerts of a thread; `undefined` while they wait for other threads (`hold`). */
  gatesFor(thread: number): readonly AlertGate[] | undefined {
    const { plugins, rules, platform, config } = this.#options;
    if (this.#waiting?.type === "rules-used" && !this.#waiting.left.has(thread)) return undefined;
    this.#loaded ??= loadInspectors(plugins, rules, platform, config);
    this.#gates ??= this.#loaded.map(({ definition, rules: own }) => definition.createGate(own));
    return this.#gates;
  }

  hold(rows: GatedRows): void {
    this.#held.push(rows);
  }

  /** Alerts that waited and may be judged now. */
  released(): readonly GatedRows[] {
    if (this.#waiting?.type === "rules-used") return [];
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** Lets all threads judge by other rules; what they say of them. Throws ODW_RELOAD_REFUSED, and the old rules stay. */
  async use(rules: RuleMaterial): Promise<readonly NamedReport[]> {
    const generation = ++this.#generation;
    const { threads } = this.#options;
    const ready = this.#expect("rules-ready");
    for (let thread = 0; thread < threads; thread++) this.#options.post(thread, { type: "load", generation, rules });
    try {
      const [fresh] = await Promise.all([this.#loadHere(rules), ready]);
      const reports = this.#reports[0] ?? [];
      refuseEmpty(reports);
      this.#fresh = fresh;
      const used = this.#expect("rules-used");
      for (let thread = 0; thread < threads; thread++) this.#options.post(thread, { type: "swap", generation });
      await used;
      return reports;
    } catch (error) {
      this.#waiting = undefined;
      for (let thread = 0; thread < threads; thread++) this.#options.post(thread, { type: "forget", generation });
      throw error instanceof OddwireError
        ? error
        : new OddwireError("ODW_RELOAD_REFUSED", { cause: error instanceof Error ? error.message : String(error) });
    }
  }

  /** A thread has answered. */
  take(thread: number, answer: RuleAnswer): void {
    const waiting = this.#waiting;
    if (waiting === undefined || answer.generation !== this.#generation) return;
    if (answer.type === "rules-failed") {
      waiting.resolvers.reject(new OddwireError("ODW_RELOAD_REFUSED", { cause: answer.cause }));
      return;
    }
    if (answer.type !== waiting.type) return;
    if (answer.type === "rules-ready") this.#reports[thread] = answer.reports;
    this.#answered(thread);
  }

  /** A thread has come to its end and answers no more. */
  end(thread: number): void {
    this.#ended.add(thread);
    if (this.#waiting !== undefined) this.#answered(thread);
  }

  #answered(thread: number): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    waiting.left.delete(thread);
    if (waiting.left.size > 0) return;
    this.#waiting = undefined;
    if (waiting.type === "rules-used") this.#changeGates();
    waiting.resolvers.resolve();
  }

  #changeGates(): void {
    const fresh = this.#fresh ?? [];
    const gates = this.#gates ?? [];
    for (const [number, { rules }] of fresh.entries()) gates[number]?.use(rules);
    this.#gates = [...gates, ...fresh.slice(gates.length).map(({ definition, rules }) => definition.createGate(rules))];
    this.#loaded = fresh;
    this.#fresh = undefined;
  }

  #expect(type: "rules-ready" | "rules-used"): Promise<void> {
    const left = new Set(Array.from({ length: this.#options.threads }, (_, thread) => thread).filter((thread) => !this.#ended.has(thread)));
    const resolvers = Promise.withResolvers<void>();
    if (left.size === 0) return Promise.reject(new OddwireError("ODW_ENGINE_ABSENT"));
    this.#waiting = { type, left, resolvers };
    return resolvers.promise;
  }

  /** The gates need the rules here, too. */
  async #loadHere(material: RuleMaterial): Promise<readonly LoadedInspector[]> {
    const { plugins, platform, config, rules } = this.#options;
    this.#loaded ??= loadInspectors(plugins, rules, platform, config);
    const present = this.#loaded.map(({ definition }) => definition);
    const steps = loadInspectorsInSteps({ plugins, platform, config, material, present, forGates: true });
    let until = performance.now() + turnMs;
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (performance.now() < until) continue;
      await nextTurn();
      until = performance.now() + turnMs;
    }
  }
}

/** A set of which nothing was understood is no set: somebody gave the wrong file. */
function refuseEmpty(reports: readonly NamedReport[]): void {
  for (const { inspector, loaded, rejectedCount, rejected } of reports) {
    const first = rejected[0];
    if (loaded > 0 || rejectedCount === 0 || first === undefined) continue;
    throw new OddwireError("ODW_RELOAD_REFUSED", {
      cause: `nothing that ${inspector} was given can be used: ${first.file} line ${first.line}: ${first.cause}`,
    });
  }
}
