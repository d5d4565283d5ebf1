import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { OddwireError } from "#contract/errors.ts";
import { type RuleText, readRuleLine } from "./rule-line.ts";
import { applyLists, type RuleLists } from "./rule-lists.ts";
import type { RuleFile } from "./rule-source.ts";

/** One file with all rules; the set before it stands beside it. */
export const ruleSetFile = "oddwire.rules";
const PREVIOUS = "oddwire.rules.previous";
/** Rules that may be in a set. */
const RULES_MAX = 1_000_000;
const BAD_SHOWN_MAX = 20;

export interface RuleSet {
  /** By `gid:sid`. */
  readonly rules: ReadonlyMap<string, RuleText>;
  /** Lines that are no rules, the first of them, with their places. */
  readonly bad: readonly { readonly where: string; readonly cause: string }[];
  readonly badCount: number;
  /** Rules whose sid came more than once: the highest revision counts. */
  readonly duplicates: number;
}

export interface RuleUpdate {
  readonly path: string;
  readonly rules: number;
  readonly enabled: number;
  readonly disabled: number;
  readonly added: readonly number[];
  readonly removed: readonly number[];
  /** Rules with another text than before, or that are on or off now. */
  readonly changed: readonly number[];
  readonly bad: RuleSet["bad"];
  readonly badCount: number;
  readonly duplicates: number;
  /** False when the set is the one that is there: nothing was written. */
  readonly written: boolean;
}

/** Puts the rules of all files together, changed as the lists say. */
export function collectRules(files: readonly RuleFile[], lists: RuleLists): RuleSet {
  const rules = new Map<string, RuleText>();
  const bad: { where: string; cause: string }[] = [];
  let badCount = 0;
  let duplicates = 0;
  const complain = (where: string, cause: string): void => {
    badCount++;
    if (bad.length < BAD_SHOWN_MAX) bad.push({ where, cause });
  };
  for (const { name, text } of files)
    for (const { line, number } of logicalLines(text)) {
      const read = readRuleLine(line);
      if (read.type === "bad") complain(`${name}:${number}`, read.cause);
      if (read.type !== "rule") continue;
      const { enabled, text: wanted } = applyLists(lists, read.rule, name);
      const rule = readRuleLine(wanted);
      if (rule.type !== "rule") {
        complain(`${name}:${number}`, `what modify makes of it is no rule${rule.type === "bad" ? `: ${rule.cause}` : ""}`);
        continue;
      }
      const key = `${rule.rule.gid}:${rule.rule.sid}`;
      const other = rules.get(key);
      if (other !== undefined) duplicates++;
      if (other === undefined || rule.rule.rev > other.rev) rules.set(key, { ...rule.rule, enabled });
      if (rules.size > RULES_MAX)
        throw new OddwireError("ODW_RULES_BAD", { source: name, cause: `there are more than ${RULES_MAX} rules` });
    }
  return { rules, bad, badCount, duplicates };
}

/**
 * Writes the set into a directory: whole or not at all, the one before kept beside it. Throws ODW_RULES_BAD when there
 * are no rules, or more lines are bad than good: that is no set of rules, and the one that is there stays.
 */
export function writeRuleSet(set: RuleSet, directory: string, source: string, dry = false): RuleUpdate {
  if (set.rules.size === 0 || set.badCount > set.rules.size) {
    const first = set.bad[0];
    const cause = first === undefined ? "there are no rules in it" : `${set.badCount} lines are no rules; ${first.where}: ${first.cause}`;
    throw new OddwireError("ODW_RULES_BAD", { source, cause });
  }
  const path = join(directory, ruleSetFile);
  const before = existsSync(path)
    ? collectRules([{ name: path, text: readFileSync(path, "utf8") }], noLists).rules
    : new Map<string, RuleText>();
  const added = [...set.rules.keys()].filter((key) => !before.has(key));
  const removed = [...before.keys()].filter((key) => !set.rules.has(key));
  const changed = [...set.rules].filter(([key, rule]) => isOther(before.get(key), rule)).map(([key]) => key);
  const written = !dry && (added.length > 0 || removed.length > 0 || changed.length > 0);
  if (written) replace(directory, path, textOf(set.rules));
  const enabled = [...set.rules.values()].filter((rule) => rule.enabled).length;
  return {
    path,
    rules: set.rules.size,
    enabled,
    disabled: set.rules.size - enabled,
    added: sidsOf(added),
    removed: sidsOf(removed),
    changed: sidsOf(changed),
    bad: set.bad,
    badCount: set.badCount,
    duplicates: set.duplicates,
    written,
  };
}

export const noLists: RuleLists = { enable: [], disable: [], modify: [] };

const sidsOf = (keys: readonly string[]): number[] => keys.map((key) => Number(key.split(":")[1])).toSorted((a, b) => a - b);

const isOther = (before: RuleText | undefined, now: RuleText): boolean =>
  before !== undefined && (before.text !== now.text || before.enabled !== now.enabled);

/** In the order of gid and sid, so that two sets can be compared line by line. */
function textOf(rules: ReadonlyMap<string, RuleText>): string {
  const sorted = [...rules.values()].toSorted((a, b) => a.gid - b.gid || a.sid - b.sid);
  return sorted.map((rule) => `${rule.enabled ? "" : "# "}${rule.text}\n`).join("");
}

function replace(directory: string, path: string, text: string): void {
  const fresh = `${path}.new`;
  try {
    mkdirSync(directory, { recursive: true });
    const file = openSync(fresh, "w", 0o644);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (existsSync(path)) {
      // A copy, so that at no moment there is no set.
      copyFileSync(path, join(directory, PREVIOUS));
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw new OddwireError("ODW_OUT_UNWRITABLE", { path: directory, cause: (error as Error).message });
  }
}

/** Lines of a file; one that ends with a backslash goes on in the next. */
function* logicalLines(text: string): Generator<{ readonly line: string; readonly number: number }> {
  let whole = "";
  let begun = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (whole === "") begun = index + 1;
    const trimmed = line.trimEnd();
    if (trimmed.endsWith("\\") && !trimmed.startsWith("#")) {
      whole += `${trimmed.slice(0, -1).trimEnd()} `;
      continue;
    }
    yield { line: whole + trimmed.trimStart(), number: begun };
    whole = "";
  }
  if (whole !== "") yield { line: whole, number: begun };
}
