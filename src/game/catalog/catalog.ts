import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Side } from "#contract/parser.ts";
import type { DataModel } from "./data-model.ts";
import type { Decoded } from "./decode-run.ts";
import { catalogFiles, HeaderFiles } from "./header-files.ts";
import { type OpcodeLine, readOpcodeFile } from "./opcode-file.ts";
import { bareName, type NamedOpcode, opcodesOf, opcodesOfStruct, sideOfStruct } from "./opcode-names.ts";
import type { CatalogProblem } from "./problem.ts";
import { SyntaxParser } from "./syntax.ts";
import type { Member } from "./types.ts";
import { type CatalogEnum, type CatalogStruct, readUnit, type Unit } from "./unit.ts";

export type { CatalogEnum, CatalogProblem, CatalogStruct, Decoded };

export interface CatalogOptions {
  /** How wide C's types are; `lp64` unless it is said. */
  readonly model?: DataModel;
  /** Byte order of structs that do not say theirs. */
  readonly bigEndian?: boolean;
  /** Macros that are defined before a header begins. */
  readonly defines?: Readonly<Record<string, string>>;
  /** Folder that `#include` may look into when single files are named; where each lies unless it is said. */
  readonly folder?: string;
  /** The catalog of before: its layouts are kept for headers that are wrong now. */
  readonly previous?: Catalog;
}

/** Mapping of one `.opcodes` file. */
interface OpcodeFile {
  readonly file: string;
  readonly lines: readonly OpcodeLine[];
}

/**
 * Reads the headers of a folder, or single ones. Never throws for what stands in them: what is wrong is among the problems,
 * the rest is there. A folder that does not exist is a catalog without structs.
 */
export async function loadCatalog(
  source: string | readonly string[],
  options: CatalogOptions = {},
): Promise<{ readonly catalog: Catalog; readonly problems: readonly CatalogProblem[] }> {
  const { previous } = options;
  const preprocessing = { model: options.model ?? "lp64", bigEndian: options.bigEndian ?? false, defines: options.defines ?? {} } as const;
  const roots = rootsOf(source, options.folder);
  const problems: CatalogProblem[] = [];
  const units: Unit[] = [];
  const mappings: OpcodeFile[] = [];
  if (roots.every(({ headers }) => headers.length === 0)) return { catalog: new Catalog([], []), problems };
  using parser = await SyntaxParser.load();
  for (const { files, headers, maps } of roots) {
    const read: Unit[] = [];
    for (const path of headers) {
      const file = files.open(path);
      if (typeof file === "string")
        problems.push({ severity: "error", file: path, line: 0, column: 0, cause: `it cannot be read: ${file}`, mend: "" });
      // What an earlier header included was read with it.
      else if (!read.some((unit) => unit.files.has(file.absolute))) read.push(readUnit(file, files, parser, preprocessing));
    }
    // What a later header includes is read with that one.
    units.push(...read.filter(({ file }, index) => !read.some((other, at) => at > index && includes(other, file, files))));
    for (const path of maps) mappings.push(mappingOf(files, path, problems));
  }
  return {
    catalog: new Catalog(
      units.map((unit) => kept(unit, previous, problems)),
      mappings,
    ),
    problems,
  };
}

const includes = (unit: Unit, file: string, files: HeaderFiles): boolean => {
  const source = files.open(file);
  return typeof source !== "string" && unit.files.has(source.absolute);
};

/** The unit, or the one of before when this one is wrong. */
function kept(unit: Unit, previous: Catalog | undefined, problems: CatalogProblem[]): Unit {
  problems.push(...unit.problems);
  const before = unit.problems.some(({ severity }) => severity === "error")
    ? previous?.units.find(({ file }) => file === unit.file)
    : undefined;
  if (before === undefined) return unit;
  problems.push({
    severity: "warning",
    file: unit.file,
    line: 0,
    column: 0,
    cause: "its layouts of before are kept",
    mend: "mend the errors",
  });
  return before;
}

function mappingOf(files: HeaderFiles, path: string, problems: CatalogProblem[]): OpcodeFile {
  const file = files.open(path);
  if (typeof file === "string") {
    problems.push({ severity: "error", file: path, line: 0, column: 0, cause: `it cannot be read: ${file}`, mend: "" });
    return { file: path, lines: [] };
  }
  const read = readOpcodeFile(path, file.text);
  problems.push(...read.problems);
  return { file: path, lines: read.lines };
}

interface Root {
  readonly files: HeaderFiles;
  readonly headers: readonly string[];
  readonly maps: readonly string[];
}

function rootsOf(source: string | readonly string[], folder: string | undefined): Root[] {
  if (typeof source === "string" && statSync(source, { throwIfNoEntry: false })?.isFile() !== true)
    return [{ files: new HeaderFiles(source), headers: catalogFiles(source, [".h"]), maps: catalogFiles(source, [".opcodes"]) }];
  const folders = new Map<string, string[]>();
  for (const path of typeof source === "string" ? [source] : source) {
    const root = folder ?? dirname(path);
    folders.set(root, [...(folders.get(root) ?? []), path]);
  }
  return [...folders].map(([root, paths]) => ({
    files: new HeaderFiles(root),
    headers: paths.filter((path) => !path.endsWith(".opcodes")),
    maps: paths.filter((path) => path.endsWith(".opcodes")),
  }));
}

/** What headers say of packets. It never changes; a change of a header makes a new one. */
export class Catalog {
  readonly units: readonly Unit[];
  readonly structs: readonly CatalogStruct[];
  readonly enums: readonly CatalogEnum[];
  readonly #mappings: readonly OpcodeFile[];
  readonly #lines: readonly OpcodeLine[];
  readonly #named = new Map<string, CatalogStruct>();
  readonly #bare = new Map<string, CatalogStruct[]>();
  readonly #opcodes: readonly [Map<number, string>, Map<number, string>] = [new Map(), new Map()];
  readonly #found: readonly [Map<string, CatalogStruct | undefined>, Map<string, CatalogStruct | undefined>] = [new Map(), new Map()];
  readonly #games = new Map<string, Catalog>();

  constructor(units: readonly Unit[], mappings: readonly OpcodeFile[]) {
    this.units = units;
    this.#mappings = mappings;
    this.#lines = mappings.flatMap(({ lines }) => lines);
    this.structs = units.flatMap(({ structs }) => structs);
    this.enums = units.flatMap(({ enums }) => enums);
    for (const struct of this.structs) {
      for (const name of struct.names) {
        if (!this.#named.has(name)) this.#named.set(name, struct);
        const bare = bareName(name);
        const same = this.#bare.get(bare);
        if (same === undefined) this.#bare.set(bare, [struct]);
        else if (!same.includes(struct)) same.push(struct);
      }
    }
    for (const { number, name, side } of [...this.#lines, ...units.flatMap(opcodesOf)])
      for (const one of side === undefined ? ([0, 1] as const) : [side])
        if (number !== undefined && !this.#opcodes[one].has(number)) this.#opcodes[one].set(number, name);
  }

  /** A struct by its name, with or without `struct` before it. */
  struct(name: string): CatalogStruct | undefined {
    return this.#named.get(name.replace(/^(struct|union)\s+/, ""));
  }

  /** The struct of an opcode's body: by the mapping, by `@opcode`, by its name, by a name like it. */
  structFor(opcode: string, side: Side): CatalogStruct | undefined {
    const found = this.#found[side];
    let struct = found.get(opcode);
    if (struct === undefined && !found.has(opcode)) {
      struct = this.#search(opcode, side);
      if (found.size < opcodesMax) found.set(opcode, struct);
    }
    return struct;
  }

  /** Reads a packet's body. */
  decode(struct: CatalogStruct, body: Uint8Array): Decoded {
    return struct.unit.decoders.decode(struct.record, body);
  }

  /** Fields of a packet's body; `undefined` when no struct describes it. */
  fieldsOf(opcode: string, side: Side, body: Uint8Array): Decoded["fields"] | undefined {
    const struct = this.structFor(opcode, side);
    return struct === undefined ? undefined : this.decode(struct, body).fields;
  }

  /** A field of an opcode's packets, by its path (`position.x`). */
  field(opcode: string, side: Side, path: string): Member | undefined {
    let members = this.structFor(opcode, side)?.record.members;
    let found: Member | undefined;
    for (const part of path.split(".")) {
      found = members === undefined ? undefined : memberOf(members, part);
      members = found?.type.kind === "record" ? found.type.members : undefined;
    }
    return found;
  }

  /** Unit of a field, as its header says it: `m`, `ms`. */
  unitOf(opcode: string, side: Side, path: string): string | undefined {
    return this.field(opcode, side, path)?.annotation.unit;
  }

  /** Name of an opcode, for games whose plugin names none. */
  nameOf(opcode: number, side: Side): string | undefined {
    return this.#opcodes[side].get(opcode);
  }

  /** All opcodes that are named, by number. */
  opcodes(): NamedOpcode[] {
    return ([0, 1] as const).flatMap((side) => [...this.#opcodes[side]].map(([number, name]) => ({ number, name, side })));
  }

  /**
   * What is said of one game: the headers in a folder or file named as it, or with `@game` and its id; when there are none, those
   * that lie in the catalog's folder itself and name no game.
   */
  forGame(id: string): Catalog {
    const game = plainId(id);
    let catalog = this.#games.get(game);
    if (catalog === undefined) {
      const own = this.units.filter((unit) => unit.games.map(plainId).includes(game) || isNamed(unit.file, game));
      const common = this.units.filter((unit) => unit.games.length === 0 && !unit.file.includes("/"));
      const lines = this.#mappings.filter(({ file }) => isNamed(file, game) || !file.includes("/"));
      catalog = new Catalog(own.length > 0 ? own : common, lines);
      if (this.#games.size < gamesMax) this.#games.set(game, catalog);
    }
    return catalog;
  }

  #search(opcode: string, side: Side): CatalogStruct | undefined {
    const line = this.#lines.find((one) => one.name === opcode && (one.side ?? side) === side && one.struct !== undefined);
    const mapped = line?.struct === undefined ? undefined : this.struct(line.struct);
    if (mapped !== undefined) return mapped;
    const fits = ({ record, name }: CatalogStruct): boolean => (sideOfStruct(record, name) ?? side) === side;
    const numbers = [...this.#opcodes[side]].filter(([, name]) => name === opcode).map(([number]) => number);
    const said = this.structs.find(
      (one) => fits(one) && opcodesOfStruct(one.record.annotation.opcodes).some((number) => numbers.includes(number)),
    );
    return said ?? this.#named.get(opcode) ?? this.#bare.get(bareName(opcode))?.find(fits);
  }
}

/** Answers that are kept, for opcodes and games that others name. */
const opcodesMax = 20_000;
const gamesMax = 100;

const plainId = (id: string): string => id.toLowerCase().replace(/[^a-z\d]/g, "");
const isNamed = (file: string, game: string): boolean =>
  file.split("/").some((part) => plainId(part.replace(/\.(h|opcodes)$/, "")) === game);

/** A member by its name; those of anonymous structs and unions are their owner's. */
function memberOf(members: readonly Member[], name: string): Member | undefined {
  for (const member of members) {
    if (member.name === name) return member;
    const inner = member.name === undefined && member.type.kind === "record" ? memberOf(member.type.members, name) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}
