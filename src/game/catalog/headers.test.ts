import { expect, test } from "vitest";
import { catalogOf } from "./testing.ts";

/** Members of struct S with their offsets; of bit-fields the first bit. */
async function membersOf(text: string): Promise<string> {
  const { catalog, problems } = await catalogOf(text);
  const record = catalog.struct("S")?.record;
  const places = record?.members.map(({ name, offset, bits }) => `${name}@${bits === undefined ? offset : `bit${bits.offset}`}`);
  return [`${record?.size}`, ...(places ?? []), ...problems].join(" ");
}

test.each([
  ["padding", "struct S { char a; int b; };", "8 a@0 b@4"],
  ["pragma pack", "#pragma pack(push, 1)\nstruct S { char a; int b; };\n#pragma pack(pop)\nstruct T { char a; int b; };", "5 a@0 b@1"],
  ["a macro as attribute", "#define PACKED __attribute__((packed))\nstruct PACKED S { char a; int b; };", "5 a@0 b@1"],
  ["_Alignas", "struct S { char a; _Alignas(8) char b; };", "16 a@0 b@8"],
  ["a function-like macro that makes members", "#define V(n) float n##_x, n##_y;\nstruct S { V(a) V(b) };", "16 a_x@0 a_y@4 b_x@8 b_y@12"],
  ["#elif", "#define K 2\n#if K == 1\nstruct S { char a; };\n#elif K == 2\nstruct S { short a; };\n#endif", "2 a@0"],
  ["defined in #if", "#if defined(A) || !defined B\nstruct S { int a; };\n#endif", "4 a@0"],
  ["a size by sizeof", "struct T { int a[3]; }; struct S { char a[sizeof(struct T) * 2]; };", "24 a@0"],
  ["a size by an enum", "enum { N = 1 << 3 }; struct S { char a[N + 1]; };", "9 a@0"],
  ["bit-fields", "struct S { unsigned a : 3; unsigned : 0; unsigned b : 5; };", "8 a@bit0 b@bit32"],
  ["a line that is continued", "#define N \\\n 4\nstruct S { char a[N]; };", "4 a@0"],
  ["an inline function between structs", "static inline int f(int a) { struct Q { int z; }; return a; }\nstruct S { char a; };", "1 a@0"],
  ['extern "C"', '#ifdef X\n#endif\nextern "C" {\nstruct S { char a; };\n}', "1 a@0"],
  ["a typedef of its own", "typedef unsigned short id_t2;\ntypedef struct { id_t2 a; } S;", "2 a@0"],
  ["an assertion that holds", 'struct S { int a; };\n_Static_assert(sizeof(struct S) == 4, "size");', "4 a@0"],
])("%s", async (_case, text, expected) => {
  expect(await membersOf(text)).toBe(expected);
});

test.each([
  ["a missing semicolon", "struct A { int a }; ", "x.h:1:16: error: `;` is missing behind `a` (add it)"],
  [
    "a missing semicolon behind a struct",
    "struct A { int a; }\nstruct B { int b; };",
    "x.h:1:19: error: `;` is missing behind `}` (add it)",
  ],
  [
    "an unknown type",
    "struct A {\n  foo_t a;\n};",
    "x.h:2:3: error: `foo_t` is no known type (include the header that defines it, or correct its name)",
  ],
  ["a brace that is not closed", "struct A { int a;", "x.h:1:10: error: `{` is never closed (what follows it was left out)"],
  [
    "a header that is not there",
    '#include "nowhere.h"',
    "x.h:1:10: error: nowhere.h is not in the catalog (put it into the catalog's folder)",
  ],
  [
    "a header outside",
    '#include "../../../../../../etc/passwd"',
    "x.h:1:10: error: ../../../../../../etc/passwd is not in the catalog (put it into the catalog's folder)",
  ],
  ["#if without #endif", "#if 1", "x.h:1:2: error: this #if has no #endif (add one)"],
  ["#error", "#error choose", "x.h:1:2: error: #error choose (set what the header asks for)"],
  [
    "a negative size",
    "struct A { char a[2 - 3]; };",
    "x.h:1:19: error: the number of elements is -1 (it has to be a number from 0 to 16777216)",
  ],
  ["a division by zero", "struct A { char a[1 / 0]; };", "x.h:1:21: error: division by zero (correct the expression)"],
  ["a struct in itself", "struct A { struct A a; };", "x.h:1:21: error: the size of struct A is not known here (mend its own error first)"],
  ["a struct twice", "struct A { int a; };\nstruct A { int b; };", "x.h:2:8: error: struct A is defined twice (it stands in x.h:1, too)"],
  [
    "an assertion that does not hold",
    "struct A { int a; };\n_Static_assert(sizeof(struct A) == 5);",
    "x.h:2:1: error: `sizeof(struct A) == 5` does not hold (correct the struct, or choose another --model)",
  ],
  [
    "@count without its field",
    "struct A { int n; char t[]; // @count m\n};",
    "x.h:1:24: error: @count names m, which no field before it is (name an earlier field of the same struct)",
  ],
  [
    "a misspelt word",
    "struct A {\n  int n; // @uint m\n};",
    "x.h:2:7: warning: @uint means nothing (see docs/how-to/write-a-catalog.md for the words)",
  ],
  [
    "an unknown macro",
    "struct A { FOO(x) int d; };",
    "x.h:1:23: error: `d` cannot be read as C here (if it is a macro, define it or include the header that does)",
  ],
])("%s is told with its place", async (_case, text, expected) => {
  expect((await catalogOf(text)).problems[0]).toBe(expected);
});

test("an error in one struct leaves the others", async () => {
  const { catalog } = await catalogOf("struct A { int a; };\nstruct B { what b; };\nstruct C { int c; };");
  expect(catalog.structs.map(({ name }) => name)).toEqual(["A", "C"]);
});

const chain = Array.from({ length: 40 }, (_, i) => `#define M${i + 1} M${i} M${i}`).join("\n");
test.each([
  ["a header that includes itself", '#include "x.h"\nstruct S { int a; };', "include each other"],
  ["macros that double", `#define M0 x\n${chain}\nM40`, "expand to too much"],
  ["brackets without end", "(".repeat(100_000), "nested too deeply"],
  ["structs in structs", "struct {".repeat(5_000), "nested too deeply"],
  ["an array larger than memory", "struct S { char a[1000000000]; };", "number of elements"],
  ["a packet of arrays of arrays", "struct S { char a[4096][4096][4096]; };", "larger than"],
  [
    "structs that double",
    Array.from({ length: 60 }, (_, i) => `struct s${i} { ${i === 0 ? "int a, b" : `struct s${i - 1} a, b`}; };`).join("\n"),
    "larger than",
  ],
  ["a long expression", `struct S { char a[${"1+".repeat(5_000)}1]; };`, "nested too deeply"],
  ["zero bytes", "struct S { int a; };\0", "no text"],
])("%s is refused, soon", async (_case, text, cause) => {
  const started = performance.now();
  const { problems } = await catalogOf(text);
  expect(problems.join("\n")).toContain(cause);
  expect(performance.now() - started).toBeLessThan(20_000);
});
