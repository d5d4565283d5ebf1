import type { LoadedRules, RuleMaterial, RuleReport } from "#contract/inspector.ts";
import { IndicatorSet } from "#engine/indicators/indicator-set.ts";

/** Lists as a thread holds them. They are read when somebody looks: the thread that only gates alerts never does. */
export class LoadedIndicators implements LoadedRules {
  readonly #lists: NonNullable<RuleMaterial["indicators"]>;
  #set: IndicatorSet | undefined = undefined;

  constructor(material: RuleMaterial) {
    this.#lists = material.indicators ?? [];
  }

  /** Read in steps, for a thread that captures; not read yet where nothing is looked up. */
  static *inSteps(material: RuleMaterial, isLater: boolean): Generator<undefined, LoadedIndicators> {
    const loaded = new LoadedIndicators(material);
    if (!isLater) loaded.#set = yield* IndicatorSet.inSteps(loaded.#lists);
    return loaded;
  }

  get set(): IndicatorSet {
    this.#set ??= IndicatorSet.of(this.#lists);
    return this.#set;
  }

  get report(): RuleReport {
    const { report, memoryBytes } = this.set;
    return {
      loaded: report.loaded,
      rejected: report.troubles.map(({ list, line, column, cause, mend }) => ({ file: list, line, column, kind: "error", cause, mend })),
      memoryBytes,
    };
  }
}
