import { Datasets } from "#engine/rules/judge/datasets.ts";
import type { DatasetAccess } from "#engine/rules/judge/scratch.ts";
import type { DatasetDemand } from "#engine/rules/language/draft.ts";
import type { Rule } from "./rule.ts";

/** Sets as one partition asks and changes them. */
export type PartitionDatasets = DatasetAccess & Pick<Datasets, "add" | "remove">;

/** Sets of values that rules of one load ask for. Those that no rule changes are shared by all partitions. */
export class RuleDatasets {
  readonly #shared = new Datasets();
  readonly #demands: readonly DatasetDemand[];
  readonly #lists: Readonly<Record<string, string>>;
  /** Sets that rules add to or take from. */
  readonly #changed: ReadonlySet<string>;

  constructor(demands: readonly DatasetDemand[], lists: Readonly<Record<string, string>>, rules: readonly Rule[]) {
    this.#demands = demands;
    this.#lists = lists;
    this.#changed = new Set(
      rules.flatMap(({ signature }) => signature.effects.flatMap((effect) => (effect.type === "dataset" ? [effect.name] : []))),
    );
    for (const demand of demands) if (!this.#changed.has(demand.name)) this.#fill(this.#shared, demand);
  }

  /** For one partition. What its rules change is its own, so that the number of workers changes nothing. */
  ofPartition(): PartitionDatasets | undefined {
    if (this.#demands.length === 0) return undefined;
    if (this.#changed.size === 0) return this.#shared;
    const own = new Datasets();
    for (const demand of this.#demands) if (this.#changed.has(demand.name)) this.#fill(own, demand);
    const of = (name: string): Datasets => (this.#changed.has(name) ? own : this.#shared);
    return {
      has: (name, bytes, from, to) => of(name).has(name, bytes, from, to),
      reputation: (name, bytes, from, to) => of(name).reputation(name, bytes, from, to),
      add: (name, bytes, from, to) => own.add(name, bytes, from, to),
      remove: (name, bytes, from, to) => own.remove(name, bytes, from, to),
    };
  }

  #fill(into: Datasets, { name, type, load, format, valueKey, subdomains }: DatasetDemand): void {
    into.define(name, {
      type,
      ...(format === undefined ? {} : { format }),
      ...(valueKey === undefined ? {} : { valueKey }),
      ...(subdomains === undefined ? {} : { subdomains }),
    });
    const text = load === undefined ? undefined : this.#lists[load];
    if (text !== undefined) into.load(name, text);
  }
}
