import { OddwireError } from "#contract/errors.ts";
import type { RuleText } from "./rule-line.ts";

/** Chooses rules, as a line of `disable.conf` does. */
type Chooser = (rule: RuleText, file: string) => boolean;

interface Change {
  readonly chooses: Chooser;
  readonly from: RegExp;
  readonly to: string;
}

/** What is done with the rules that were fetched, in this order: on, off, changed. */
export interface RuleLists {
  readonly enable: readonly Chooser[];
  readonly disable: readonly Chooser[];
  readonly modify: readonly Change[];
}

/** Texts of the three files, each with its name for errors. */
export interface ListTexts {
  readonly enable?: { readonly name: string; readonly text: string } | undefined;
  readonly disable?: { readonly name: string; readonly text: string } | undefined;
  readonly modify?: { readonly name: string; readonly text: string } | undefined;
}

/**
 * Reads lists in the language of suricata-update: a line is `SID`, `GID:SID`, several of them with commas, `group:FILE`
 * (with or without `.rules`, `*` for anything), `re:EXPRESSION` over the whole rule, `metadata: NAME VALUE`; in
 * `modify.conf` two quoted texts follow, an expression and what takes its place (`\1` for its groups).
 */
export function readLists(texts: ListTexts): RuleLists {
  return {
    enable: linesOf(texts.enable).map(({ line, where }) => chooserOf(line, where)),
    disable: linesOf(texts.disable).map(({ line, where }) => chooserOf(line, where)),
    modify: linesOf(texts.modify).map(({ line, where }) => changeOf(line, where)),
  };
}

/** The rule as the lists want it. A change that breaks it is the caller's to see. */
export function applyLists(lists: RuleLists, rule: RuleText, file: string): { readonly enabled: boolean; readonly text: string } {
  const chosen = (choosers: readonly Chooser[]): boolean => choosers.some((chooses) => chooses(rule, file));
  const enabled = (rule.enabled || chosen(lists.enable)) && !chosen(lists.disable);
  let { text } = rule;
  for (const { chooses, from, to } of lists.modify) if (chooses(rule, file)) text = text.replace(from, to);
  return { enabled, text };
}

function linesOf(list: ListTexts["enable"]): readonly { readonly line: string; readonly where: string }[] {
  return (list?.text ?? "")
    .split("\n")
    .map((line, index) => ({ line: line.trim(), where: `${list?.name}:${index + 1}` }))
    .filter(({ line }) => line !== "" && !line.startsWith("#"));
}

function chooserOf(line: string, where: string): Chooser {
  const [, kind = "", value = ""] = /^(group|filename|re|metadata):\s*(.+)$/.exec(line) ?? [];
  if (kind === "re") {
    const expression = expressionOf(value, where);
    return (rule) => expression.test(rule.text);
  }
  if (kind === "group" || kind === "filename") {
    const name = fileExpression(value);
    return (_rule, file) => name.test(file);
  }
  if (kind === "metadata") {
    const [name = "", wanted = ""] = value.split(/\s+/);
    const member = new RegExp(String.raw`metadata:[^;]*\b${escaped(name)}\s+${escaped(wanted)}\b`, "i");
    return (rule) => member.test(rule.text);
  }
  const ids = line.split(",").map((one) => /^(?:(\d+):)?(\d+)$/.exec(one.trim()));
  if (ids.some((id) => id === null))
    throw new OddwireError("ODW_RULES_BAD", { source: where, cause: `${line} is neither SID, GID:SID, group:NAME nor re:EXPRESSION` });
  const wanted = new Set(ids.map((id) => `${id?.[1] ?? 1}:${id?.[2]}`));
  return (rule) => wanted.has(`${rule.gid}:${rule.sid}`);
}

function changeOf(line: string, where: string): Change {
  const match = /^(.*?)\s+"((?:[^"\\]|\\.)*)"\s+"((?:[^"\\]|\\.)*)"$/.exec(line);
  if (match === null) throw new OddwireError("ODW_RULES_BAD", { source: where, cause: 'a change is written WHICH "EXPRESSION" "TEXT"' });
  const [, which = "", from = "", to = ""] = match;
  return {
    chooses: which === "*" ? () => true : chooserOf(which, where),
    from: expressionOf(unquoted(from), where, "g"),
    to: unquoted(to)
      .replaceAll("$", "$$$$")
      .replace(/\\(\d)/g, "$$$1"),
  };
}

const unquoted = (text: string): string => text.replaceAll('\\"', '"');

function expressionOf(text: string, where: string, flags = "i"): RegExp {
  try {
    return new RegExp(text, flags);
  } catch (error) {
    throw new OddwireError("ODW_RULES_BAD", { source: where, cause: (error as Error).message });
  }
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
const fileExpression = (name: string): RegExp =>
  new RegExp(`(?:^|/)${escaped(name.replace(/\.rules$/, "")).replaceAll("*", "[^/]*")}(?:\\.rules)?$`);
