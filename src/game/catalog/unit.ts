import { DeclarationReader } from "./declarations.ts";
import { Decoders } from "./decoder.ts";
import type { HeaderFiles } from "./header-files.ts";
import { type Integer, integer } from "./integer.ts";
import { MacroExpander } from "./macros.ts";
import { Preprocessor, type PreprocessorOptions } from "./preprocessor.ts";
import { type CatalogProblem, problemAt, Refusal } from "./problem.ts";
import { Scope } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";
import type { SyntaxParser } from "./syntax.ts";
import type { Token } from "./tokens.ts";
import type { CType, EnumType, Member, RecordType } from "./types.ts";

/** A struct or union that has a name. */
export interface CatalogStruct {
  /** Its tag, or the typedef of one without a tag. */
  readonly name: string;
  /** All its names. */
  readonly names: readonly string[];
  readonly record: RecordType;
  readonly unit: Unit;
}

/** An enum, with the names that it has. */
export interface CatalogEnum {
  readonly names: readonly string[];
  readonly type: EnumType;
}

/** One header with all that it includes, read. */
export interface Unit {
  /** The header, relative to the catalog. */
  readonly file: string;
  /** Games that it names itself by `@game`. */
  readonly games: readonly string[];
  /** Absolute paths of all headers that were read for it. */
  readonly files: ReadonlySet<string>;
  readonly structs: readonly CatalogStruct[];
  readonly enums: readonly CatalogEnum[];
  readonly decoders: Decoders;
  readonly problems: readonly CatalogProblem[];
  /** Value of a macro that is an integer. */
  macro(name: string): bigint | undefined;
  macros(): Iterable<string>;
}

/** Reads one header. Whatever it holds: what is wrong is told among the problems. */
export function readUnit(source: SourceFile, files: HeaderFiles, parser: SyntaxParser, options: PreprocessorOptions): Unit {
  const scope = new Scope(options.model, options.bigEndian);
  const preprocessor = new Preprocessor(files, options);
  const declarations = new DeclarationReader(parser, scope);
  const refused: CatalogProblem[] = [];
  let macros: ReadonlyMap<string, { readonly body: readonly Token[]; readonly parameters?: readonly string[] }> = new Map();
  let read: readonly SourceFile[] = [source];
  let expander = new MacroExpander(new Map());
  try {
    const header = preprocessor.run(source);
    ({ macros, files: read } = header);
    expander = new MacroExpander(header.macros);
    declarations.read(header);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refused.push(problemAt(error.place ?? { source, offset: 0 }, "error", error.message, error.mend));
  }
  const macro = (name: string): bigint | undefined => {
    const found = macros.get(name);
    return found === undefined || found.parameters !== undefined ? undefined : macroValue(expander, found.body, scope);
  };
  const structs: CatalogStruct[] = [];
  const enums = enumsOf(scope);
  const constant = (name: string): Integer | undefined => {
    const value = scope.constants.get(name)?.value ?? macro(name);
    return value === undefined ? undefined : integer(value, false, 64);
  };
  const findEnum = (name: string): EnumType | undefined => enums.find(({ names }) => names.includes(name))?.type;
  const unit: Unit = {
    file: source.path,
    games: gamesOf(source),
    files: new Set(read.map(({ absolute }) => absolute)),
    structs,
    enums,
    decoders: new Decoders({ enum: findEnum, constant }),
    problems: [...preprocessor.problems, ...declarations.problems, ...refused],
    macro,
    macros: () => macros.keys(),
  };
  structs.push(...structsOf(scope, unit));
  (unit.problems as CatalogProblem[]).push(...structs.flatMap(({ record }) => namesMissing(record, constant, findEnum)));
  return unit;
}

function structsOf(scope: Scope, unit: Unit): CatalogStruct[] {
  const names = new Map<RecordType, string[]>();
  for (const record of scope.allRecords) if (record.complete) names.set(record, record.tag === undefined ? [] : [record.tag]);
  for (const [name, type] of scope.typedefs) {
    if (type.kind !== "record" || !type.complete) continue;
    const known = names.get(type);
    if (known === undefined) names.set(type, [name]);
    else if (!known.includes(name)) known.push(name);
  }
  return [...names].flatMap(([record, all]) => (all[0] === undefined ? [] : [{ name: all[0], names: all, record, unit }]));
}

function enumsOf(scope: Scope): CatalogEnum[] {
  const names = new Map<EnumType, string[]>(scope.allEnums.map((type) => [type, type.tag === undefined ? [] : [type.tag]]));
  for (const [name, type] of scope.typedefs)
    if (type.kind === "enum" && names.get(type)?.includes(name) === false) names.get(type)?.push(name);
  return [...names].map(([type, all]) => ({ names: all, type }));
}

/** `@game` in a comment of the header itself. */
const gamesOf = (source: SourceFile): string[] =>
  source.comments.flatMap(({ text }) => [...text.matchAll(/(?:^|\s)@game[ \t]+([\w.-]+)/g)].map((match) => match[1] as string));

function macroValue(expander: MacroExpander, body: readonly Token[], scope: Scope): bigint | undefined {
  if (body.length === 0 || body.length > 100) return undefined;
  try {
    return scope.value(expander.expand(body)).value;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Annotations that name a field or an enum which is not there. */
function namesMissing(
  record: RecordType,
  constant: (name: string) => unknown,
  findEnum: (name: string) => EnumType | undefined,
): CatalogProblem[] {
  const before = new Map<string, CType>();
  const problems: CatalogProblem[] = [];
  const walk = (members: readonly Member[]): void => {
    for (const { name, type, annotation, place } of members) {
      const wanted = fieldNames(annotation.count ?? []).filter(([first = ""]) => !before.has(first) && constant(first) === undefined);
      for (const path of wanted)
        problems.push(
          problemAt(
            place,
            "error",
            `@count names ${path.join(".")}, which no field before it is`,
            "name an earlier field of the same struct",
          ),
        );
      if (annotation.enum !== undefined && findEnum(annotation.enum) === undefined)
        problems.push(
          problemAt(place, "error", `@enum names ${annotation.enum}, which is no enum here`, "define it or include its header"),
        );
      if (name !== undefined) before.set(name, type);
      else if (type.kind === "record") walk(type.members);
    }
  };
  walk(record.members);
  return problems;
}

/** The names in an expression, each with what stands behind its dots. */
function fieldNames(tokens: readonly Token[]): string[][] {
  const names: string[][] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== "identifier") return;
    if (tokens[index - 1]?.text === ".") names.at(-1)?.push(token.text);
    else names.push([token.text]);
  });
  return names;
}
