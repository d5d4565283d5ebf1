import { readFileSync } from "node:fs";
import { OddwireError } from "#contract/errors.ts";
import { type ListTexts, readLists } from "#suricata/rule-lists.ts";
import { collectRules, type RuleUpdate, writeRuleSet } from "#suricata/rule-set.ts";
import { readSource } from "#suricata/rule-source.ts";

export interface RulesUpdateOptions {
  /** Files, directories and addresses; those that were named, no others. */
  readonly from: readonly string[];
  /** Directory of the set. */
  readonly into: string;
  readonly enable?: string | undefined;
  readonly disable?: string | undefined;
  readonly modify?: string | undefined;
  /** Only says what would change. */
  readonly dry: boolean;
}

/** `oddwire rules update`: fetches rules, changes them as the lists say, puts them in place of the set that is there. */
export async function updateRules(options: RulesUpdateOptions): Promise<RuleUpdate> {
  if (options.from.length === 0)
    throw new OddwireError("ODW_USAGE", { cause: "say where the rules come from: --from FILE, DIRECTORY or URL" });
  const { enable, disable, modify } = options;
  const lists = readLists({ enable: listText(enable), disable: listText(disable), modify: listText(modify) });
  const files = [];
  for (const source of options.from) files.push(...(await readSource(source)));
  return writeRuleSet(collectRules(files, lists), options.into, options.from.join(", "), options.dry);
}

function listText(path: string | undefined): ListTexts["enable"] {
  if (path === undefined) return undefined;
  try {
    return { name: path, text: readFileSync(path, "utf8") };
  } catch (error) {
    throw new OddwireError("ODW_RULES_BAD", { source: path, cause: (error as Error).message });
  }
}
