import type { ByteTest, NumberFormat, Value } from "#engine/rules/signature.ts";
import type { Draft, Handlers } from "./draft.ts";
import { numberTest, uint64 } from "./number-test.ts";
import { refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { argumentOf, noValue, partsOf, valueOrVariable, wholeOf } from "./values.ts";

const offsetMax = 65_535;
const int32Max = 0x7fff_ffff;
const uint32Max = 0xffff_ffff;

type Of<Type extends ByteTest["type"]> = Extract<ByteTest, { readonly type: Type }>;

/** Words that read numbers out of bytes, and those about a buffer's length. */
export const byteHandlers: Handlers = {
  byte_test: (draft, option) => add(draft, byteTest(draft, option)),
  byte_jump: (draft, option) => add(draft, byteJump(draft, option)),
  byte_extract: (draft, option) => {
    const test = byteExtract(draft, option);
    add(draft, test);
    draft.variables.add(test.variable);
  },
  byte_math: (draft, option) => {
    const test = byteMath(draft, option);
    add(draft, test);
    draft.variables.add(test.result);
  },
  isdataat: (draft, option) => add(draft, isDataAt(draft, option)),
  bsize: (draft, option) => add(draft, bsize(draft, option)),
  entropy: (draft, option) => add(draft, entropy(option)),
  ftpbounce: (draft, option) => {
    noValue(option);
    add(draft, { type: "special", name: "ftpbounce", values: [] });
  },
  rpc: (draft, option) => add(draft, rpc(option)),
};

function add(draft: Draft, test: ByteTest): void {
  draft.add(test, "relative" in test && test.relative);
}

/** Flags that stand at the end of the `byte_` words. */
interface ByteFlags {
  relative: boolean;
  little: boolean;
  big: boolean;
  dce: boolean;
  string: boolean;
  base: "hex" | "dec" | "oct" | undefined;
  align: 0 | 2 | 4;
  multiplier: number;
  bitmask: number;
  postOffset: Value;
  from: "here" | "beginning" | "end";
}

const freshFlags = (): ByteFlags => ({
  relative: false,
  little: false,
  big: false,
  dce: false,
  string: false,
  base: undefined,
  align: 0,
  multiplier: 1,
  bitmask: 0,
  postOffset: 0,
  from: "here",
});

function flagsOf(draft: Draft, option: Option, words: readonly string[], allowed: string): ByteFlags {
  const flags = freshFlags();
  for (const word of words) {
    const [name = "", value] = word.trim().split(/\s+/, 2);
    if (!allowed.split(" ").includes(name))
      refuse(option.valueAt, `${option.name} has no word ${word}`, `its words are ${allowed.replaceAll(" ", ", ")}`);
    setFlag(draft, option, flags, name, value);
  }
  if (flags.base !== undefined && !flags.string) flags.string = true;
  if (flags.dce && (flags.little || flags.big || flags.string))
    refuse(option.valueAt, `${option.name}: dce knows its byte order`, "take little, big or string away");
  if (flags.little && flags.big) refuse(option.valueAt, `${option.name}: little and big exclude each other`, "take one away");
  return flags;
}

function setFlag(draft: Draft, option: Option, flags: ByteFlags, name: string, value: string | undefined): void {
  if (name === "relative" || name === "little" || name === "big" || name === "dce" || name === "string") flags[name] = true;
  else if (name === "hex" || name === "dec" || name === "oct") flags.base = name;
  else if (name === "from_beginning") flags.from = "beginning";
  else if (name === "from_end") flags.from = "end";
  else if (name === "multiplier") flags.multiplier = wholeOf(option, value ?? "", 1, 65_535);
  else if (name === "bitmask") flags.bitmask = wholeOf(option, prefixed(value ?? ""), 1, uint32Max);
  else if (name === "post_offset") flags.postOffset = valueOrVariable(draft, option, value ?? "", -offsetMax, offsetMax);
  else if (name === "align") {
    const align = value === undefined ? 4 : wholeOf(option, value, 2, 4);
    flags.align = align === 2 ? 2 : 4;
    if (align === 3) refuse(option.valueAt, `${option.name}: align is 2 or 4`, "write align 4");
  }
}

const prefixed = (text: string): string => (/^0x/i.test(text) ? text : `0x${text}`);

function formatOf(draft: Draft, option: Option, count: string, flags: ByteFlags, textMax = 23): NumberFormat {
  const most = flags.string ? textMax : 8;
  return {
    count: valueOrVariable(draft, option, count, option.name === "byte_jump" ? 0 : 1, most),
    little: flags.little,
    dce: flags.dce,
    text: flags.string ? (flags.base ?? plainBase(option.name)) : undefined,
  };
}

/** The base of a plain `string`: Suricata leaves it to the prefix in two of the words. */
const plainBase = (word: string): "auto" | "dec" => (word === "byte_test" || word === "byte_jump" ? "auto" : "dec");

const TEST_FLAGS = "relative little big dce string hex dec oct bitmask";

function byteTest(draft: Draft, option: Option): Of<"byte_test"> {
  const [count = "", comparison = "", value = "", offset = "", ...words] = partsOf(argumentOf(option, "2,>,1000,0"));
  const [, not, operator] = /^(!?)\s*(<=|>=|[<>=&^])?$/.exec(comparison) ?? [];
  if (not === undefined || (operator === undefined && not === ""))
    refuse(option.valueAt, `byte_test has no comparison ${comparison}`, "write < > <= >= = & ^, with ! before it when negated");
  const flags = flagsOf(draft, option, words, TEST_FLAGS);
  return {
    type: "byte_test",
    negated: not === "!",
    format: formatOf(draft, option, count, flags),
    operator: (operator ?? "=") as Of<"byte_test">["operator"],
    value: valueOrVariable(draft, option, value, 0, uint64),
    offset: valueOrVariable(draft, option, offset, -offsetMax, offsetMax),
    relative: flags.relative,
    bitmask: flags.bitmask,
  };
}

function byteJump(draft: Draft, option: Option): Of<"byte_jump"> {
  const [count = "", offset = "", ...words] = partsOf(argumentOf(option, "2,0,relative"));
  const flags = flagsOf(
    draft,
    option,
    words,
    "relative little big dce string hex dec oct bitmask align multiplier from_beginning from_end post_offset",
  );
  return {
    type: "byte_jump",
    format: formatOf(draft, option, count, flags),
    offset: valueOrVariable(draft, option, offset, -offsetMax, offsetMax),
    relative: flags.relative,
    multiplier: flags.multiplier,
    align: flags.align !== 0,
    from: flags.from,
    postOffset: flags.postOffset,
    bitmask: flags.bitmask,
  };
}

function byteExtract(draft: Draft, option: Option): Of<"byte_extract"> {
  const [count = "", offset = "", name = "", ...words] = partsOf(argumentOf(option, "2,0,length"));
  const flags = flagsOf(draft, option, words, "relative little big dce string hex dec oct align multiplier");
  return {
    type: "byte_extract",
    format: formatOf(draft, option, count, flags),
    offset: wholeOf(option, offset, -offsetMax, offsetMax),
    relative: flags.relative,
    variable: variableName(option, name),
    multiplier: flags.multiplier,
    align: flags.align,
  };
}

const MATH_WORDS = /^(bytes|offset|oper|rvalue|result|endian|string|bitmask|relative|dce)(?:\s+(.+))?$/;

function byteMath(draft: Draft, option: Option): Of<"byte_math"> {
  const found = new Map<string, string>();
  for (const part of partsOf(argumentOf(option, "bytes 2, offset 0, oper +, rvalue 1, result total"))) {
    const [, name, value] = MATH_WORDS.exec(part) ?? [];
    if (name === undefined)
      refuse(
        option.valueAt,
        `byte_math has no word ${part}`,
        "its words are bytes, offset, oper, rvalue, result, endian, string, bitmask, relative, dce",
      );
    if (found.has(name ?? "")) refuse(option.valueAt, `byte_math has ${name} twice`, "take one away");
    found.set(name ?? "", value?.trim() ?? "");
  }
  for (const name of ["bytes", "offset", "oper", "rvalue", "result"])
    if (!found.has(name)) refuse(option.valueAt, `byte_math lacks ${name}`, "write bytes N, offset N, oper +, rvalue N, result NAME");
  const operator = found.get("oper") ?? "";
  if (!["+", "-", "*", "/", "<<", ">>"].includes(operator))
    refuse(option.valueAt, `byte_math has no operator ${operator}`, "write + - * / << or >>");
  const flags = mathFlags(option, found);
  const value = valueOrVariable(draft, option, found.get("rvalue") ?? "", 0, uint32Max);
  if (operator === "/" && value === 0) refuse(option.valueAt, "byte_math divides by zero", "write another rvalue");
  return {
    type: "byte_math",
    format: formatOf(draft, option, found.get("bytes") ?? "", flags, 10),
    offset: valueOrVariable(draft, option, found.get("offset") ?? "", -offsetMax, offsetMax),
    relative: flags.relative,
    operator: operator as Of<"byte_math">["operator"],
    value,
    result: variableName(option, found.get("result") ?? ""),
    bitmask: flags.bitmask,
  };
}

function mathFlags(option: Option, found: ReadonlyMap<string, string>): ByteFlags {
  const flags = freshFlags();
  const endian = found.get("endian");
  if (endian !== undefined && !["big", "little"].includes(endian))
    refuse(option.valueAt, `byte_math: ${endian} is no byte order`, "write endian big or endian little");
  flags.little = endian === "little";
  flags.dce = found.has("dce");
  flags.relative = found.has("relative");
  const text = found.get("string");
  if (text !== undefined) {
    if (!["hex", "dec", "oct"].includes(text))
      refuse(option.valueAt, `byte_math: ${text} is no base`, "write string dec, string hex or string oct");
    flags.string = true;
    flags.base = text as "hex";
  }
  const mask = found.get("bitmask");
  if (mask !== undefined) flags.bitmask = wholeOf(option, prefixed(mask), 1, uint32Max);
  return flags;
}

function variableName(option: Option, name: string): string {
  return /^[a-zA-Z]\w*$/.test(name)
    ? name
    : refuse(option.valueAt, `${option.name}: ${name} is no name for a variable`, "begin it with a letter, then letters, digits and _");
}

function isDataAt(draft: Draft, option: Option): Of<"isdataat"> {
  const value = argumentOf(option, "10,relative");
  const negated = value.startsWith("!");
  const [at = "", ...words] = partsOf(negated ? value.slice(1) : value);
  for (const word of words)
    if (word !== "relative" && word !== "rawbytes")
      refuse(option.valueAt, `isdataat has no word ${word}`, "its words are relative and rawbytes");
  return {
    type: "isdataat",
    negated,
    at: valueOrVariable(draft, option, at, 0, offsetMax),
    relative: words.includes("relative"),
    raw: words.includes("rawbytes"),
  };
}

function bsize(draft: Draft, option: Option): Of<"bsize"> {
  if (draft.named === undefined)
    refuse(option.at, "bsize has no buffer to measure", "name a buffer before it, or use dsize for a packet's payload");
  const value = argumentOf(option, "10");
  const [, compare = "=", name = ""] = /^([<>=])?\s*([a-z_]\w*)$/i.exec(value) ?? [];
  if (draft.variables.has(name)) return { type: "bsize", test: { operator: "variable", compare: compare as "=", variable: name } };
  return { type: "bsize", test: numberTest(option, value, { high: uint64 }) };
}

function entropy(option: Option): Of<"entropy"> {
  const found = { bytes: 0, offset: 0 };
  let value: Pick<Of<"entropy">, "operator" | "value"> | undefined;
  for (const part of partsOf(argumentOf(option, "value > 7"))) {
    const [, name, operator, text = ""] = /^(bytes|offset|value)\s*(<=|>=|!=|==|[<>=])?\s*(.+)$/.exec(part) ?? [];
    const number = Number(text);
    if (name === undefined || !Number.isFinite(number))
      refuse(option.valueAt, `entropy: ${part} is not understood`, "write bytes N, offset N, value > 7.5");
    if (name === "value") value = { operator: operator === undefined || operator === "==" ? "=" : (operator as "="), value: number };
    else found[name as "bytes" | "offset"] = wholeOf(option, text, 0, int32Max);
  }
  if (value === undefined) return refuse(option.valueAt, "entropy has no value to compare with", "write value > 7.5");
  return { type: "entropy", ...found, ...value };
}

function rpc(option: Option): Of<"special"> {
  const parts = partsOf(argumentOf(option, "100000,2,3"));
  if (parts.length > 3) refuse(option.valueAt, "rpc takes a program, a version and a procedure", "write rpc:100000,*,3;");
  const values = parts.map((part, index) => (part === "*" && index > 0 ? undefined : wholeOf(option, part, 0, uint32Max)));
  return { type: "special", name: "rpc", values };
}
