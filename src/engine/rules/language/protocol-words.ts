import { nearestWord } from "#base/nearest-word.ts";
import { numberHolds } from "#engine/rules/judge/number.ts";
import type { NumberTest, WordTest } from "#engine/rules/signature.ts";
import type { Draft } from "./draft.ts";
import { numberOf, numberTest, uint64 } from "./number-test.ts";
import { lacking, refuse } from "./problem.ts";
import { type Option, shorten } from "./split-rule.ts";
import { argumentOf, partsOf, unquoted } from "./values.ts";
import type { WordFacts } from "./word-facts.ts";

/** Largest number in a word: 2^64 - 1. */
const limit = { high: uint64 };

/** Understands a word that a protocol has declared. */
export function protocolWord(draft: Draft, option: Option, word: WordFacts): void {
  if (word.unsupported !== undefined) lacking(option.at, `${word.name} is not supported: ${word.unsupported}`);
  if (word.type === "bytes") {
    const side = sideOf(draft, option);
    draft.use(word, option.at, side === undefined ? word.side : side);
    draft.select(word.name, word, option.at).side = side;
    return;
  }
  const { text, side } = withoutSide(
    draft,
    option,
    word.type === "flag" || word.type === "own" ? (option.value ?? "") : argumentOf(option, exampleOf(word)),
  );
  draft.use(word, option.at, side ?? word.side);
  for (const test of testsOf(option, word, text)) draft.wordTests.push(side === undefined ? test : { ...test, side });
}

/** A buffer of a packet's own headers. */
export function packetWord(draft: Draft, option: Option): void {
  if (option.value !== undefined && option.value !== "") refuse(option.valueAt, `${option.name} takes no value`, `write ${option.name};`);
  draft.select(option.name, undefined, option.at);
}

function exampleOf(word: WordFacts): string {
  const name = Object.keys(word.numbers ?? {})[0];
  return name ?? (word.type === "text" ? "value" : "5");
}

type Side = "toServer" | "toClient";
const SIDES: Readonly<Record<string, Side>> = { to_server: "toServer", to_client: "toClient" };

/** `http.connection: to_client;` says which side is meant where both have the buffer. */
function sideOf(draft: Draft, option: Option): Side | undefined {
  if (option.value === undefined || option.value === "") return undefined;
  const side = SIDES[option.value];
  if (side === undefined)
    return refuse(
      option.valueAt,
      `${option.name} takes no value ${shorten(option.value)}`,
      `write ${option.name}; and a content behind it`,
    );
  if (!draft.header.transactional)
    refuse(option.valueAt, `${option.name} names a side in a rule of one direction`, "use flow, or => in the header");
  return side;
}

function withoutSide(draft: Draft, option: Option, value: string): { readonly text: string; readonly side: Side | undefined } {
  const comma = value.indexOf(",");
  const side = comma < 0 ? undefined : SIDES[value.slice(0, comma).trim()];
  if (side === undefined) return { text: value, side };
  if (!draft.header.transactional)
    refuse(option.valueAt, `${option.name} names a side in a rule of one direction`, "use flow, or => in the header");
  return { text: value.slice(comma + 1).trim(), side };
}

/** The tests that a word's value asks for. */
export function testsOf(option: Option, word: WordFacts, value: string): WordTest[] {
  if (word.type === "flag") return [flagTest(option, word, value)];
  if (word.type === "text") return [textTest(option, word, value)];
  if (word.type === "flags") return flagsTests(option, word, value);
  if (word.type === "own") return [ownTest(option, word, value)];
  const text = unquoted(value);
  if (word.keyed === true) return [keyedTest(option, word, text)];
  return [isDate(word.name) ? dateTest(option, word, text) : integerTest(option, word, text)];
}

/** The word's protocol knows what its value says. */
function ownTest(option: Option, word: WordFacts, value: string): WordTest {
  const holds = word.read?.(unquoted(value)) ?? "its protocol does not say how";
  if (typeof holds === "string")
    return refuse(option.valueAt, `${option.name} is not understood: ${holds}`, `see docs/rule-words.md, ${word.name}`);
  return { word: word.name, negated: false, test: { operator: "own", holds } };
}

/** `alg_enc=7`, `alg_enc:>7`: one of the named numbers that a message has. */
function keyedTest(option: Option, word: WordFacts, text: string): WordTest {
  const [, key = "", value = ""] = /^([a-z_]\w*)\s*[=:]?\s*(.+)$/i.exec(text) ?? [];
  if (key === "" || value === "")
    refuse(option.valueAt, `${option.name} does not name a number: ${shorten(text)}`, `write ${option.name}:NAME=5;`);
  const test = numberTest(option, value, limit);
  const holds = (found: unknown): boolean =>
    typeof found === "string" && found.startsWith(`${key}=`) && numberHolds(test, Number(found.slice(key.length + 1)));
  return { word: word.name, negated: false, test: { operator: "own", holds } };
}

const TRUTH: Readonly<Record<string, boolean>> = { "": true, yes: true, true: true, "1": true, no: false, false: false, "0": false };

function flagTest(option: Option, word: WordFacts, value: string): WordTest {
  const negated = value.startsWith("!");
  const truth = TRUTH[(negated ? value.slice(1) : value).toLowerCase()];
  if (truth === undefined) refuse(option.valueAt, `${option.name} is not ${shorten(value)}`, `write ${option.name}; or ${option.name}:no;`);
  return { word: word.name, negated: negated === truth, test: { operator: "text", values: [] } };
}

function textTest(option: Option, word: WordFacts, value: string): WordTest {
  const negated = value.startsWith("!");
  const text = negated ? value.slice(1).trim() : value;
  const parts = text.startsWith('"') ? [unquoted(text)] : text.split(/[,|]/).map((part) => part.trim());
  if (parts.slice(1).some((part) => part.startsWith("!") !== negated))
    refuse(option.valueAt, `${option.name} mixes values with negated ones`, "negate all or none");
  const values = negated ? parts.map((part) => part.replace(/^!\s*/, "")) : parts;
  return { word: word.name, negated, test: { operator: "text", values } };
}

/** `dup,!retain`: all of the first, none of the second; `+`, `*` and `=` before it: all, any, exactly. */
function flagsTests(option: Option, word: WordFacts, value: string): WordTest[] {
  const text = unquoted(value);
  const names = { high: uint64, names: word.numbers };
  if (/^[<>=&\d]|^!\s*[=&\d]/.test(text)) return [{ word: word.name, negated: false, test: numberTest(option, text, names) }];
  const sign = /^[+*]/.exec(text)?.[0] ?? "";
  let set = 0;
  let clear = 0;
  for (const part of partsOf(text.slice(sign.length))) {
    const not = part.startsWith("!");
    const bit = Number(numberOf(option, not ? part.slice(1).trim() : part, names));
    if (not) clear |= bit;
    else set |= bit;
  }
  const tests: WordTest[] = [];
  if (set !== 0) tests.push({ word: word.name, negated: false, test: { operator: sign === "*" ? "&" : "all", value: set >>> 0 } });
  if (clear !== 0) tests.push({ word: word.name, negated: false, test: { operator: "!&", value: clear >>> 0 } });
  return tests;
}

/** Numbers; where a message may have several, which of them is said behind a comma. */
function integerTest(option: Option, word: WordFacts, text: string): WordTest {
  const limits = { ...limit, names: word.numbers };
  const [first = "", ...rest] = partsOf(text);
  const which = rest.length === 1 && word.several === true ? whichOf(option, rest[0] ?? "") : undefined;
  if (which !== undefined) return { word: word.name, negated: false, test: numberTest(option, first, limits), which };
  if (rest.length === 0) return { word: word.name, negated: false, test: numberTest(option, first, limits) };
  const negated = first.startsWith("!");
  const ranges = [negated ? first.slice(1) : first, ...rest].map((part) => rangeOf(option, part, limits));
  return { word: word.name, negated, test: { operator: "ranges", ranges } };
}

/** `3` or `0-11`, both ends included, as in the lists of `dcerpc.opnum`. */
export function rangeOf(
  option: Option,
  text: string,
  limits: { readonly high: number; readonly names?: WordFacts["numbers"] },
): readonly [number, number] {
  const [, low = text, high] = /^(\d+)\s*-\s*(\d+)$/.exec(text) ?? [];
  const first = Number(numberOf(option, low, limits));
  const last = high === undefined ? first : Number(numberOf(option, high, limits));
  if (first > last) refuse(option.valueAt, `${option.name}: the range ${text} is upside down`, `write ${last}-${first}`);
  return [first, last];
}

function whichOf(option: Option, text: string): NonNullable<WordTest["which"]> | undefined {
  if (text === "any" || text === "all" || text === "all1" || text === "or_absent") return text;
  if (/^-?\d+$/.test(text)) return { index: Number(text) };
  const [, count] = /^(?:nb|count)\s*(.+)$/.exec(text) ?? [];
  return count === undefined ? undefined : { count: numberTest(option, count, limit) };
}

const isDate = (name: string): boolean => /not_?(before|after)$/.test(name);

/** `<2025-01-01`, `2024<>2026`, `>2015-10-01T23:40`: seconds since 1970 in UTC. */
function dateTest(option: Option, word: WordFacts, text: string): WordTest {
  const [, sign = "", low = "", high] = /^([<>]?=?)\s*([\dT:-]+?)\s*(?:<>\s*([\dT:-]+))?$/.exec(text) ?? [];
  const from = secondsOf(option, low);
  const test: NumberTest =
    high === undefined
      ? { operator: sign === "" ? "=" : (sign as ">"), value: from }
      : { operator: "range", low: from, high: secondsOf(option, high) };
  return { word: word.name, negated: false, test };
}

function secondsOf(option: Option, text: string): number {
  if (/^\d{5,}$/.test(text)) return Number(text);
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00"] =
    /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d))?(?::(\d\d))?(?::(\d\d))?$/.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time)
    ? refuse(option.valueAt, `${option.name}: ${shorten(text)} is no date`, "write 2025-01-31 or 2025-01-31T12:00:00")
    : time / 1000;
}

/** Refuses a word that nobody knows; `names` are all that are known. */
export function unknownWord(option: Option, names: Iterable<string>): never {
  const name = nearestWord(option.name, names);
  const mend = name === undefined ? "see docs/rule-words.md for the words there are" : `did you mean ${name}?`;
  return lacking(option.at, `${option.name} is no word that is known here`, mend);
}
