import { noAnnotation } from "./annotation.ts";
import { modelFacts, type ScalarType } from "./data-model.ts";
import { type Chunk, ChunkCutter } from "./declaration-chunks.ts";
import { declared } from "./declared-type.ts";
import { layOut, type MemberDraft } from "./layout.ts";
import { catalogLimits } from "./limits.ts";
import { annotationAt, checkMembers, declaratorAttributes, membersOf, wishes } from "./member-reader.ts";
import type { Preprocessed } from "./preprocessor.ts";
import { type CatalogProblem, type Place, problemAt, Refusal } from "./problem.ts";
import type { Scope } from "./scope.ts";
import { childOf, type SyntaxNode, type SyntaxParser, wrongNode } from "./syntax.ts";
import { type Token, tokensText } from "./tokens.ts";
import { type CType, depthOf, type EnumConstant, type EnumType, type RecordType } from "./types.ts";

/** Reads the declarations of a preprocessed header into a scope. What is wrong is told and left out; the rest is read. */
export class DeclarationReader {
  readonly problems: CatalogProblem[] = [];
  readonly #parser: SyntaxParser;
  readonly #scope: Scope;
  #header: Preprocessed | undefined;

  constructor(parser: SyntaxParser, scope: Scope) {
    this.#parser = parser;
    this.#scope = scope;
  }

  read(header: Preprocessed): void {
    this.#header = header;
    const cutter = new ChunkCutter(header.tokens, (place, cause, mend) => this.#problem(place, "error", cause, mend));
    for (;;) {
      const chunk = cutter.next();
      if (chunk === undefined) return;
      this.#guarded(chunk.tokens[0] as Token, () => this.#chunk(chunk));
      for (const assert of chunk.asserts) this.#guarded(assert[0] as Token, () => this.#assert(assert));
    }
  }

  #chunk(chunk: Chunk): void {
    if (chunk.tokens.length < 2) return;
    const tree = this.#parser.parse(chunk);
    const wrong = wrongNode(tree);
    if (wrong !== undefined) throw wrongSyntax(wrong, chunk);
    for (const node of tree.children) {
      if (node.type === "type_definition") this.#typedef(node, chunk);
      else if (/^(struct|union|enum)_specifier$/.test(node.type)) this.#type(node, chunk);
      else if (node.type === "declaration") {
        const type = childOf(node, "type");
        if (type?.type.endsWith("_specifier")) this.#type(type, chunk);
      }
    }
  }

  /** The type that a specifier names or defines. */
  #type(node: SyntaxNode, chunk: Chunk): CType {
    if (node.type === "struct_specifier" || node.type === "union_specifier") return this.#record(node, chunk);
    if (node.type === "enum_specifier") return this.#enum(node, chunk);
    const words = chunk.tokens.slice(node.from, node.to);
    const type =
      node.type === "sized_type_specifier" ? this.#scope.words(words.map(({ text }) => text)) : this.#scope.named(tokensText(words));
    if (type === undefined)
      throw new Refusal(`\`${tokensText(words)}\` is no known type`, "include the header that defines it, or correct its name", words[0]);
    return type;
  }

  #typedef(node: SyntaxNode, chunk: Chunk): void {
    const specifier = childOf(node, "type") as SyntaxNode;
    const base = this.#type(specifier, chunk);
    for (const declarator of node.children.filter(({ role }) => role === "declarator")) {
      const { name, type, isFunction } = declared(declarator, base, chunk.tokens, this.#scope);
      if (isFunction) continue;
      const { aligned } = wishes(declaratorAttributes(chunk, node, declarator), this.#scope);
      this.#scope.typedefs.set(name, aligned > 0 ? realigned(type, aligned) : type);
    }
  }

  #record(node: SyntaxNode, chunk: Chunk): RecordType {
    const scope = this.#scope;
    const form = node.type === "union_specifier" ? "union" : "struct";
    const name = childOf(node, "name");
    const tag = name === undefined ? undefined : (chunk.tokens[name.from] as Token).text;
    const body = childOf(node, "body");
    const place = chunk.tokens[name?.from ?? node.from] as Token;
    let record = tag === undefined ? undefined : scope.records.get(tag);
    if (record === undefined) {
      if (scope.allRecords.length >= catalogLimits.structsMax)
        throw new Refusal(`more than ${catalogLimits.structsMax} structs`, "split the header", place);
      record = {
        kind: "record",
        form,
        tag,
        place,
        complete: false,
        size: 0,
        align: 1,
        bigEndian: scope.bigEndian,
        depth: 1,
        broken: false,
        members: [],
        annotation: noAnnotation,
      };
      scope.allRecords.push(record);
      if (tag !== undefined) scope.records.set(tag, record);
    }
    if (body === undefined) return record;
    if (record.complete) {
      const { line } = record.place.source.position(record.place.offset);
      throw new Refusal(`${form} ${tag} is defined twice`, `it stands in ${record.place.source.path}:${line}, too`, place);
    }
    record.broken = true;
    this.#complete(record, node, body, chunk, place);
    record.broken = false;
    return record;
  }

  #complete(record: RecordType, node: SyntaxNode, body: SyntaxNode, chunk: Chunk, place: Token): void {
    const scope = this.#scope;
    const own = chunk.attributes.filter(({ before }) => (before > node.from && before <= body.from) || before === body.to);
    const annotation = annotationAt(chunk, node.from === firstOfTypedef(chunk, node) ? 0 : node.from, body.from + 1);
    const drafts: MemberDraft[] = [];
    for (const field of body.children.filter(({ type }) => type === "field_declaration")) {
      const specifier = childOf(field, "type") as SyntaxNode;
      const members = membersOf(field, this.#type(specifier, chunk), chunk, scope);
      for (const { annotation: said, place: at } of members.slice(0, 1)) this.#misspelt(said.misspelt, at);
      drafts.push(...members);
    }
    checkMembers(drafts, record.form === "union");
    const depth = 1 + drafts.reduce((most, { type }) => Math.max(most, depthOf(type)), 0);
    if (depth > catalogLimits.structDepthMax)
      throw new Refusal(`more than ${catalogLimits.structDepthMax} structs in each other`, "simplify it", place);
    this.#misspelt(annotation.misspelt, place);
    const closing = chunk.indexes[body.to - 1] as number;
    const packing = this.#packingAt(closing);
    const { packed, aligned } = wishes(own, scope);
    const microsoft =
      own.some(({ name }) => name === "ms_struct") ||
      (modelFacts[scope.model].microsoftBitFields && !own.some(({ name }) => name === "gcc_struct"));
    const layout = layOut(drafts, { form: record.form, packed, aligned, pack: packing.pack, microsoftBitFields: microsoft });
    if (layout.size > catalogLimits.typeBytesMax)
      throw new Refusal(`it is larger than ${catalogLimits.typeBytesMax} bytes`, "correct the sizes of its arrays", place);
    const order = own.find(({ name }) => name === "scalar_storage_order")?.arguments[0]?.text;
    const bigEndian = annotation.bigEndian ?? (order === undefined ? packing.bigEndian : order.includes("big")) ?? scope.bigEndian;
    Object.assign(record, layout, { bigEndian, depth, annotation, place, complete: true });
  }

  #enum(node: SyntaxNode, chunk: Chunk): EnumType {
    const { tokens } = chunk;
    const name = childOf(node, "name");
    const tag = name === undefined ? undefined : (tokens[name.from] as Token).text;
    const body = childOf(node, "body");
    const place = tokens[name?.from ?? node.from] as Token;
    const known = tag === undefined ? undefined : this.#scope.enums.get(tag);
    if (body === undefined) {
      if (known !== undefined) return known;
      throw new Refusal(`enum ${tag} is not known here`, "define it before it is used", place);
    }
    if (known !== undefined) throw new Refusal(`enum ${tag} is defined twice`, "rename one of them", place);
    const constants = this.#constants(body, chunk);
    const attributes = chunk.attributes.filter(({ before }) => (before > node.from && before <= body.from) || before === body.to);
    const underlying = childOf(node, "underlying_type");
    const given = underlying === undefined ? undefined : this.#type(underlying, chunk);
    const scalar = given?.kind === "scalar" ? given : enumScalar(constants, wishes(attributes, this.#scope).packed, this.#scope);
    const annotation = annotationAt(chunk, firstOfTypedef(chunk, node) === node.from ? 0 : node.from, body.from + 1);
    this.#misspelt(annotation.misspelt, place);
    const made: EnumType = { kind: "enum", tag, scalar, size: scalar.size, align: scalar.align, constants, annotation, place };
    this.#scope.allEnums.push(made);
    if (tag !== undefined) this.#scope.enums.set(tag, made);
    return made;
  }

  #constants(body: SyntaxNode, chunk: Chunk): EnumConstant[] {
    const { tokens } = chunk;
    const constants: EnumConstant[] = [];
    let next = 0n;
    for (const node of body.children.filter(({ type }) => type === "enumerator")) {
      const value = childOf(node, "value");
      const place = tokens[node.from] as Token;
      if (value !== undefined) ({ value: next } = this.#scope.value(tokens.slice(value.from, value.to)));
      if (this.#scope.constants.has(place.text)) throw new Refusal(`\`${place.text}\` is defined twice`, "rename one of them", place);
      const comma = tokens[node.to]?.text === "," ? node.to + 1 : node.to;
      const constant = { name: place.text, value: next++, annotation: annotationAt(chunk, node.from, comma), place };
      constants.push(constant);
      this.#scope.constants.set(constant.name, constant);
    }
    return constants;
  }

  #packingAt(index: number): { readonly pack: number; readonly bigEndian: boolean | undefined } {
    return this.#header?.packings.findLast(({ from }) => from <= index) ?? { pack: 0, bigEndian: undefined };
  }

  #assert([place, ...inner]: readonly Token[]): void {
    let open = 0;
    const comma = inner.findIndex(({ text }) => {
      if (text === "(") open++;
      if (text === ")") open--;
      return text === "," && open === 0;
    });
    const condition = comma < 0 ? inner : inner.slice(0, comma);
    if (this.#scope.value(condition).value !== 0n) return;
    const said = comma < 0 ? "" : `: ${tokensText(inner.slice(comma + 1))}`;
    throw new Refusal(`\`${tokensText(condition)}\` does not hold${said}`, "correct the struct, or choose another --model", place);
  }

  #misspelt(words: readonly string[], place: Place): void {
    for (const word of words) this.#problem(place, "warning", `@${word} means nothing`, "see docs/how-to/write-a-catalog.md for the words");
  }

  #guarded(place: Token, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#problem(error.place ?? place, "error", error.message, error.mend);
    }
  }

  #problem(place: Place, severity: CatalogProblem["severity"], cause: string, mend: string): void {
    if (this.problems.length < catalogLimits.problemsMax) this.problems.push(problemAt(place, severity, cause, mend));
  }
}

/** In `typedef struct {`, comments above belong to the typedef's first token. */
const firstOfTypedef = (chunk: Chunk, node: SyntaxNode): number => (node.from === 1 && chunk.tokens[0]?.text === "typedef" ? 1 : -1);

/** A typedef's own alignment replaces that of the type, also downwards. */
function realigned(type: CType, align: number): CType {
  return { ...type, align };
}

/** GCC: the first of unsigned int, int, unsigned long long, long long that holds all values; the smallest one when packed. */
function enumScalar(constants: readonly EnumConstant[], packed: boolean, scope: Scope): ScalarType {
  const low = constants.reduce((least, { value }) => (value < least ? value : least), 0n);
  const high = constants.reduce((most, { value }) => (value > most ? value : most), 0n);
  const signed = scope.model === "llp64" || low < 0n;
  for (const [bits, name, unsignedName] of packed ? [...narrow, ...wide] : wide) {
    const half = 1n << BigInt(bits - 1);
    if (low < 0n || signed ? low >= -half && high < half : high < half * 2n) return scope.scalar(signed ? name : unsignedName);
  }
  return scope.scalar("unsigned long long");
}
const narrow = [
  [8, "signed char", "unsigned char"],
  [16, "short", "unsigned short"],
] as const;
const wide = [
  [32, "int", "unsigned int"],
  [64, "long long", "unsigned long long"],
] as const;

function wrongSyntax(node: SyntaxNode, chunk: Chunk): Refusal {
  const token = chunk.tokens[Math.min(node.from, chunk.tokens.length - 1)] as Token;
  if (node.missing) {
    const before = chunk.tokens[Math.max(0, node.from - 1)] as Token;
    const what = node.type.includes("identifier") ? "a name" : `\`${node.type}\``;
    return new Refusal(`${what} is missing behind \`${before.text}\``, "add it", before);
  }
  const wrong = tokensText(chunk.tokens.slice(node.from, Math.min(node.to, node.from + 4)));
  return new Refusal(`\`${wrong}\` cannot be read as C here`, "if it is a macro, define it or include the header that does", token);
}
