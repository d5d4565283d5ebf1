import { type RuleNumberTest, readRuleNumber } from "#schema/rule-number.ts";
import { ownWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";

interface Request {
  readonly unit_id: number;
  readonly function_raw: number;
  readonly access_type: string;
  readonly category: string;
  readonly diagnostic?: { readonly raw: number };
  readonly mei?: { readonly raw: number };
  readonly read?: { readonly address?: number; readonly quantity?: number };
  readonly write?: { readonly address?: number; readonly quantity?: number; readonly data?: number; readonly values?: string };
}
type Test = (request: Request) => boolean;

const categories: Readonly<Record<string, readonly string[]>> = {
  assigned: ["PUBLIC_ASSIGNED"],
  unassigned: ["PUBLIC_UNASSIGNED"],
  public: ["PUBLIC_ASSIGNED", "PUBLIC_UNASSIGNED"],
  user: ["USER_DEFINED"],
  reserved: ["RESERVED"],
  all: ["PUBLIC_ASSIGNED", "PUBLIC_UNASSIGNED", "USER_DEFINED", "RESERVED"],
};
/** Words of an access, as `access_type` spells them. */
const places: Readonly<Record<string, string>> = { discretes: "DISCRETES", coils: "COILS", input: "INPUT", holding: "HOLDING" };

/** `function 8`, `function !assigned`. */
function functionTest(argument: string): Test | undefined {
  const number = /^\d+$/.test(argument) ? Number(argument) : undefined;
  if (number !== undefined) return ({ function_raw }) => function_raw === number;
  const names = categories[argument.replace(/^!/, "").toLowerCase()];
  return names && (({ category }) => category.split(" | ").some((one) => names.includes(one)) !== argument.startsWith("!"));
}

function subfunctionTest(argument: string): Test | undefined {
  const number = readRuleNumber(argument);
  return number && (({ diagnostic, mei }) => number(diagnostic?.raw ?? mei?.raw ?? -1));
}

/** `access read`, `access write holding`. */
function accessTest(argument: string): Test | undefined {
  const [way = "", place] = argument.toLowerCase().split(/\s+/);
  if ((way !== "read" && way !== "write") || (place !== undefined && places[place] === undefined)) return undefined;
  return ({ access_type }) => {
    const parts = access_type.split(" | ");
    return parts.includes(way.toUpperCase()) && (place === undefined || parts.includes(places[place] as string));
  };
}

/** `address 0<>2`: one of the places that are read or written. Rules count them from 1, messages from 0. */
function addressTest(argument: string, isWrite: boolean): Test | undefined {
  const number = readRuleNumber(argument);
  if (number === undefined) return undefined;
  return ({ read, write }) => {
    const { address, quantity = 1 } = (isWrite ? write : read) ?? {};
    return address !== undefined && someOf(address + 1, Math.min(quantity, placesMax), number);
  };
}

/** Places of one request, at most those that fit into a message. */
const placesMax = 2048;
function someOf(first: number, count: number, test: RuleNumberTest): boolean {
  for (let place = first; place < first + Math.max(1, count); place++) if (test(place)) return true;
  return false;
}

/** `value >5`: the value of a single write, or one of several registers. */
function valueTest(argument: string): Test | undefined {
  const number = readRuleNumber(argument);
  if (number === undefined) return undefined;
  return ({ write }) => {
    if (write?.data !== undefined) return number(write.data);
    const values = write?.values ?? "";
    for (let i = 0; i + 1 < values.length; i += 2) if (number(values.charCodeAt(i) * 256 + values.charCodeAt(i + 1))) return true;
    return false;
  };
}

function unitTest(argument: string): Test | undefined {
  const number = readRuleNumber(argument);
  return number && (({ unit_id }) => number(unit_id));
}

const readers: Readonly<Record<string, (argument: string, isWrite: boolean) => Test | undefined>> = {
  unit: unitTest,
  function: functionTest,
  subfunction: subfunctionTest,
  access: accessTest,
  address: addressTest,
  value: valueTest,
};

/** `unit 10, function 1`, `access write holding, address 500, value >2000`. */
function readModbus(argument: string): ((value: unknown) => boolean) | string {
  const tests: Test[] = [];
  let isWrite = false;
  for (const part of argument.split(",").map((one) => one.trim())) {
    const [, what = "", rest = ""] = /^(\w+)\s*(.*)$/.exec(part) ?? [];
    if (what === "access") isWrite = /^write/i.test(rest);
    const test = readers[what]?.(rest, isWrite);
    if (test === undefined) return `${part} is none of unit, function, subfunction, access, address, value with what they take`;
    tests.push(test);
  }
  return (value) => tests.every((test) => test(value as Request));
}

export const modbusWords: readonly RuleWord[] = [
  ownWord("modbus", ["modbus"], "toServer", "Unit, function, access, address and value of a request.", readModbus, {
    from: pathsBySide("modbus", ["request"], []),
  }),
];
