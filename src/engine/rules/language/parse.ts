/**
 * Text of rules → signatures.
 *
 *   file ─ rule-lines ─► one line a rule ─ split-rule ─► header words + options
 *                                                            │            │
 *                                             header.ts ◄────┘            │ options.ts: a handler for each name,
 *                                   (addresses, ports, variables)         │ or a word that a protocol declared
 *                                                 │                       ▼
 *                                                 └──────────────────► Draft ─ finish ─► Signature
 *                                                                                (check, scope, prefilter)
 *
 * Whoever finds something wrong throws a `RuleProblem`; here it becomes a rejection, and the other rules go on.
 */

import type { Rejection, Signature } from "#engine/rules/signature.ts";
import { refuseLateEffects } from "./after-gate.ts";
import { parseClasses, parseReferences } from "./classification.ts";
import { type DatasetDemand, Draft, type Surroundings } from "./draft.ts";
import { finish } from "./finish.ts";
import { HeaderParser } from "./header.ts";
import { applyOption, isOption } from "./options.ts";
import { RuleProblem, refuse } from "./problem.ts";
import { categoryNames } from "./reputation-categories.ts";
import { ruleCharactersMax, ruleLines } from "./rule-lines.ts";
import { type SplitRule, splitRule } from "./split-rule.ts";
import { applyThresholds } from "./threshold-file.ts";
import { defaultVariables, type Variables } from "./variables.ts";
import { indexWords, type WordFacts } from "./word-facts.ts";

/** Everything that rules are made of, as texts. */
export interface RuleMaterial {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Names for addresses and ports; those that are absent are as in Suricata's own configuration. */
  readonly variables?: Partial<Variables>;
  /** Text of a classification.config. */
  readonly classification?: string;
  /** Text of a reference.config. */
  readonly references?: string;
  /** Text of a threshold.config: `suppress`, `event_filter`, `threshold`, `rate_filter`. */
  readonly thresholds?: string;
  /** Categories of addresses that have a reputation, as in Suricata's file. */
  readonly reputation?: { readonly categories: string };
  /** True when countries of addresses are known, so that rules may ask for them. */
  readonly knowsCountries?: boolean;
  /** False when files are never extracted, so that rules that want them kept are warned of. */
  readonly extracts?: boolean;
  /** Application protocols that headers may name beside those of the words. */
  readonly applications?: readonly string[];
}

/** Something that does not keep a rule out, and that its author should know. */
export type RuleWarning = Omit<Rejection, "kind" | "text">;

export interface ParsedRules {
  /** In the order of the files; of rules with the same gid and sid only the one with the highest rev. */
  readonly signatures: readonly Signature[];
  readonly rejections: readonly Rejection[];
  readonly warnings: readonly RuleWarning[];
  /** Lists of values that `dataset`, `datarep` and `filemd5` ask for. */
  readonly datasets: readonly DatasetDemand[];
}

/** Turns the text of rules into signatures. Never throws: a rule that is wrong is among the rejections, the others count. */
export function parseRules(material: RuleMaterial, words: readonly WordFacts[]): ParsedRules {
  return new RuleSet(material, words).parse();
}

class RuleSet {
  readonly #material: RuleMaterial;
  readonly #around: Surroundings;
  readonly #warnings: RuleWarning[] = [];
  readonly #rejections: Rejection[] = [];
  /** By `gid:sid`, in the order of their first appearance. */
  readonly #signatures = new Map<string, Signature>();

  constructor(material: RuleMaterial, words: readonly WordFacts[]) {
    const index = indexWords(words);
    const variables = {
      addresses: { ...defaultVariables.addresses, ...material.variables?.addresses },
      ports: { ...defaultVariables.ports, ...material.variables?.ports },
    };
    this.#material = material;
    this.#around = {
      words: index,
      headers: new HeaderParser(variables, [...index.protocols, ...(material.applications ?? [])]),
      classes: parseClasses(material.classification),
      references: parseReferences(material.references),
      datasets: new Map(),
      extracts: material.extracts !== false,
      reputations: material.reputation === undefined ? undefined : categoryNames(material.reputation.categories),
      knowsCountries: material.knowsCountries === true,
      knowsOption: (name) => isOption(name, index),
      warn: (draft, at, cause, mend) => {
        this.#warnings.push({ place: { file: draft.file, line: draft.line, column: at + 1 }, sid: draft.sid || undefined, cause, mend });
      },
    };
  }

  parse(): ParsedRules {
    for (const { name, text } of this.#material.files) for (const rule of ruleLines(text)) this.#rule(name, rule.line, rule.text);
    const signatures = [...this.#signatures.values()];
    if (this.#material.thresholds !== undefined)
      this.#rejections.push(...applyThresholds(this.#material.thresholds, signatures, this.#around.headers));
    this.#rejections.push(...refuseLateEffects(signatures));
    return { signatures, rejections: this.#rejections, warnings: this.#warnings, datasets: [...this.#around.datasets.values()] };
  }

  #rule(file: string, line: number, text: string): void {
    let split: SplitRule | undefined;
    try {
      if (text.length > ruleCharactersMax)
        refuse(ruleCharactersMax, `the rule is longer than ${ruleCharactersMax} characters`, "write several rules");
      split = splitRule(text);
      this.#keep(signatureOf(this.#around, file, line, text, split));
    } catch (error) {
      if (!(error instanceof RuleProblem)) throw error;
      const place = { file, line, column: error.at + 1 };
      this.#rejections.push({ place, sid: sidOf(split), kind: error.kind, cause: error.message, mend: error.mend, text });
    }
  }

  /** Of rules that have the same numbers the newest counts; the same one twice is a mistake. */
  #keep(signature: Signature): void {
    const key = `${signature.gid}:${signature.sid}`;
    const known = this.#signatures.get(key);
    if (known !== undefined && signature.rev <= known.rev) {
      const at = Math.max(0, signature.text.search(/\bsid\s*:/));
      const where = `${known.place.file === "" ? "" : `${known.place.file} `}line ${known.place.line}`;
      refuse(
        at,
        `a rule with sid ${signature.sid} and rev ${known.rev} is there already, in ${where}`,
        "give it another sid, or a higher rev",
      );
    }
    this.#signatures.set(key, signature);
  }
}

function signatureOf(around: Surroundings, file: string, line: number, text: string, split: SplitRule): Signature {
  const required = split.options.filter((option) => option.name === "requires");
  const draft = new Draft(around, around.headers.parse(split), file, line, text);
  for (const option of required) applyOption(draft, option);
  for (const option of split.options) if (option.name !== "requires") applyOption(draft, option);
  return finish(draft);
}

function sidOf(split: SplitRule | undefined): number | undefined {
  const text = split?.options.find((option) => option.name === "sid")?.value;
  const sid = Number(text);
  return text !== undefined && Number.isSafeInteger(sid) ? sid : undefined;
}
