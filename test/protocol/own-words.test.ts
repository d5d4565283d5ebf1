import { describe, expect, test } from "vitest";
import { protocols } from "#protocols/registry.generated.ts";
import { readRuleNumber } from "#schema/rule-number.ts";

const words = new Map(protocols.flatMap((plugin) => plugin.words ?? []).map((word) => [word.name, word] as const));

const reading = {
  unit_id: 10,
  function_raw: 1,
  access_type: "READ | COILS",
  category: "PUBLIC_ASSIGNED",
  read: { address: 1, quantity: 3 },
};
const writing = {
  unit_id: 1,
  function_raw: 16,
  access_type: "WRITE | HOLDING | MULTIPLE",
  category: "PUBLIC_ASSIGNED",
  write: { address: 500, quantity: 2, values: "\x00\x05\x07\xd1" },
};

describe("words with a syntax of their own", () => {
  test.each([
    ["a function by number", "modbus", "function 1", reading, true],
    ["another function", "modbus", "function 2", reading, false],
    ["a category of functions", "modbus", "function assigned", reading, true],
    ["all but a category", "modbus", "function !assigned", reading, false],
    ["a unit above a number", "modbus", "unit >9", reading, true],
    ["a unit that is not above", "modbus", "unit >10", reading, false],
    ["a way of access", "modbus", "access write", reading, false],
    ["all at once", "modbus", "unit >9, access read coils, address 0<>2", reading, true],
    ["an address that is not read", "modbus", "access read, address >3", reading, false],
    ["a value among registers", "modbus", "access write holding, address 501, value >2000", writing, true],
    ["no value that is so large", "modbus", "access write holding, value >2001", writing, false],
    ["a procedure by name", "nfs_procedure", "statfs", { version: 2, procedure: "STATFS" }, true],
    ["a procedure by number", "nfs_procedure", "17", { version: 2, procedure: "STATFS" }, true],
    ["the same number of another version", "nfs_procedure", "17", { version: 3, procedure: "READ" }, false],
    ["a procedure in a range", "nfs_procedure", "1-8", { version: 3, procedure: "READ" }, true],
  ] as const)("%s: %s:%s", (_case, name, argument, value, holds) => {
    const read = words.get(name)?.read?.(argument);
    if (typeof read !== "function") throw new Error(String(read));
    expect(read(value)).toBe(holds);
  });

  test.each([
    ["modbus", "functions 3"],
    ["modbus", "access readwrite"],
    ["modbus", "unit x"],
  ])("%s does not take %s, and says why", (name, argument) => {
    expect(words.get(name)?.read?.(argument)).toMatch(/\w+ \w+/);
  });
});

describe("numbers", () => {
  test.each([
    ["5", [5], [4, 6]],
    ["!5", [4], [5]],
    [">5", [6], [5]],
    ["<=5", [5], [6]],
    ["!=5", [6], [5]],
    ["3-5", [3, 5], [2, 6]],
    ["3<>5", [4], [3, 5]],
    ["0x10", [16], [10]],
    ["read", [1], [0]],
  ])("%s", (text, inside, outside) => {
    const number = readRuleNumber(text, { read: 1 });
    expect(inside.map((one) => number?.(one))).toEqual(inside.map(() => true));
    expect(outside.map((one) => number?.(one))).toEqual(outside.map(() => false));
  });

  test.each(["", "x", "1-", "<>", ">x", "1<>x"])("%s is none", (text) => expect(readRuleNumber(text)).toBeUndefined());
});
