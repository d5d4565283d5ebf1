import { conditionValue } from "./condition.ts";
import type { DataModel } from "./data-model.ts";
import type { HeaderFiles } from "./header-files.ts";
import { catalogLimits } from "./limits.ts";
import { type Macro, MacroExpander } from "./macros.ts";
import { type Packing, PackStack } from "./packing.ts";
import { predefinedMacros } from "./predefined.ts";
import { type CatalogProblem, type Place, problemAt, Refusal } from "./problem.ts";
import type { SourceFile } from "./source-file.ts";
import { type Token, tokenise, tokensText } from "./tokens.ts";

/** A header once its directives are obeyed and its macros expanded. */
export interface Preprocessed {
  readonly tokens: readonly Token[];
  /** Changes of packing: from the token with that index on. */
  readonly packings: readonly (Packing & { readonly from: number })[];
  readonly macros: ReadonlyMap<string, Macro>;
  /** Every header that was read for it. */
  readonly files: readonly SourceFile[];
}

/** A `#if` that is open: whether its part counts, whether a part of it counted already, whether what is around it counts. */
interface Conditional {
  readonly place: Token;
  readonly outer: boolean;
  counts: boolean;
  done: boolean;
  elseSeen: boolean;
}

export interface PreprocessorOptions {
  readonly model: DataModel;
  readonly bigEndian: boolean;
  readonly defines?: Readonly<Record<string, string>>;
}

/** C's preprocessor (ISO C 6.10) for one header and what it includes. */
export class Preprocessor {
  readonly problems: CatalogProblem[] = [];
  readonly #files: HeaderFiles;
  readonly #macros: Map<string, Macro>;
  readonly #expander: MacroExpander;
  readonly #tokens: Token[] = [];
  readonly #packs: PackStack;
  readonly #packings: (Packing & { from: number })[] = [];
  readonly #read: SourceFile[] = [];
  readonly #once = new Set<string>();
  #includes = 0;
  #bytes = 0;
  /** Lines that are not directives, until a directive comes: a macro's brackets may span lines. */
  #pending: Token[] = [];

  constructor(files: HeaderFiles, options: PreprocessorOptions) {
    this.#files = files;
    this.#macros = predefinedMacros(options);
    this.#expander = new MacroExpander(this.#macros);
    this.#packs = new PackStack();
  }

  /** Throws `Refusal` when a limit is reached. */
  run(source: SourceFile): Preprocessed {
    this.#file(source, 0);
    this.#flush();
    return { tokens: this.#tokens, packings: this.#packings, macros: this.#macros, files: this.#read };
  }

  #file(source: SourceFile, depth: number): void {
    this.#bytes += source.text.length;
    if (this.#bytes > catalogLimits.unitBytesMax)
      throw new Refusal(`more than ${catalogLimits.unitBytesMax} bytes with all that it includes`, "split the header", {
        source,
        offset: 0,
      });
    if (!this.#read.includes(source)) this.#read.push(source);
    const tokens = tokenise(source, catalogLimits.tokensMax);
    const conditionals: Conditional[] = [];
    let at = 0;
    while (at < tokens.length) {
      const first = tokens[at] as Token;
      let end = at + 1;
      while (end < tokens.length && tokens[end]?.lineStart !== true) end++;
      const counts = conditionals.at(-1)?.counts ?? true;
      if (first.text === "#" && first.lineStart) this.#directive(first, tokens.slice(at + 1, end), conditionals, counts, depth);
      else if (counts) for (let i = at; i < end; i++) this.#pending.push(tokens[i] as Token);
      at = end;
    }
    const open = conditionals.at(-1);
    if (open !== undefined) this.#problem(open.place, "error", "this #if has no #endif", "add one");
    if (depth > 0) this.#flush();
  }

  #directive(hash: Token, line: readonly Token[], conditionals: Conditional[], counts: boolean, depth: number): void {
    const name = line[0];
    if (name === undefined) return;
    const rest = line.slice(1);
    if (this.#conditional(name, rest, conditionals, counts) || !counts) return;
    // Text before a directive is expanded with the macros as they were there.
    this.#flush();
    if (name.text === "define") this.#define(rest, name);
    else if (name.text === "undef") this.#macros.delete(rest[0]?.text ?? "");
    else if (name.text === "include" || name.text === "import") this.#include(name, rest, depth);
    else if (name.text === "pragma") this.#pragma(hash, rest);
    else if (name.text === "error") this.#problem(name, "error", `#error ${tokensText(rest)}`, "set what the header asks for");
    else if (name.text !== "warning" && name.text !== "line" && name.text !== "ident")
      this.#problem(name, "warning", `#${name.text} is no directive`, "it is left out");
  }

  /** Obeys `#if` and its like; true when it was one. */
  #conditional(name: Token, rest: readonly Token[], open: Conditional[], counts: boolean): boolean {
    const start = (value: () => boolean): true => {
      if (open.length >= catalogLimits.nestingMax) throw new Refusal("#if is nested too deeply", "simplify the header", name);
      if (counts) this.#flush();
      const yes = counts && value();
      open.push({ place: name, outer: counts, counts: yes, done: yes, elseSeen: false });
      return true;
    };
    if (name.text === "ifdef") return start(() => this.#macros.has(rest[0]?.text ?? ""));
    if (name.text === "ifndef") return start(() => !this.#macros.has(rest[0]?.text ?? ""));
    if (name.text === "if") return start(() => this.#condition(name, rest));
    if (!/^(elif|elifdef|elifndef|else|endif)$/.test(name.text)) return false;
    const current = open.at(-1);
    if (current === undefined) {
      this.#problem(name, "error", `#${name.text} without #if`, "remove it or add the #if");
      return true;
    }
    if (counts) this.#flush();
    if (name.text === "endif") open.pop();
    else this.#otherwise(name, rest, current);
    return true;
  }

  #otherwise(name: Token, rest: readonly Token[], current: Conditional): void {
    if (current.elseSeen) this.#problem(name, "error", `#${name.text} behind #else`, "remove it");
    const may = current.outer && !current.done && !current.elseSeen;
    if (name.text === "else") {
      current.elseSeen = true;
      current.counts = may;
    } else if (name.text === "elif") current.counts = may && this.#condition(name, rest);
    else current.counts = may && this.#macros.has(rest[0]?.text ?? "") === (name.text === "elifdef");
    current.done ||= current.counts;
  }

  #condition(name: Token, rest: readonly Token[]): boolean {
    try {
      const canInclude = (header: string): boolean => this.#files.include(header, name.source) !== undefined;
      return conditionValue(rest, this.#macros, this.#expander, canInclude, name);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#problem(error.place ?? name, "error", error.message, error.mend);
      return false;
    }
  }

  #define(rest: readonly Token[], place: Token): void {
    const [name, bracket] = rest;
    if (name?.kind !== "identifier") {
      this.#problem(name ?? place, "error", "#define needs a name", "write #define NAME VALUE");
      return;
    }
    if (this.#macros.size >= catalogLimits.macrosMax)
      throw new Refusal(`more than ${catalogLimits.macrosMax} macros`, "split the header", name);
    if (bracket?.text !== "(" || bracket.spaced) {
      this.#macros.set(name.text, { name, variadic: false, body: rest.slice(1) });
      return;
    }
    const close = rest.findIndex(({ text }) => text === ")");
    const inner = rest.slice(2, Math.max(close, 2)).filter(({ text }) => text !== ",");
    if (close < 0 || inner.some(({ kind, text }) => kind !== "identifier" && text !== "...")) {
      this.#problem(name, "error", `the parameters of ${name.text} cannot be read`, "write #define NAME(A, B) VALUE");
      return;
    }
    const variadic = inner.at(-1)?.text === "...";
    const named = variadic && inner.length > 1 && rest[close - 2]?.text !== ",";
    const parameters = inner.map(({ text }) => (text === "..." ? "__VA_ARGS__" : text));
    if (named) parameters.pop();
    this.#macros.set(name.text, { name, parameters, variadic, body: rest.slice(close + 1) });
  }

  #include(name: Token, rest: readonly Token[], depth: number): void {
    const tokens = rest[0]?.kind === "string" || rest[0]?.text === "<" ? rest : this.#expander.expand(rest);
    const system = tokens[0]?.text === "<";
    const header = system ? tokensText(tokens.slice(1)).replace(/>.*$/, "") : (tokens[0]?.text ?? "").slice(1, -1);
    const place = tokens[0] ?? name;
    if (header === "") {
      this.#problem(place, "error", "#include needs a file's name", 'write #include "NAME.h"');
      return;
    }
    const file = this.#files.include(header, name.source);
    if (file === undefined) {
      if (!system) this.#problem(place, "error", `${header} is not in the catalog`, "put it into the catalog's folder");
      return;
    }
    if (this.#once.has(file.absolute)) return;
    if (++this.#includes > catalogLimits.includesMax || depth >= catalogLimits.includeDepthMax)
      throw new Refusal("too many headers include each other", "add `#pragma once` to the header that includes itself", place);
    this.#file(file, depth + 1);
  }

  #pragma(hash: Token, rest: readonly Token[]): void {
    if (rest[0]?.text === "once") this.#once.add(hash.source.absolute);
    else this.#packing(this.#expander.expand(rest), hash);
  }

  #packing(pragma: readonly Token[], place: Token): void {
    const wrong = this.#packs.apply(pragma);
    if (wrong !== undefined) this.#problem(place, "warning", wrong, "the packing stays as it was");
    this.#packings.push({ ...this.#packs.now, from: this.#tokens.length });
  }

  /** Expands what was read and keeps it; `_Pragma("…")` and `__pragma(…)` are obeyed where they stand. */
  #flush(): void {
    if (this.#pending.length === 0) return;
    const tokens = this.#expander.expand(this.#pending);
    this.#pending = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as Token;
      if (token.text === "_Pragma" && tokens[i + 2]?.kind === "string") {
        const text = (tokens[i + 2] as Token).text.slice(1, -1).replace(/\\(.)/g, "$1");
        this.#packing(this.#tokensOf(text, token), token);
        i += 3;
      } else if (token.text === "__pragma" && tokens[i + 1]?.text === "(") {
        const close = closing(tokens, i + 1);
        this.#packing(tokens.slice(i + 2, close), token);
        i = close;
      } else this.#tokens.push(token);
    }
    if (this.#tokens.length > catalogLimits.tokensMax)
      throw new Refusal(`more than ${catalogLimits.tokensMax} tokens`, "split the header", this.#tokens.at(-1));
  }

  #tokensOf(text: string, place: Token): Token[] {
    const { source } = place;
    const comments = source.comments;
    const tokens = tokenise(Object.assign(Object.create(source) as SourceFile, { text }), 100);
    source.comments = comments;
    return tokens.map((token) => ({ ...token, source, offset: place.offset }));
  }

  #problem(place: Place, severity: CatalogProblem["severity"], cause: string, mend: string): void {
    if (this.problems.length < catalogLimits.problemsMax) this.problems.push(problemAt(place, severity, cause, mend));
  }
}

/** Index of the bracket that closes the one at `open`; the last token when none does. */
export function closing(tokens: readonly Token[], open: number): number {
  const opener = tokens[open]?.text;
  const closer = opener === "(" ? ")" : opener === "[" ? "]" : "}";
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]?.text === opener) depth++;
    else if (tokens[i]?.text === closer && --depth === 0) return i;
  }
  return tokens.length - 1;
}
