/** A line of a file of rules. */
export type RuleLine =
  | { readonly type: "rule"; readonly rule: RuleText }
  /** Comments, and empty lines. */
  | { readonly type: "other" }
  | { readonly type: "bad"; readonly cause: string };

/** A rule as text, with what tells it apart. */
export interface RuleText {
  /** False when it stands behind a `#`. */
  readonly enabled: boolean;
  /** The rule without that mark. */
  readonly text: string;
  readonly gid: number;
  readonly sid: number;
  readonly rev: number;
  readonly message: string;
}

/** Longest rule; the longest in public sets have about 8,000 characters. */
const RULE_CHARS_MAX = 65_536;
const ACTIONS = new Set(["alert", "pass", "drop", "reject", "rejectsrc", "rejectdst", "rejectboth", "config"]);
const ARROWS = new Set(["->", "<>", "=>"]);

/** Reads a line. A comment that holds a whole rule is a rule that is off. */
export function readRuleLine(line: string): RuleLine {
  const trimmed = line.trim();
  if (trimmed === "") return { type: "other" };
  if (trimmed.startsWith("#")) {
    const rule = ruleOf(trimmed.replace(/^#+\s*/, ""), false);
    return typeof rule === "string" ? { type: "other" } : { type: "rule", rule };
  }
  const rule = ruleOf(trimmed, true);
  return typeof rule === "string" ? { type: "bad", cause: rule } : { type: "rule", rule };
}

/** The rule, or what is wrong with it. This is a look at its outside: what its keywords mean is the engine's to say. */
function ruleOf(text: string, enabled: boolean): RuleText | string {
  if (text.length > RULE_CHARS_MAX) return `it is longer than ${RULE_CHARS_MAX} characters`;
  const open = text.indexOf("(");
  if (open < 0 || !beginsAsRule(text.slice(0, open))) return "it does not begin as a rule does: ACTION PROTOCOL FROM PORT -> TO PORT (";
  if (!text.endsWith(")")) return "its options are not closed by a bracket";
  const options = optionsOf(text.slice(open + 1, -1));
  if (typeof options === "string") return options;
  const sid = wholeNumber(options.get("sid"));
  if (sid === undefined || sid === 0) return "it has no sid";
  return {
    enabled,
    text,
    gid: wholeNumber(options.get("gid")) ?? 1,
    sid,
    rev: wholeNumber(options.get("rev")) ?? 0,
    message: (options.get("msg") ?? "").replace(/^"|"$/g, "").replaceAll("\\", ""),
  };
}

/** Action and protocol, and as a rule two endpoints with an arrow between; lists in brackets may hold blanks. */
function beginsAsRule(head: string): boolean {
  const words: string[] = [];
  let depth = 0;
  let word = "";
  for (const character of `${head} `) {
    if (character === "[") depth++;
    else if (character === "]") depth--;
    if (depth > 0 || !/\s/.test(character)) word += character;
    else if (word !== "") {
      words.push(word);
      word = "";
    }
  }
  const [action = "", , , , arrow = ""] = words;
  return depth === 0 && ACTIONS.has(action) && (words.length === 2 || (words.length === 7 && ARROWS.has(arrow)));
}

/** First value of each option. Semicolons inside quotes, and escaped ones, separate nothing. */
function optionsOf(text: string): ReadonlyMap<string, string> | string {
  const options = new Map<string, string>();
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "\\") i++;
    else if (character === '"') quoted = !quoted;
    else if (character === ";" && !quoted) {
      const [name = "", ...value] = text.slice(start, i).split(":");
      if (!options.has(name.trim())) options.set(name.trim(), value.join(":").trim());
      start = i + 1;
    }
  }
  if (quoted) return "a quote is not closed";
  return text.slice(start).trim() === "" ? options : "its last option has no semicolon";
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff ? Number(text) : undefined;
