import { catalogLimits } from "./limits.ts";
import { closing } from "./preprocessor.ts";
import { Refusal } from "./problem.ts";
import type { Token } from "./tokens.ts";

/** `packed`, `aligned(8)`, `_Alignas(8)` and their like, taken out of a declaration. */
export interface Attribute {
  /** Index of the token of the chunk that it stood before. */
  readonly before: number;
  readonly name: string;
  readonly arguments: readonly Token[];
  readonly place: Token;
}

/** One declaration of a header without attributes, or one `_Static_assert`. */
export interface Chunk {
  readonly tokens: readonly Token[];
  /** Index of each token among all tokens of the header. */
  readonly indexes: readonly number[];
  readonly attributes: readonly Attribute[];
  /** What `_Static_assert` holds against, to be looked at once the declaration is read. */
  readonly asserts: readonly (readonly Token[])[];
}

/** Words that mean nothing for a layout. */
const dropped = new Set(
  "__extension__ __restrict __restrict__ restrict register __volatile__ __volatile __const __const__ __unaligned __ptr32 __ptr64 __cdecl __stdcall __fastcall WINAPI CALLBACK".split(
    " ",
  ),
);
const rewritten: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    __signed: ["signed"],
    __signed__: ["signed"],
    __int8: ["char"],
    __int16: ["short"],
    __int32: ["int"],
    __int64: ["long", "long"],
  }),
);
const starters = new Set(["struct", "union", "enum", "typedef", "extern", "static"]);

/**
 * Cuts a header's tokens into declarations, so that an error in one does not spoil the next, and takes out of them what
 * the grammar of C knows only in some places. Functions and what declares no type are left out.
 */
export class ChunkCutter {
  readonly #tokens: readonly Token[];
  readonly #trouble: (place: Token, cause: string, mend: string) => void;
  #at = 0;
  #externs = 0;

  constructor(tokens: readonly Token[], trouble: (place: Token, cause: string, mend: string) => void) {
    this.#tokens = tokens;
    this.#trouble = trouble;
  }

  /** The next declaration; `undefined` when there is none left. */
  next(): Chunk | undefined {
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) return undefined;
      if (token.text === ";") this.#at++;
      else if (token.text === "extern" && this.#tokens[this.#at + 1]?.kind === "string" && this.#tokens[this.#at + 2]?.text === "{") {
        this.#externs++;
        this.#at += 3;
      } else if (token.text === "}") {
        if (this.#externs-- <= 0) this.#trouble(token, "`}` closes nothing", "remove it, or look for a `{` that is missing above");
        this.#externs = Math.max(0, this.#externs);
        this.#at++;
      } else {
        const chunk = this.#chunk();
        if (chunk !== undefined) return chunk;
      }
    }
  }

  #chunk(): Chunk | undefined {
    const tokens: Token[] = [];
    const indexes: number[] = [];
    const attributes: Attribute[] = [];
    const asserts: (readonly Token[])[] = [];
    const open: Token[] = [];
    const keep = (token: Token, index: number): void => {
      tokens.push(token);
      indexes.push(index);
    };
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at] as Token;
      const lifted = this.#lifted(token, tokens.length, attributes, asserts);
      if (lifted) continue;
      if (open.length === 0) {
        if (token.text === "{" && tokens.at(-1)?.text === ")") {
          this.#at = closing(this.#tokens, this.#at) + 1;
          return undefined;
        }
        if (token.text === "}") break;
        const unended = tokens.at(-1)?.text === "}" && starters.has(token.text);
        if (unended) this.#trouble(tokens.at(-1) as Token, "`;` is missing behind `}`", "add it");
        if (token.text === ";" || unended) {
          keep({ ...token, text: ";", kind: "punctuator" }, this.#at);
          if (!unended) this.#at++;
          return declares(tokens) || asserts.length > 0 ? { tokens, indexes, attributes, asserts } : undefined;
        }
      }
      if (token.text === "{" || token.text === "(" || token.text === "[") open.push(token);
      else if (token.text === "}" || token.text === ")" || token.text === "]") open.pop();
      if (open.length > catalogLimits.nestingMax) throw new Refusal("brackets are nested too deeply", "simplify the header", token);
      for (const text of rewritten.get(token.text) ?? [token.text]) keep(text === token.text ? token : { ...token, text }, this.#at);
    }
    const unclosed = open[0];
    if (unclosed !== undefined) this.#trouble(unclosed, `\`${unclosed.text}\` is never closed`, "what follows it was left out");
    else if (declares(tokens)) this.#trouble(tokens.at(-1) as Token, "`;` is missing behind this", "add it");
    return undefined;
  }

  /** Puts aside what is no part of the grammar; true when it did. Moves to the last token of it. */
  #lifted(token: Token, before: number, attributes: Attribute[], asserts: (readonly Token[])[]): boolean {
    if (token.kind !== "identifier") {
      if (token.text !== "[" || this.#tokens[this.#at + 1]?.text !== "[") return false;
      this.#at = closing(this.#tokens, this.#at);
      return true;
    }
    if (dropped.has(token.text)) return true;
    if (token.text === "__packed") {
      attributes.push({ before, name: "packed", arguments: [], place: token });
      return true;
    }
    if (this.#tokens[this.#at + 1]?.text !== "(") return false;
    const close = closing(this.#tokens, this.#at + 1);
    const inner = this.#tokens.slice(this.#at + 2, close);
    if (/^(_Static_assert|static_assert)$/.test(token.text)) asserts.push([token, ...inner]);
    else if (/^(__attribute__|__attribute)$/.test(token.text)) attributes.push(...listed(inner.slice(1, -1), before));
    else if (/^(__declspec|_declspec)$/.test(token.text)) attributes.push(...listed(inner, before));
    else if (/^(_Alignas|alignas)$/.test(token.text)) attributes.push({ before, name: "alignas", arguments: inner, place: token });
    else return false;
    this.#at = close;
    return true;
  }
}

/** Attributes between commas: `packed, aligned(4)`. */
function listed(tokens: readonly Token[], before: number): Attribute[] {
  const found: Attribute[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const place = tokens[i] as Token;
    if (place.kind !== "identifier") continue;
    const name = place.text.replace(/^__(\w+)__$/, "$1");
    let inner: readonly Token[] = [];
    if (tokens[i + 1]?.text === "(") {
      const close = closing(tokens, i + 1);
      inner = tokens.slice(i + 2, close);
      i = close;
    }
    found.push({ before, name, arguments: inner, place });
  }
  return found;
}

const declares = (tokens: readonly Token[]): boolean =>
  tokens.some(({ text }) => text === "struct" || text === "union" || text === "enum" || text === "typedef");
