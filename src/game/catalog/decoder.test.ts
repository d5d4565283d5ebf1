import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import type { CatalogStruct } from "./catalog.ts";
import { catalogOf } from "./testing.ts";

async function read(text: string, hex: string) {
  const { catalog } = await catalogOf(text);
  return catalog.decode(catalog.structs.at(-1) as CatalogStruct, fromHex(hex));
}

test.each([
  ["integers", "struct S { char a; unsigned short b; };", "ff000102", { a: -1, b: 513 }],
  ["big endian by @endian", "struct S { short a; // @endian big\n short b; };", "00010100", { a: 1, b: 1 }],
  ["a big endian struct", "/* @endian big */\nstruct S { unsigned a; };", "00000102", { a: 258 }],
  ["64 bits that a number holds", "struct S { unsigned long long a; };", "0100000000000000", { a: 1 }],
  ["64 bits that none holds", "struct S { unsigned long long a; };", "ffffffffffffffff", { a: "18446744073709551615" }],
  ["text up to its zero", "struct S { char a[6]; };", "616200636465", { a: "ab" }],
  ["text that is no UTF-8", "struct S { char a[2]; };", "61ff", { a: "a\\xff" }],
  ["bytes as hex", "struct S { unsigned char a[3]; };", "0a0b0c", { a: "0a0b0c" }],
  ["bytes as numbers", "struct S { unsigned char a[3]; // @kind numbers\n};", "010203", { a: [1, 2, 3] }],
  ["bytes as text", "struct S { unsigned char a[3]; // @kind text\n};", "616263", { a: "abc" }],
  ["names of an enum", "enum E { X = 1, Y }; struct S { enum E a, b; };", "0200000009000000", { a: "Y", b: 9 }],
  ["names by @enum", "enum E { X = 1, Y }; struct S { unsigned char a; // @enum E\n};", "02", { a: "Y" }],
  ["no number", "struct S { float a; };", "0000c07f", { a: "NaN" }],
  ["members of an anonymous union", "struct S { union { unsigned a; float b; }; };", "0000803f", { a: 1065353216, b: 1 }],
  ["a flexible array by @count", "struct S { unsigned char n; short a[]; // @count n\n};", "02000100020003", { n: 2, a: [1, 2] }],
  [
    "an expression in @count",
    "struct S { unsigned char n; unsigned char a[]; // @count ((n - 1) * 2)\n};",
    "0201020304",
    { n: 2, a: "0102" },
  ],
  ["a flexible array without @count", "struct S { unsigned char n; char a[]; };", "02616263", { n: 2, a: "abc" }],
  [
    "texts without a fixed size, one behind the other",
    "struct T { unsigned char n; char t[]; // @count n\n}; struct S { char k; struct T a[]; };",
    "000161026263",
    {
      k: 0,
      a: [
        { n: 1, t: "a" },
        { n: 2, t: "bc" },
      ],
    },
  ],
  ["a name that every object has", "struct S { char __proto__; char constructor; };", "0102", { proto: 1, constructor: 2 }],
])("%s", async (_case, text, hex, fields) => {
  const decoded = await read(text, hex);
  expect([decoded.fields, decoded.problems]).toEqual([fields, []]);
});

test.each([
  ["a packet that is too short", "struct S { short a; short b; };", "0100", { a: 1 }, "b needs 2 bytes at 2, the packet has 0"],
  [
    "more elements than there are",
    "struct S { unsigned char n; char a[]; // @count n\n};",
    "0961",
    { n: 9, a: "a" },
    "a needs 9 bytes at 1, the packet has 1",
  ],
  [
    "a negative number of elements",
    "struct S { char n; char a[]; // @count n\n};",
    "ff61",
    { n: -1, a: "" },
    "a: its number of elements is -1",
  ],
])("%s is told", async (_case, text, hex, fields, problem) => {
  const decoded = await read(text, hex);
  expect([decoded.fields, decoded.problems]).toEqual([fields, [problem]]);
});

describe("opcodes", () => {
  const body = "{ int a; };\n";
  test.each([
    ["by the same name", `struct CMSG_MOVE ${body}`, "CMSG_MOVE"],
    ["by a name in small letters", `typedef struct ${body.trimEnd().slice(0, -1)} cmsg_move_t;`, "cmsg_move_t"],
    ["by a name with its kind behind", `struct CmsgMovePacket ${body}`, "CmsgMovePacket"],
    ["by @opcode", `enum Opcode { CMSG_MOVE = 7 };\n/* @opcode 7 */\nstruct walk ${body}`, "walk"],
  ])("a struct is found %s", async (_case, text, name) => {
    const { catalog } = await catalogOf(text);
    expect(catalog.structFor("CMSG_MOVE", 0)?.name).toBe(name);
  });

  test("a mapping file names opcodes and their structs, and says where it is wrong", async () => {
    const map = "# mine\n0x10 to_server WALK step\n- both STOP step\n0x11 up JUMP\n";
    const { catalog, problems } = await catalogOf({ "x.h": `struct step ${body}`, "x.opcodes": map });
    expect([catalog.nameOf(16, 0), catalog.nameOf(16, 1), catalog.structFor("STOP", 1)?.name]).toEqual(["WALK", undefined, "step"]);
    expect(problems).toEqual(["x.opcodes:4:6: error: up is no direction (write NUMBER to_server|to_client|both NAME [STRUCT])"]);
  });

  test("games see their own headers, or those that are nobody's", async () => {
    const headers = {
      "common.h": `struct A ${body}`,
      "mygame/packets.h": `struct B ${body}`,
      "other.h": `/* @game second */ struct C ${body}`,
    };
    const { catalog } = await catalogOf(headers);
    const names = (game: string): string[] => catalog.forGame(game).structs.map(({ name }) => name);
    expect([names("My-Game"), names("second"), names("third")]).toEqual([["B"], ["C"], ["A"]]);
  });
});

test("a header that is wrong after a change keeps its layouts of before; a right one replaces them", async () => {
  const before = await catalogOf({ "a.h": "struct A { int a; };", "b.h": "struct B { int b; };" });
  const after = await catalogOf({ "a.h": "struct A { int ", "b.h": "struct B { long b; };" }, { previous: before.catalog });
  expect(after.catalog.structs.map(({ name, record }) => `${name} ${record.size}`)).toEqual(["A 4", "B 8"]);
  expect(after.problems.at(-1)).toBe("a.h: warning: its layouts of before are kept (mend the errors)");
});

test("headers that are damaged anywhere are read or refused, and packets of any bytes too", async () => {
  const text = readFileSync(join(import.meta.dirname, "../../../catalog/example/lantern.h"), "utf8");
  const random = new Random(5);
  const pieces = [
    "{",
    "}",
    "(",
    ")",
    ";",
    "#if 1\n",
    "#define A A A\n",
    "A(",
    "*",
    "[",
    "]",
    "@count ",
    "/*",
    '"',
    "'",
    "\\\n",
    "struct ",
    "typedef ",
    ":3",
    "##",
    "\u00e9",
    "__attribute__((aligned(",
    '#include "x.h"\n',
  ];
  for (let round = 0; round < 60; round++) {
    let damaged = text;
    for (let cut = 0; cut < 1 + (round % 5); cut++) {
      const at = random.uint32() % damaged.length;
      damaged = damaged.slice(0, at) + pieces[random.uint32() % pieces.length] + damaged.slice(at + (random.uint32() % 12));
    }
    const { catalog } = await catalogOf(damaged);
    for (const struct of catalog.structs) {
      const bytes = Uint8Array.from({ length: random.uint32() % 80 }, () => random.uint32());
      expect(catalog.decode(struct, bytes).consumed).toBeLessThanOrEqual(bytes.length);
    }
  }
});
