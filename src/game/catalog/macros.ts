import { catalogLimits } from "./limits.ts";
import { Refusal } from "./problem.ts";
import type { Token } from "./tokens.ts";

export interface Macro {
  readonly name: Token;
  /** Absent for those that are used without brackets. */
  readonly parameters?: readonly string[];
  /** True when the last parameter takes all further arguments. */
  readonly variadic: boolean;
  readonly body: readonly Token[];
}

/** A list of tokens that is being read; `macro` may not be expanded before it is used up. */
interface Frame {
  readonly tokens: readonly Token[];
  at: number;
  readonly macro?: string;
}

/**
 * Expands macros (ISO C 6.10.3): arguments first, then the body, then what came out once more. A macro is not expanded in
 * what it became itself, so that every expansion ends; how long it gets is limited for the whole header.
 */
export class MacroExpander {
  readonly #macros: ReadonlyMap<string, Macro>;
  #tokens = 0;

  constructor(macros: ReadonlyMap<string, Macro>) {
    this.#macros = macros;
  }

  expand(tokens: readonly Token[], depth = 0): Token[] {
    if (depth > catalogLimits.nestingMax) throw new Refusal("macros are nested too deeply", "simplify them", tokens[0]);
    const out: Token[] = [];
    const frames: Frame[] = [{ tokens, at: 0 }];
    const active = new Set<string>();
    for (;;) {
      const token = next(frames, active);
      if (token === undefined) return out;
      const macro = token.kind === "identifier" && token.painted !== true ? this.#macros.get(token.text) : undefined;
      if (macro === undefined) out.push(this.#counted(token));
      else if (active.has(token.text)) out.push(this.#counted({ ...token, painted: true }));
      else {
        const body = this.#replacement(macro, token, frames, active, depth);
        if (body === undefined) out.push(this.#counted(token));
        else {
          active.add(token.text);
          frames.push({ tokens: body, at: 0, macro: token.text });
        }
      }
    }
  }

  /** What takes the place of a macro; `undefined` when it needs brackets and none follow. */
  #replacement(macro: Macro, name: Token, frames: Frame[], active: Set<string>, depth: number): readonly Token[] | undefined {
    this.#spend(macro.body.length, name);
    if (macro.parameters === undefined) return moved(pasted(macro.body, name), name);
    if (peek(frames)?.text !== "(") return undefined;
    next(frames, active);
    const given = this.#arguments(macro, name, frames, active);
    return moved(pasted(this.#substituted(macro, macro.parameters, given, depth), name), name);
  }

  #arguments(macro: Macro, name: Token, frames: Frame[], active: Set<string>): Token[][] {
    const parameters = macro.parameters ?? [];
    const given: Token[][] = [[]];
    for (let open = 0; ; ) {
      const token = next(frames, active);
      if (token === undefined) throw new Refusal(`\`)\` is missing behind ${name.text}(`, "close the bracket", name);
      if (token.text === ")" && open-- === 0) break;
      if (token.text === "(") open++;
      const last = macro.variadic && given.length >= parameters.length;
      if (token.text === "," && open === 0 && !last) given.push([]);
      else (given.at(-1) as Token[]).push(this.#counted(token));
    }
    const wanted = parameters.length;
    if (wanted === 0 && given.length === 1 && given[0]?.length === 0) return [];
    if (macro.variadic && given.length === wanted - 1) given.push([]);
    if (given.length !== wanted)
      throw new Refusal(`${name.text} takes ${wanted} arguments and got ${given.length}`, "correct the call or the macro", name);
    return given;
  }

  /** The body with arguments in place of parameters; those beside `#` and `##` as they stand, the others expanded. */
  #substituted(macro: Macro, parameters: readonly string[], given: readonly Token[][], depth: number): Token[] {
    const expanded: (Token[] | undefined)[] = [];
    const argument = (token: Token | undefined): number => (token?.kind === "identifier" ? parameters.indexOf(token.text) : -1);
    const out: Token[] = [];
    const { body } = macro;
    for (let i = 0; i < body.length; i++) {
      const token = body[i] as Token;
      const following = argument(body[i + 1]);
      if (token.text === "#" && following >= 0) {
        out.push(this.#counted(quoted(given[following] as Token[], token)));
        i++;
        continue;
      }
      const index = argument(token);
      if (index < 0) {
        out.push(this.#counted(token));
        continue;
      }
      const beside = body[i + 1]?.text === "##" || body[i - 1]?.text === "##";
      // GNU: `, ## __VA_ARGS__` loses its comma when there are none.
      if (beside && given[index]?.length === 0 && macro.variadic && index === parameters.length - 1 && body[i - 2]?.text === ",") {
        out.splice(-2, 2);
        continue;
      }
      if (!beside) expanded[index] ??= this.expand(given[index] as Token[], depth + 1);
      const tokens = beside ? (given[index] as Token[]) : (expanded[index] as Token[]);
      if (beside && tokens.length === 0) out.push({ ...token, kind: "other", text: "" });
      for (const one of tokens) out.push(this.#counted(one));
    }
    return out;
  }

  #counted(token: Token): Token {
    this.#spend(1, token);
    return token;
  }

  #spend(tokens: number, place: Token): void {
    this.#tokens += tokens;
    if (this.#tokens > catalogLimits.tokensMax)
      throw new Refusal("the macros expand to too much", `stay below ${catalogLimits.tokensMax} tokens`, place);
  }
}

function next(frames: Frame[], active: Set<string>): Token | undefined {
  for (;;) {
    const frame = frames.at(-1);
    if (frame === undefined) return undefined;
    const token = frame.tokens[frame.at++];
    if (token !== undefined) return token;
    if (frame.macro !== undefined) active.delete(frame.macro);
    frames.pop();
  }
}

/** The token that `next` would give. */
function peek(frames: readonly Frame[]): Token | undefined {
  for (let i = frames.length - 1; i >= 0; i--) {
    const frame = frames[i] as Frame;
    if (frame.at < frame.tokens.length) return frame.tokens[frame.at];
  }
  return undefined;
}

/** Joins what stands around `##`. */
function pasted(tokens: readonly Token[], name: Token): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const right = tokens[i + 1];
    if (token.text === "##" && token.kind === "punctuator" && out.length > 0 && right !== undefined) {
      const left = out.pop() as Token;
      const text = left.text + right.text;
      if (text.length > 1000) throw new Refusal("a pasted name is too long", "shorten it", name);
      out.push({ ...left, text, kind: kindOf(text) });
      i++;
    } else out.push(token);
  }
  return out.filter(({ text }) => text !== "");
}

function kindOf(text: string): Token["kind"] {
  if (/^[A-Za-z_$]/.test(text)) return "identifier";
  return /^\.?\d/.test(text) ? "number" : "punctuator";
}

/** What a macro became stands where the macro was used, and so do its problems. */
const moved = (tokens: readonly Token[], name: Token): Token[] =>
  tokens.map((token, index) => ({
    ...token,
    source: name.source,
    offset: name.offset,
    lineStart: index === 0 && name.lineStart,
    spaced: index === 0 ? name.spaced : token.spaced,
  }));

function quoted(tokens: readonly Token[], place: Token): Token {
  const text = tokens.map((token, index) => (token.spaced && index > 0 ? " " : "") + token.text.replace(/["\\]/g, "\\$&")).join("");
  return { ...place, kind: "string", text: `"${text.slice(0, 1000)}"` };
}
