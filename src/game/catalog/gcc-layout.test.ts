import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type CatalogStruct, loadCatalog } from "./catalog.ts";
import type { DataModel } from "./data-model.ts";
import { HeaderGenerator } from "./testing.ts";
import type { Member, RecordType } from "./types.ts";

/** Structs of one header, and headers of each kind. While this was written, 150 seeds of each kind were run: 36,000 structs. */
const structsPerHeader = 60;
const seeds = [1, 2, 3, 4];

const folder = mkdtempSync(join(tmpdir(), "catalog-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kinds = [
  { name: "lp64", model: "lp64", flags: [], microsoft: false, bigEndian: false },
  { name: "lp64, Microsoft's bit-fields", model: "lp64", flags: [], microsoft: true, bigEndian: false },
  { name: "lp64, big endian", model: "lp64", flags: [], microsoft: false, bigEndian: true },
  { name: "ilp32", model: "ilp32", flags: ["-m32"], microsoft: false, bigEndian: false },
] as const;

/** How programs without a library write their results and end. */
const starts: Readonly<Record<string, string>> = {
  lp64: `void _start(void) { run(); long r; __asm__ volatile("syscall" : "=a"(r) : "a"(1), "D"(1), "S"(out), "d"(at) : "rcx", "r11", "memory"); __asm__ volatile("syscall" : : "a"(60), "D"(0)); }`,
  ilp32: `void _start(void) { run(); __asm__ volatile("int $0x80" : : "a"(4), "b"(1), "c"(out), "d"(at) : "memory"); __asm__ volatile("int $0x80" : : "a"(1), "b"(0)); }`,
};

function compiled(source: string, model: DataModel, flags: readonly string[]): Buffer | undefined {
  const program = join(folder, "program");
  writeFileSync(`${program}.c`, source);
  const options = ["-w", "-O0", "-std=gnu17", "-ffreestanding", "-nostdlib", "-static", "-fno-pie", "-no-pie", "-fno-stack-protector"];
  const { status, error, stderr } = spawnSync("gcc", [...options, ...flags, `-I${folder}`, "-o", program, `${program}.c`], {
    encoding: "utf8",
  });
  if (error !== undefined) return undefined;
  if (status !== 0) throw new Error(`gcc (${model}): ${stderr.slice(0, 2_000)}`);
  return execFileSync(program, { maxBuffer: 1 << 26 });
}

const runtime = (model: string): string => `
typedef unsigned char u8; typedef unsigned long long u64;
static u8 out[4 << 20]; static unsigned at;
static void put(u64 v) { for (int i = 0; i < 8; i++) out[at++] = v >> (8 * i); }
void *memset(void *p, int c, size_t n) { u8 *b = p; while (n--) *b++ = c; return p; }
void *memcpy(void *d, const void *s, size_t n) { u8 *b = d; const u8 *a = s; while (n--) *b++ = *a++; return d; }
static void run(void);
${starts[model]}
`;

function gccWorks(model: DataModel, flags: readonly string[]): boolean {
  try {
    return compiled(`#include <stddef.h>\n${runtime(model)}static void run(void) { put(7); }`, model, flags)?.[0] === 7;
  } catch {
    return false;
  }
}

interface Leaf {
  /** `a.b[1]`. */
  readonly path: string;
  /** Where it stands in what `decode` gives. */
  readonly keys: readonly (string | number)[];
  readonly offset: number;
  readonly member: Member;
  readonly bits: Member["bits"];
}

/** Each member, of arrays the last element. */
function leaves(record: RecordType, base: number, path: string, keys: readonly (string | number)[]): Leaf[] {
  return record.members.flatMap((member) => {
    if (member.name === undefined) return leaves(member.type as RecordType, base + member.offset, path, keys);
    let at = `${path}${member.name}`;
    let { type } = member;
    let offset = base + member.offset;
    const inner: (string | number)[] = [...keys, member.name];
    for (; type.kind === "array"; type = type.element) {
      const last = (type.count ?? 1) - 1;
      at += `[${last}]`;
      offset += last * type.element.size;
      inner.push(last);
    }
    if (type.kind === "record") return leaves(type, offset, `${at}.`, inner);
    const bits = member.bits === undefined ? undefined : { ...member.bits, offset: member.bits.offset + base * 8 };
    return [{ path: at, keys: inner, offset, member: { ...member, type }, bits }];
  });
}

const isFloat = ({ type }: Member): boolean => type.kind === "scalar" && type.format === "float";
const isNumber = ({ type }: Member): boolean =>
  type.kind === "enum" || (type.kind === "scalar" && ["signed", "unsigned", "character"].includes(type.format));
/** Numbers beyond 53 bits are compared by their digits. */
const pattern = (index: number): number => (index * 151 + 43 + (index >> 3) * 7) & 0xff;

const spelt = ({ record, name }: CatalogStruct): string => (record.tag === undefined ? name : `${record.form} ${record.tag}`);

/** What gcc says of the structs: sizes, offsets, and values of members when the bytes are a pattern. */
function question(structs: readonly CatalogStruct[]): string {
  const lines = structs.map((one, index) => {
    const type = spelt(one);
    const parts = leaves(one.record, 0, "", []).map(({ path, member, bits }) => {
      const place = bits === undefined ? `put(offsetof(${type}, ${path}));` : "";
      if (isFloat(member)) return `${place} { double d = v->${path}; u64 w; memcpy(&w, &d, 8); put(w); }`;
      return isNumber(member) || bits !== undefined ? `${place} put((u64)(v->${path}));` : place;
    });
    return `static void f${index}(void) { static ${type} buffer; static ${type} *v = &buffer;
  for (unsigned i = 0; i < sizeof buffer; i++) ((u8 *)&buffer)[i] = i * 151 + 43 + (i >> 3) * 7;
  put(sizeof(${type})); put(_Alignof(${type}));\n  ${parts.join("\n  ")} }`;
  });
  return `${lines.join("\n")}\nstatic void run(void) {${structs.map((_, index) => `f${index}();`).join(" ")} }`;
}

function valueAt(fields: unknown, keys: readonly (string | number)[]): unknown {
  return keys.reduce(
    (value: unknown, key) => (typeof value === "object" ? (value as Record<string | number, unknown>)[key] : undefined),
    fields,
  );
}

describe.each(kinds)("layouts as gcc's: $name", ({ name, model, flags, microsoft, bigEndian }) => {
  const works = gccWorks(model, flags);
  if (!works) console.warn(`gcc ${flags.join(" ")} is not here or its programs do not run: ${name} is skipped`);
  test.skipIf(!works).each(seeds)("seed %d", async (seed) => {
    const { text, counts } = new HeaderGenerator(seed, { microsoft, bigEndian }).header(structsPerHeader);
    const file = join(folder, "generated.h");
    writeFileSync(file, text);
    const { catalog, problems } = await loadCatalog([file], { model });
    expect(problems).toEqual([]);
    expect(catalog.structs).toHaveLength(counts.size);
    const answer = compiled(`#include "generated.h"\n${runtime(model)}\n${question(catalog.structs)}`, model, flags) as Buffer;
    let read = 0;
    const next = (): bigint => answer.readBigUInt64LE(8 * read++);
    for (const one of catalog.structs) {
      const where = `${one.name} of seed ${seed}`;
      expect([where, one.record.size, one.record.align]).toEqual([where, Number(next()), Number(next())]);
      const decoded = catalog.decode(
        one,
        Uint8Array.from({ length: one.record.size }, (_, index) => pattern(index)),
      );
      for (const leaf of leaves(one.record, 0, "", [])) compare(where, leaf, decoded.fields, next);
      // Large arrays are cut: a packet becomes a limited number of values.
      expect([where, decoded.consumed, decoded.problems.filter((problem) => !problem.includes("values"))]).toEqual([
        where,
        one.record.size,
        [],
      ]);
    }
    expect(read * 8).toBe(answer.length);
  });
});

function compare(where: string, { path, keys, offset, member, bits }: Leaf, fields: unknown, next: () => bigint): void {
  if (bits === undefined) expect([where, path, offset]).toEqual([where, path, Number(next())]);
  if (isFloat(member)) {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setBigUint64(0, next());
    const value = bytes.getFloat64(0);
    if (valueAt(fields, keys) === undefined) return;
    expect([where, path, valueAt(fields, keys)]).toEqual([where, path, Number.isFinite(value) ? value : String(value)]);
    return;
  }
  if (!isNumber(member) && bits === undefined) return;
  const told = next();
  const value = valueAt(fields, keys);
  // Names of constants, texts and bytes stand for numbers elsewhere; their tests are in decoder.test.ts.
  if (typeof value === "boolean") expect([where, path, value]).toEqual([where, path, told !== 0n]);
  else if (typeof value === "number" || /^-?\d+$/.test(String(value)))
    expect([where, path, BigInt.asUintN(64, BigInt(value as string))]).toEqual([where, path, told]);
}
