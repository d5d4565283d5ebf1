import { existsSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { fromHex } from "#base/bytes.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Side } from "#contract/parser.ts";
import { type Catalog, type CatalogOptions, type CatalogProblem, type Decoded, loadCatalog } from "#game/catalog/catalog.ts";
import { dataModels } from "#game/catalog/data-model.ts";
import { type StructView, structView } from "#game/catalog/describe.ts";
import { problemText } from "#game/catalog/problem.ts";
import type { Config } from "#schema/config.ts";

export type { CatalogProblem, Decoded, StructView };
export { problemText };

const optionsOf = (config: Config): CatalogOptions => ({
  model: dataModels.find((model) => model === config["catalog.model"]) ?? "lp64",
  bigEndian: config["catalog.endian"] === "big",
});

/**
 * The catalog of a run: C headers of a folder, read when the run begins and again when it is told that they have changed.
 * What it hands out for a game follows those changes.
 */
export class RunningCatalog {
  readonly #config: Config;
  #catalog: Catalog;

  private constructor(config: Config, catalog: Catalog) {
    this.#config = config;
    this.#catalog = catalog;
  }

  static async open(config: Config): Promise<{ readonly catalog: RunningCatalog; readonly problems: readonly CatalogProblem[] }> {
    const { catalog, problems } = await loadCatalog(config["catalog.folder"], optionsOf(config));
    return { catalog: new RunningCatalog(config, catalog), problems };
  }

  /** Reads the headers again. Those that are wrong now keep their layouts of before. */
  async reload(): Promise<readonly CatalogProblem[]> {
    const { catalog, problems } = await loadCatalog(this.#config["catalog.folder"], {
      ...optionsOf(this.#config),
      previous: this.#catalog,
    });
    this.#catalog = catalog;
    return problems;
  }

  /** What is said of one game: fields of packets, their units, names of opcodes. */
  forGame(id: string) {
    return {
      fieldsOf: (opcode: string, side: Side, body: Uint8Array) => this.#catalog.forGame(id).fieldsOf(opcode, side, body),
      unitOf: (opcode: string, side: Side, path: string) => this.#catalog.forGame(id).unitOf(opcode, side, path),
      nameOf: (opcode: number, side: Side) => this.#catalog.forGame(id).nameOf(opcode, side),
    };
  }
}

/** The headers that a command is about: the named files, else those of the configured folder. */
async function loaded(config: Config, files: readonly string[]): Promise<{ catalog: Catalog; problems: readonly CatalogProblem[] }> {
  const folder = config["catalog.folder"];
  for (const file of files) if (!existsSync(file)) throw new OddwireError("ODW_FILE_MISSING", { file, cause: "there is no such file" });
  if (files.length === 0) {
    if (!existsSync(folder)) throw new OddwireError("ODW_CATALOG_ABSENT", { folder });
    return loadCatalog(folder, optionsOf(config));
  }
  // Headers of the catalog may include others of it.
  const inside = existsSync(folder) && files.every((file) => resolve(file).startsWith(resolve(folder) + sep));
  if (!inside) return loadCatalog(files, optionsOf(config));
  return loadCatalog(
    files.map((file) => relative(resolve(folder), resolve(file))),
    { ...optionsOf(config), folder },
  );
}

/** What is wrong with headers, and how many structs and opcodes they give. */
export interface CatalogReport {
  readonly problems: readonly CatalogProblem[];
  readonly structs: number;
  readonly enums: number;
  readonly opcodes: number;
}

/** Looks at headers. Throws ODW_FILE_MISSING, ODW_CATALOG_ABSENT. */
export async function checkCatalog(config: Config, files: readonly string[]): Promise<CatalogReport> {
  const { catalog, problems } = await loaded(config, files);
  return { problems, structs: catalog.structs.length, enums: catalog.enums.length, opcodes: catalog.opcodes().length };
}

/** One struct, or all of them. Throws ODW_CATALOG_STRUCT for one that is not there. */
export async function showCatalog(config: Config, name: string | undefined): Promise<readonly StructView[]> {
  const { catalog } = await loaded(config, []);
  return (name === undefined ? catalog.structs : [structNamed(catalog, name)]).map((struct) => structView(catalog, struct));
}

/** Reads bytes by a struct. Throws ODW_CATALOG_STRUCT, ODW_USAGE for what is no hex. */
export async function decodeByCatalog(config: Config, name: string, hex: string): Promise<Decoded & { readonly bytes: number }> {
  const digits = hex.replace(/0x|[\s:,_-]/g, "");
  if (!/^(?:[\da-f]{2})*$/i.test(digits)) throw new OddwireError("ODW_USAGE", { cause: "the bytes are no hex digits, two for each byte" });
  const { catalog } = await loaded(config, []);
  const bytes = fromHex(digits);
  return { ...catalog.decode(structNamed(catalog, name), bytes), bytes: bytes.length };
}

/** By the name of a struct or of an opcode. */
function structNamed(catalog: Catalog, name: string) {
  const struct = catalog.struct(name) ?? catalog.structFor(name, 0) ?? catalog.structFor(name, 1);
  if (struct !== undefined) return struct;
  const near = catalog.structs.map((one) => one.name).filter((one) => one.toLowerCase().includes(name.toLowerCase()));
  throw new OddwireError("ODW_CATALOG_STRUCT", { name, choices: near.slice(0, 5).join(", ") || "see `oddwire catalog show`" });
}
