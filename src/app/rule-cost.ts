import { countText } from "#base/count-text.ts";
import type { InspectorOptions } from "#contract/inspector.ts";
import type { Plugin } from "#contract/plugin.ts";
import { signatureInspector } from "#detectors/signature/definition.ts";
import { loadRules, type RuleSet } from "#detectors/signature/rule-set.ts";
import { RuleTrials } from "#detectors/signature/rule-trials.ts";
import type { Content, Signature } from "#engine/rules/signature.ts";
import type { Config } from "#schema/config.ts";
import { capturesOf } from "./captures.ts";
import { enabledPlugins } from "./plugins.ts";
import { readFiles } from "./read.ts";
import { type RuleView, ruleText, viewOf } from "./rules.ts";

/**
 * `idle`: it was never tried. `cheap`, `fair`, `dear`: how often it was tried for nothing, against `fairPerMillion` and
 * `dearPerMillion`.
 */
export type CostVerdict = "idle" | "cheap" | "fair" | "dear";

/** What one rule costs on a capture. */
export interface RuleCost {
  readonly rule: RuleView;
  /** How often its literal (or its header, when it has none) let it be tried: the judge looked at the rest of it. */
  readonly tried: number;
  /** How often it was fulfilled, before thresholds and pass rules. */
  readonly matched: number;
  readonly triedPerMillionPackets: number;
  readonly triedPerGigabyte: number;
  /** Time in the judge, µs; it differs a little from run to run. */
  readonly microseconds: number;
  readonly verdict: CostVerdict;
  /** What would make it cheaper; empty when nothing needs to. */
  readonly advice: string;
}

export interface RuleCostReport {
  readonly captures: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Of all rules, µs. */
  readonly microseconds: number;
  /** Those that were tried most often first. */
  readonly rules: readonly RuleCost[];
}

/** Tries for nothing in a million packets from which a rule is fair, and dear. */
const fairPerMillion = 1000;
const dearPerMillion = 10_000;
/** Literals of fewer bytes are found everywhere. */
const shortBytes = 4;
/** Share of all rules' time that makes a rule slow, and how long one try then takes at least, µs. */
const slowShare = 0.1;
const slowMicroseconds = 20;

/** Runs the rules over captures, on one thread and without writing anything, and says what each of them costs. */
export async function costOfRules(options: {
  /** Files of rules. */
  readonly files: readonly string[];
  /** Captures, or folders of captures. */
  readonly captures: readonly string[];
  readonly config: Config;
  readonly onProgress?: (share: number | undefined, packets: number) => void;
}): Promise<RuleCostReport> {
  const captures = capturesOf(options.captures);
  const config: Config = {
    ...options.config,
    ...(options.files.length > 0 && { "rules.files": options.files }),
    "keywords.files": [],
    "keywords.default": "no",
    "indicators.files": [],
    "lists.directory": "",
    "files.extract": "",
    "engine.workers": 1,
  };
  let set: RuleSet | undefined;
  const load = (given: InspectorOptions): RuleSet => {
    set = loadRules(given);
    set.trials = new RuleTrials(set.rules.length, () => performance.now());
    return set;
  };
  const counted = (plugin: Plugin): Plugin =>
    plugin.name === "signature" ? { ...plugin, openInspectors: async () => [{ ...signatureInspector, load }] } : plugin;
  const summary = await readFiles({
    files: captures,
    out: "",
    config,
    store: false,
    eve: false,
    plugins: enabledPlugins(config).map(counted),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const { packets, bytes, seconds } = summary;
  const rules = set === undefined ? [] : costsOf(set, packets, bytes);
  return { captures, packets, bytes, seconds, microseconds: rules.reduce((sum, { microseconds }) => sum + microseconds, 0), rules };
}

function costsOf({ rules, trials }: RuleSet, packets: number, bytes: number): RuleCost[] {
  if (trials === undefined) return [];
  const total = trials.milliseconds.reduce((sum, one) => sum + one, 0) * 1000;
  const costs = rules.map(({ signature, number }) => {
    const tried = trials.judged[number] as number;
    const matched = trials.fulfilled[number] as number;
    const microseconds = (trials.milliseconds[number] as number) * 1000;
    const verdict = verdictOf(tried, matched, packets);
    const isSlow = hasPattern(signature) && microseconds > total * slowShare && microseconds > tried * slowMicroseconds;
    return {
      rule: viewOf(signature),
      tried,
      matched,
      triedPerMillionPackets: Math.round((tried * 1e6) / Math.max(1, packets)),
      triedPerGigabyte: Math.round((tried * 1e9) / Math.max(1, bytes)),
      microseconds: Math.round(microseconds * 10) / 10,
      verdict,
      advice: verdict === "dear" ? adviceFor(signature, tried) : isSlow ? slowText(microseconds / tried) : "",
    };
  });
  return costs.toSorted((a, b) => b.tried - a.tried || a.rule.sid - b.rule.sid);
}

/** What matches was worth the try. */
function verdictOf(tried: number, matched: number, packets: number): CostVerdict {
  if (tried === 0) return "idle";
  const perMillion = ((tried - matched) * 1e6) / Math.max(1, packets);
  return perMillion < fairPerMillion ? "cheap" : perMillion < dearPerMillion ? "fair" : "dear";
}

/** Contents alone take no time that is worth a word. */
const hasPattern = ({ buffers }: Signature): boolean => buffers.some(({ tests }) => tests.some(({ type }) => type === "pcre"));

const slowText = (microseconds: number): string =>
  `one try takes ${Math.round(microseconds)} µs: let a content before its pattern exclude more, or bind the pattern to a place`;

function adviceFor({ prefilter, buffers, scope }: Signature, tried: number): string {
  if (prefilter === undefined) {
    const every = scope === "transaction" ? "every message" : "every packet that its header lets through";
    return `it has no literal and is tried on ${every}: give it a content of ${shortBytes} bytes or more, or bind its header to ports`;
  }
  const { literal } = prefilter;
  const longest = buffers
    .flatMap(({ tests }) => tests.filter((test): test is Content => test.type === "content" && !test.negated))
    .reduce<Content | undefined>(
      (best, test) => (best === undefined || test.literal.length > best.literal.length ? test : best),
      undefined,
    );
  const name = `"${ruleText(literal)}" is tried ${countText(tried)} times`;
  if (longest !== undefined && longest.literal.length > literal.length + 1 && literal.length <= 2 * shortBytes)
    return `${name}: set fast_pattern on "${ruleText(longest.literal)}"`;
  return literal.length < shortBytes ? `${name}: choose a longer one` : `${name}: choose one that is seldom, or a buffer that has less`;
}
