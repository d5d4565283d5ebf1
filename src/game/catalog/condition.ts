import { evaluate } from "./expression.ts";
import { type Integer, integer } from "./integer.ts";
import type { Macro, MacroExpander } from "./macros.ts";
import { Refusal } from "./problem.ts";
import { type Token, tokensText } from "./tokens.ts";

/** Attributes that the catalog understands, for `__has_attribute`. */
const attributes = new Set(["packed", "__packed__", "aligned", "__aligned__", "scalar_storage_order"]);

/** Whether `#if` counts (6.10.1): `defined` first, then macros, then the expression with 0 for every other name. */
export function conditionValue(
  line: readonly Token[],
  macros: ReadonlyMap<string, Macro>,
  expander: MacroExpander,
  canInclude: (header: string) => boolean,
  place: Token,
): boolean {
  if (line.length === 0) throw new Refusal("#if needs an expression", "write #if EXPRESSION, or #ifdef NAME", place);
  const asked: Token[] = [];
  for (let i = 0; i < line.length; i++) {
    const token = line[i] as Token;
    const open = line[i + 1]?.text === "(";
    if (token.text === "defined") {
      const name = line[i + (open ? 2 : 1)];
      if (name?.kind !== "identifier") throw new Refusal("`defined` needs a name", "write defined(NAME)", token);
      asked.push(flag(token, macros.has(name.text)));
      i += open ? 3 : 1;
    } else if (/^__has_(include|attribute|c_attribute|builtin|feature|extension)$/.test(token.text) && open) {
      const close = line.findIndex(({ text }, index) => index > i && text === ")");
      const inner = line.slice(i + 2, close < 0 ? line.length : close);
      const name = tokensText(inner).replace(/^["<]|[">]$/g, "");
      asked.push(flag(token, token.text === "__has_include" ? canInclude(name) : token.text === "__has_attribute" && attributes.has(name)));
      i = close < 0 ? line.length : close;
    } else asked.push(token);
  }
  const tokens = expander.expand(asked).map((token) => (token.kind === "number" ? widened(token) : token));
  return evaluate(tokens, { longBits: 64, name: otherName }).value !== 0n;
}

const otherName = ([word]: readonly string[]): Integer => integer(word === "true" ? 1n : 0n, false, 64);

const flag = (token: Token, value: boolean): Token => ({ ...token, kind: "number", text: value ? "1" : "0" });
/** Numbers of `#if` are as wide as they get. */
const widened = (token: Token): Token => (/[lL]|i\d+$/.test(token.text) ? token : { ...token, text: `${token.text}LL` });
