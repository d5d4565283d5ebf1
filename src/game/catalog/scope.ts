import { type DataModel, modelFacts, type ScalarType, standardTypes, wordsType } from "./data-model.ts";
import { type ExpressionScope, evaluate } from "./expression.ts";
import { type Integer, integer } from "./integer.ts";
import { Refusal } from "./problem.ts";
import type { Token } from "./tokens.ts";
import { type CType, type EnumConstant, type EnumType, type RecordType, unknownSize } from "./types.ts";

const basic = new Set(["unsigned", "signed", "long", "short", "int", "char", "float", "double", "void", "_Bool", "__int128"]);

/** The names that a header has declared so far. */
export class Scope {
  readonly model: DataModel;
  readonly bigEndian: boolean;
  readonly records = new Map<string, RecordType>();
  readonly enums = new Map<string, EnumType>();
  /** Enums in the order in which they stand, with and without names. */
  readonly allEnums: EnumType[] = [];
  readonly allRecords: RecordType[] = [];
  readonly typedefs = new Map<string, CType>();
  readonly constants = new Map<string, EnumConstant>();
  readonly standard: ReadonlyMap<string, ScalarType>;
  readonly #expressions: ExpressionScope;

  constructor(model: DataModel, bigEndian: boolean) {
    this.model = model;
    this.bigEndian = bigEndian;
    this.standard = standardTypes(model);
    this.#expressions = {
      longBits: (modelFacts[model].long * 8) as 32 | 64,
      name: ([name, ...rest]) => this.#constant(rest.length === 0 ? (name as string) : ""),
      type: (tokens) => this.#measured(tokens),
    };
  }

  /** A type by its name as a header writes it: its own names first, then C's, then those that are usual. */
  named(name: string): CType | undefined {
    return this.typedefs.get(name) ?? this.standard.get(name);
  }

  scalar(name: string): ScalarType {
    return this.standard.get(name) as ScalarType;
  }

  pointer(to: string): ScalarType {
    const size = modelFacts[this.model].pointer;
    return { kind: "scalar", name: `${to}*`, format: "pointer", size, align: size };
  }

  /** Value of a constant expression. Throws `Refusal`. */
  value(tokens: readonly Token[]): Integer {
    return evaluate(tokens, this.#expressions);
  }

  /** A value that has to be a number from 0 to `most`. Throws `Refusal`. */
  count(tokens: readonly Token[], what: string, most: number): number {
    const { value } = this.value(tokens);
    if (value < 0n || value > BigInt(most)) throw new Refusal(`${what} is ${value}`, `it has to be a number from 0 to ${most}`, tokens[0]);
    return Number(value);
  }

  /** The type that tokens name, when they name one. */
  typeOf(tokens: readonly Token[]): { readonly size: number; readonly align: number } | undefined {
    return this.#measured(tokens);
  }

  #constant(name: string): Integer | undefined {
    const constant = this.constants.get(name);
    if (constant === undefined) return name === "true" || name === "false" ? integer(name === "true" ? 1n : 0n) : undefined;
    const { value } = constant;
    return value >= -(1n << 31n) && value < 1n << 31n ? integer(value) : integer(value, value >= 1n << 63n, 64);
  }

  /** The type that tokens name (`struct item[2]`, `unsigned char*`), as `sizeof` and casts need it; `undefined` for other tokens. */
  #measured(
    all: readonly Token[],
  ): { readonly size: number; readonly align: number; readonly cast?: (value: Integer) => Integer } | undefined {
    const tokens = all.filter(({ text }) => text !== "const" && text !== "volatile");
    const stars = tokens.findIndex(({ text }) => text === "*" || text === "[");
    const head = stars < 0 ? tokens : tokens.slice(0, stars);
    const type = this.#specified(head);
    if (type === undefined) return undefined;
    if (stars < 0) return measured(type);
    if (tokens[stars]?.text === "*")
      return stars === tokens.length - 1 || tokens[stars + 1]?.text === "*" ? measured(this.pointer("")) : undefined;
    const close = tokens.findIndex(({ text }, index) => index > stars && text === "]");
    if (close !== tokens.length - 1) return undefined;
    const { size, align } = measured(type);
    return { size: size * this.count(tokens.slice(stars + 1, close), "the number of elements", 1e6), align };
  }

  #specified(head: readonly Token[]): CType | undefined {
    const [first, second] = head;
    if (first === undefined || head.some(({ kind }) => kind !== "identifier")) return undefined;
    if (first.text === "struct" || first.text === "union" || first.text === "enum") {
      if (head.length !== 2) return undefined;
      const name = (second as Token).text;
      const type = first.text === "enum" ? this.enums.get(name) : this.records.get(name);
      if (type?.kind === "record" && !type.complete) throw new Refusal(...unknownSize(type), first);
      return type;
    }
    if (head.every(({ text }) => basic.has(text))) return this.words(head.map(({ text }) => text));
    return head.length === 1 ? this.named(first.text) : undefined;
  }

  words(words: readonly string[]): CType | undefined {
    return wordsType(words, this.standard);
  }
}

function measured(type: CType): { readonly size: number; readonly align: number; readonly cast?: (value: Integer) => Integer } {
  const scalar = type.kind === "enum" ? type.scalar : type.kind === "scalar" ? type : undefined;
  if (scalar === undefined || !["signed", "unsigned", "character", "boolean", "wide"].includes(scalar.format)) return type;
  const unsigned = scalar.format === "unsigned" || scalar.format === "boolean" || scalar.format === "wide";
  const cast = ({ value }: Integer): Integer => {
    if (scalar.format === "boolean") return integer(value === 0n ? 0n : 1n);
    const narrow = unsigned ? BigInt.asUintN(scalar.size * 8, value) : BigInt.asIntN(scalar.size * 8, value);
    return integer(narrow, unsigned && scalar.size >= 4, scalar.size > 4 ? 64 : 32);
  };
  return { size: type.size, align: type.align, cast };
}
