import type { InspectorOptions, RuleReport } from "#contract/inspector.ts";
import { RuleSet } from "#detectors/signature/rule-set.ts";
import { compileKeywords } from "#engine/keywords/compile.ts";
import type { KeywordTrouble } from "#engine/keywords/keyword.ts";
import { parseKeywords } from "#engine/keywords/parse.ts";

/** Turns the lists into signatures, and those into what searches. */
export function loadKeywords(options: InspectorOptions): RuleSet {
  const { keywords, troubles } = parseKeywords(options.material.keywords ?? []);
  const { signatures, troubles: homeless } = compileKeywords(keywords, options.words);
  const found = new Set(signatures.map(({ sid }) => sid));
  // Somebody who looks for a word looks in connections that were met late, too.
  const config = { ...options.config, "rules.midstream": true };
  const set = new RuleSet(signatures, [...troubles, ...homeless].map(rejectionOf), { ...options, config });
  // People count keywords, of which each is several signatures.
  return Object.assign(set, { report: { ...set.report, loaded: found.size } });
}

const rejectionOf = ({ place, column, cause, mend }: KeywordTrouble): RuleReport["rejected"][number] => ({
  file: place.file,
  line: place.line,
  column,
  kind: "error",
  cause,
  mend,
});
