import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Random } from "#base/random.ts";
import { type CatalogOptions, loadCatalog } from "./catalog.ts";
import { problemText } from "./problem.ts";

/** What generated headers may use. */
export interface HeaderTraits {
  /** Bit-fields as Microsoft's compiler lays them. */
  readonly microsoft: boolean;
  /** Big endian, which leaves out what GCC keeps in native order. */
  readonly bigEndian: boolean;
}

const integers = [
  "char",
  "signed char",
  "unsigned char",
  "short",
  "unsigned short int",
  "int",
  "unsigned",
  "long",
  "unsigned long",
  "long long",
  "unsigned long long int",
  "int8_t",
  "uint8_t",
  "int16_t",
  "uint16_t",
  "int32_t",
  "uint32_t",
  "int64_t",
  "uint64_t",
  "size_t",
  "tiny_enum",
  "enum plain",
  "enum negative",
  "aligned_int",
  "lowered_long",
];

/** Headers of structs that nobody would write, from a seed: the same seed gives the same header everywhere. */
export class HeaderGenerator {
  readonly #random: Random;
  readonly #traits: HeaderTraits;
  readonly #lines: string[] = [];
  /** Names of the types that are there, as they are written. */
  readonly #made: string[] = [];
  #members = 0;

  constructor(seed: number, traits: HeaderTraits) {
    this.#random = new Random(seed);
    this.#traits = traits;
  }

  /** The header, and the names of its structs with how many members each has. */
  header(structs: number): { readonly text: string; readonly counts: ReadonlyMap<string, number> } {
    this.#lines.push("#ifndef GENERATED", "#define GENERATED", "#include <stdint.h>", "#include <stddef.h>");
    if (this.#traits.bigEndian) this.#lines.push("#pragma scalar_storage_order big-endian");
    this.#lines.push("#define TWO (1 + 1)", "#define TIMES(a, b) ((a) * (b))", "#define PACKED __attribute__((packed))");
    this.#lines.push("enum plain { PLAIN_A, PLAIN_B = TWO << 2, PLAIN_C };", "enum negative { NEGATIVE = -1, POSITIVE };");
    this.#lines.push("typedef enum PACKED { TINY_A = 3, TINY_B = 200 } tiny_enum;");
    this.#lines.push("typedef int aligned_int __attribute__((aligned(16)));", "typedef long lowered_long __attribute__((aligned(2)));");
    const counts = new Map<string, number>();
    for (let i = 0; i < structs; i++) counts.set(`s${i}`, this.#struct(i));
    this.#lines.push("#endif");
    return { text: this.#lines.join("\n"), counts };
  }

  #chance(percent: number): boolean {
    return this.#random.unit() * 100 < percent;
  }

  #from<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random.unit() * items.length)] as Item;
  }

  #below(limit: number): number {
    return Math.floor(this.#random.unit() * limit);
  }

  #struct(index: number): number {
    const form = this.#chance(20) ? "union" : "struct";
    const pack = this.#chance(25) ? this.#from([1, 2, 4, 8]) : 0;
    if (pack > 0) this.#lines.push(this.#chance(50) ? `#pragma pack(push, ${pack})` : `_Pragma("pack(push, ${pack})")`);
    const attributes = this.#recordAttributes();
    const before = this.#chance(50) ? attributes : "";
    const behind = before === "" ? attributes : "";
    const asTypedef = this.#chance(30);
    const name = `s${index}`;
    const outer = this.#members;
    this.#members = 0;
    const tag = asTypedef && this.#chance(50) ? "" : name;
    this.#lines.push(`${asTypedef ? "typedef " : ""}${form} ${before} ${tag} {`);
    this.#body(1 + this.#below(7), 0, form);
    this.#lines.push(`} ${behind} ${asTypedef ? name : ""};`);
    if (pack > 0) this.#lines.push("#pragma pack(pop)");
    this.#made.push(asTypedef ? name : `${form} ${name}`);
    const count = this.#members;
    this.#members = outer;
    return count;
  }

  #recordAttributes(): string {
    const list: string[] = [];
    if (this.#traits.microsoft) list.push("ms_struct");
    if (this.#chance(20)) list.push(this.#from(["packed", "__packed__"]));
    if (this.#chance(15)) list.push(`aligned(${this.#from(["1", "2", "4", "8", "16", "TWO * 4", "sizeof(int)"])})`);
    return list.length === 0 ? "" : `__attribute__((${list.join(", ")}))`;
  }

  #body(members: number, depth: number, form: string): void {
    for (let i = 0; i < members; i++) this.#member(depth, form);
  }

  #member(depth: number, form: string): void {
    const name = `m${this.#members}`;
    const indent = "  ".repeat(depth + 1);
    if (depth < 3 && this.#chance(12)) {
      const anonymous = this.#chance(60);
      const inner = this.#chance(30) ? "union" : "struct";
      this.#lines.push(`${indent}${inner} ${this.#recordAttributes()} {`);
      this.#members++;
      this.#body(1 + this.#below(4), depth + 1, inner);
      this.#lines.push(`${indent}} ${anonymous ? "" : name};`);
      return;
    }
    this.#members++;
    // A packed bit-field in a union: Microsoft's compiler and Clang give it its whole unit, as we do, GCC only its bytes.
    if (this.#chance(30) && !(this.#traits.microsoft && form === "union")) this.#bitField(name, indent);
    else if (this.#made.length > 0 && this.#chance(15)) this.#lines.push(`${indent}${this.#from(this.#made)} ${name}${this.#array()};`);
    else {
      const type = this.#scalar();
      const array = type === "aligned_int" ? "" : this.#array();
      this.#lines.push(`${indent}${this.#fieldAttribute(true)}${type} ${name}${array} ${this.#fieldAttribute(false)};`);
    }
  }

  #scalar(): string {
    if (this.#chance(12)) return this.#from(["float", "double", ...(this.#traits.bigEndian ? [] : ["void *", "long double"])]);
    return this.#from(integers);
  }

  #bitField(name: string, indent: string): void {
    const type = this.#from([
      "int",
      "unsigned",
      "uint8_t",
      "int8_t",
      "uint16_t",
      "short",
      "uint32_t",
      "long long",
      "uint64_t",
      "_Bool",
      "char",
    ]);
    const most = { _Bool: 1, uint8_t: 8, int8_t: 8, char: 8, uint16_t: 16, short: 16, "long long": 64, uint64_t: 64 }[type] ?? 32;
    if (this.#chance(12)) this.#lines.push(`${indent}${type} : ${this.#chance(50) ? 0 : 1 + this.#below(most)};`);
    else
      this.#lines.push(
        `${indent}${type} ${name} : ${1 + this.#below(most)}${this.#chance(8) && !this.#traits.microsoft ? " PACKED" : ""};`,
      );
  }

  #array(): string {
    if (this.#chance(75)) return "";
    const size = this.#from(["3", "TWO", "TIMES(TWO, 2)", "sizeof(uint16_t)", "PLAIN_B - 5", "(1 ? 5 : 1/0)", "0x2u"]);
    return this.#chance(25) ? `[${size}][2]` : `[${size}]`;
  }

  #fieldAttribute(first: boolean): string {
    if (!this.#chance(6)) return "";
    const aligned = `aligned(${this.#from(["2", "8", "16"])})`;
    if (first && this.#chance(30)) return "_Alignas(16) ";
    return `__attribute__((${this.#from(["packed", aligned, `packed, ${aligned}`])})) `;
  }
}

/** Loads headers that a test writes; `x.h` is the one when only a text is given. */
export async function catalogOf(headers: string | Readonly<Record<string, string>>, options: CatalogOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "catalog-"));
  try {
    for (const [name, text] of Object.entries(typeof headers === "string" ? { "x.h": headers } : headers)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { catalog, problems } = await loadCatalog(folder, options);
    return { catalog, problems: problems.map(problemText) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
