import type { AlertTaker } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import type { Effect } from "#engine/rules/effect.ts";
import type { Capture } from "#engine/rules/judge/scratch.ts";
import type { AlertShows } from "./alert-shows.ts";
import { AlertTeller, type Matched } from "./alert-teller.ts";
import { changeBits, note, remembers } from "./effects.ts";
import { type FlowStates, Mark } from "./flow-state.ts";
import type { Tag } from "./packet-tags.ts";
import type { Rule } from "./rule.ts";
import type { PartitionDatasets } from "./rule-datasets.ts";
import type { RuleJudge } from "./rule-judge.ts";
import type { Scene } from "./scene.ts";
import { fileStoreOf } from "./stored-files.ts";
import type { SideState, TransactionState } from "./transaction-state.ts";

/** Rules that the present packet has fulfilled: their effects come at once, their alerts when all have been judged. */
export class MatchedRules {
  readonly #scene: Scene;
  readonly #judge: RuleJudge;
  readonly #states: FlowStates;
  readonly #teller: AlertTeller;
  readonly #take: AlertTaker;
  #matched: Matched[] = [];
  /** What alerts show of the traffic. */
  set shows(shows: AlertShows | undefined) {
    this.#teller.shows = shows;
  }

  /** Sets that rules change. */
  datasets: PartitionDatasets | undefined = undefined;

  constructor(scene: Scene, judge: RuleJudge, states: FlowStates, take: AlertTaker) {
    this.#scene = scene;
    this.#judge = judge;
    this.#states = states;
    this.#teller = new AlertTeller(scene);
    this.#take = take;
  }

  /** The rule was judged last, and is fulfilled. */
  add(rule: Rule, slot: number, side: Side, transaction: TransactionState | undefined, inStream: boolean): void {
    const { effects } = rule.signature;
    const { scratch, evidence } = this.#judge;
    if (slot >= 0 && (scratch.captureCount > 0 || remembers(effects))) {
      const memory = this.#states.open(slot).remember();
      note(effects, memory);
      for (let i = 0; i < scratch.captureCount; i++) {
        const { scope, name, value } = scratch.captures[i] as Capture;
        if (scope === "flow") memory.setText(name, value);
      }
    }
    if (slot >= 0 && effects.some((effect) => effect.type === "bypass")) {
      this.#states.mark(slot, Mark.bypassed);
      this.#scene.flows.release(slot);
    }
    const fileStore = rule.needsFile ? fileStoreOf(rule.signature) : undefined;
    if (fileStore !== undefined && transaction !== undefined) this.#states.open(slot).store().add(fileStore, side, transaction.id);
    if (transaction !== undefined) {
      if (rule.usesBits) changeBits(effects, transaction);
      this.#changeSets(effects, transaction.side(side));
    }
    if (rule.silent && !rule.gated && rule.tag === undefined && rule.signature.action !== "pass") return;
    const captures = scratch.captures.slice(0, scratch.captureCount).filter(({ scope }) => scope !== "flow");
    this.#matched.push({
      rule,
      slot,
      side,
      transaction,
      isStream: inStream,
      matches: evidence.matches(),
      captures: captures.map(({ name, value }) => ({ name, value })),
    });
  }

  #tag(rule: number, tag: Tag, slot: number): void {
    this.#states.open(slot).tag().set(rule, tag, this.#scene.flows.time);
    this.#states.mark(slot, Mark.tagged);
  }

  /** Values of the buffer that the rule has looked at are added to the set, or taken from it. */
  #changeSets(effects: readonly Effect[], state: SideState): void {
    const { datasets } = this;
    if (datasets === undefined) return;
    for (const effect of effects) {
      if (effect.type !== "dataset") continue;
      for (const { bytes } of state.valuesOf(effect.buffer) ?? []) {
        if (bytes === undefined) continue;
        const value = this.#judge.transformed(effect.transforms ?? [], bytes);
        if (effect.command === "set") datasets.add(effect.name, value, 0, value.length);
        else datasets.remove(effect.name, value, 0, value.length);
      }
    }
  }

  /** Tells them, the most important first. A pass rule ends it; further alerts than allowed are left out. */
  tell(alertsMax: number): void {
    if (this.#matched.length === 0) return;
    const matched = this.#matched;
    this.#matched = [];
    matched.sort((a, b) => a.rule.number - b.rule.number);
    let told = 0;
    for (const one of matched) {
      if (one.rule.signature.action === "pass") {
        if (one.rule.passesFlow && one.slot >= 0) this.#states.mark(one.slot, Mark.passed);
        return;
      }
      if (one.rule.tag !== undefined && one.slot >= 0) this.#tag(one.rule.number, one.rule.tag, one.slot);
      if (one.rule.silent && !one.rule.gated) continue;
      if (told++ >= alertsMax) {
        this.#scene.flows.tally("alertsLeftOut");
        continue;
      }
      this.#take(this.#teller.alertOf(one, one.slot < 0 ? undefined : this.#states.of(one.slot)));
    }
  }
}
