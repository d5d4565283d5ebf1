import { combine32, mix32 } from "#base/hash.ts";
import { compilePcre } from "#engine/match/pcre.ts";
import { contextNames, isContext } from "./contexts.ts";
import {
  type Keyword,
  type KeywordDirection,
  type KeywordKind,
  type KeywordList,
  type KeywordPlace,
  type KeywordSeverity,
  type KeywordTrouble,
  keywordDirections,
  keywordKinds,
  keywordSeverities,
} from "./keyword.ts";
import { patternOf } from "./pattern.ts";
import { quote, type Token, tokensOf } from "./tokens.ts";

const keywordsMax = 100_000;
const patternCharactersMax = 4096;
/** Fewer plain characters than this are in too much traffic to be searched for. */
const literalBytesMin = 2;

export interface ParsedKeywords {
  readonly keywords: readonly Keyword[];
  readonly troubles: readonly KeywordTrouble[];
}

/** Reads lists, one after the other: `off SID` in a later one turns a keyword of an earlier one off. */
export function parseKeywords(lists: readonly KeywordList[]): ParsedKeywords {
  const keywords: Keyword[] = [];
  const troubles: KeywordTrouble[] = [];
  const off = new Map<number, KeywordPlace>();
  const known = new Map<number, Keyword>();
  for (const { name, text } of lists)
    for (const [index, line] of text
      .replace(/^\ufeff/, "")
      .split("\n")
      .entries()) {
      const place = { file: name, line: index + 1 };
      const read = readLine(line, place);
      if (read === undefined) continue;
      if ("cause" in read) troubles.push(read);
      else if ("off" in read) off.set(read.off, place);
      else if (known.has(read.sid)) troubles.push(twice(read, known.get(read.sid) as Keyword));
      else if (keywords.length >= keywordsMax)
        troubles.push({ place, column: 1, cause: "there are too many keywords", mend: `at most ${keywordsMax} are looked for` });
      else {
        known.set(read.sid, read);
        keywords.push(read);
      }
    }
  for (const [sid, place] of off)
    if (!known.has(sid))
      troubles.push({ place, column: 5, cause: `no keyword has the number ${sid}`, mend: "`oddwire keywords list` shows the numbers" });
  return { keywords: keywords.map((keyword) => (off.has(keyword.sid) ? { ...keyword, isOn: false } : keyword)), troubles };
}

const twice = ({ place }: Keyword, { place: first }: Keyword): KeywordTrouble => ({
  place,
  column: 1,
  cause: `the same keyword stands in ${first.file} line ${first.line}`,
  mend: "leave one of the two out",
});

type Line = Keyword | KeywordTrouble | { readonly off: number } | undefined;

/** One line; `undefined` when it is empty or a comment. */
export function readLine(raw: string, place: KeywordPlace): Line {
  const line = raw.replace(/\r$/, "");
  const tokens = tokensOf(line);
  if ("cause" in tokens) return { place, ...tokens };
  const [first, second] = tokens;
  if (first === undefined) return undefined;
  const trouble = (column: number, cause: string, mend: string): KeywordTrouble => ({ place, column, cause, mend });
  if (first.name === undefined && first.value === "off") {
    const sid = Number(second?.value);
    return second !== undefined && Number.isSafeInteger(sid) && tokens.length === 2
      ? { off: sid }
      : trouble(second?.column ?? line.length + 1, "`off` wants the number of one keyword", "`oddwire keywords list` shows the numbers");
  }
  if (first.name !== undefined || !isKind(first.value))
    return trouble(
      first.column,
      `${JSON.stringify(first.value)} is no kind of keyword`,
      `begin the line with ${keywordKinds.join(", ")} or off`,
    );
  if (second === undefined || second.name !== undefined)
    return trouble(
      second?.column ?? line.length + 1,
      `the ${first.value} is missing`,
      `write ${first.value} ${first.value === "regex" ? "/…/i" : '"…"'} and then options`,
    );
  const options = optionsOf(tokens.slice(2), place);
  if ("cause" in options) return options;
  return keywordOf(first.value, second, options, place);
}

const isKind = (text: string): text is KeywordKind => (keywordKinds as readonly string[]).includes(text);

interface Options {
  contexts: string[];
  isCaseSensitive: boolean | undefined;
  direction: KeywordDirection;
  ports: (readonly [number, number])[];
  severity: KeywordSeverity;
  suffix: string;
  note: string;
}

function optionsOf(tokens: readonly Token[], place: KeywordPlace): Options | KeywordTrouble {
  const options: Options = {
    contexts: [],
    isCaseSensitive: undefined,
    direction: "both",
    ports: [],
    severity: "medium",
    suffix: "",
    note: "",
  };
  for (const token of tokens) {
    const refused = setOption(options, token);
    if (refused !== undefined) return { place, column: token.column, cause: refused[0], mend: refused[1] };
  }
  return options;
}

const optionNames = "context=, case=, direction=, port=, severity=, arguments=, note=";

/** Returns cause and mend when the option is wrong. */
function setOption(options: Options, { name, shape, value, flags }: Token): readonly [string, string] | undefined {
  switch (name) {
    case undefined:
      return [`${JSON.stringify(value)} is no option`, `options are ${optionNames}; comments begin with #`];
    case "context": {
      const names = value.split(",");
      const unknown = names.find((one) => !isContext(one) && one !== "any");
      if (unknown !== undefined) return [`there is no context ${unknown}`, `one of any, ${contextNames.join(", ")}`];
      options.contexts = names.includes("any") ? [] : names;
      return undefined;
    }
    case "case":
      if (value !== "yes" && value !== "no") return [`case=${value} is neither yes nor no`, "case=yes tells capitals apart"];
      options.isCaseSensitive = value === "yes";
      return undefined;
    case "direction":
      if (!(keywordDirections as readonly string[]).includes(value))
        return [`there is no direction ${value}`, `one of ${keywordDirections.join(", ")}`];
      options.direction = value as KeywordDirection;
      return undefined;
    case "port": {
      const ports = value.split(",").map((part) => portsOf(part));
      if (ports.includes(undefined)) return [`${value} is no list of ports`, "write port=80,8000-8100"];
      options.ports = ports as [number, number][];
      return undefined;
    }
    case "severity":
      if (!Object.hasOwn(keywordSeverities, value))
        return [`there is no severity ${value}`, `one of ${Object.keys(keywordSeverities).join(", ")}`];
      options.severity = value as KeywordSeverity;
      return undefined;
    case "arguments":
      if (shape !== "regex" || flags !== "") return ["arguments= wants an expression", "write arguments=/https?:/"];
      options.suffix = value;
      return undefined;
    case "note":
      options.note = value;
      return undefined;
    default:
      return [`there is no option ${name}=`, `options are ${optionNames}`];
  }
}

function portsOf(text: string): [number, number] | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return to > 65_535 || from > to ? undefined : [from, to];
}

function keywordOf(kind: KeywordKind, token: Token, options: Options, place: KeywordPlace): Keyword | KeywordTrouble {
  const trouble = (cause: string, mend: string): KeywordTrouble => ({ place, column: token.column, cause, mend });
  if ((kind === "regex") !== (token.shape === "regex"))
    return trouble(
      `a ${kind} is written ${kind === "regex" ? "between slashes" : "in quotes"}`,
      kind === "regex" ? "regex /…/i" : `${kind} "…"`,
    );
  const flags = token.flags;
  if (/[^ims]/.test(flags) || new Set(flags).size < flags.length)
    return trouble(`the flags ${flags} are none`, "i: no case, m: lines, s: dots match line ends");
  if (options.suffix !== "" && kind !== "command") return trouble(`a ${kind} has no arguments`, "arguments= belongs to `command`");
  const pattern = kind === "hex" ? token.value.replaceAll(/\s/g, "").toLowerCase() : kind === "regex" ? token.value : token.value.trim();
  if (pattern === "" || pattern.length > patternCharactersMax)
    return trouble(`the ${kind} is ${pattern === "" ? "empty" : "too long"}`, `write 1 to ${patternCharactersMax} characters`);
  if (kind === "hex" && !/^(?:[0-9a-f]{2})+$/.test(pattern))
    return trouble("these are no bytes", 'write pairs of hexadecimal digits: hex "7f 45 4c 46"');
  if (kind === "word" && /\s/.test(pattern)) return trouble("a word has no spaces", `phrase ${quote(pattern)}`);
  const isCaseSensitive = kind === "hex" || (kind === "regex" ? !flags.includes("i") : (options.isCaseSensitive ?? false));
  const keyword = { kind, pattern, flags: kind === "regex" ? flags.replace("i", "") : "", ...options, isCaseSensitive };
  const made: Keyword = { ...keyword, place, isOn: true, sid: numberOf(keyword), text: textOf(keyword) };
  try {
    const { source, flags: all, literals } = patternOf(made);
    const compiled = compilePcre(source, all);
    if ("error" in compiled) return trouble(compiled.error.cause, compiled.error.mend);
    const tested = new RegExp(source, all);
    if (tested.test("")) return trouble("it matches nothing at all, everywhere", "write what must be there");
    if (literals.length === 0 || literals.some((literal) => literal.length < literalBytesMin))
      return trouble(
        `it holds no ${literalBytesMin} plain characters in a row that are always there`,
        "add some: everything would have to be tried at every byte of the traffic",
      );
  } catch (error) {
    return trouble((error as Error).message, "see the regular expressions of JavaScript");
  }
  return made;
}

type Matched = Omit<Keyword, "place" | "isOn" | "sid" | "text">;

/** A number of 31 bits, from what decides over matches: the note and severity may change, and it stays. */
function numberOf(keyword: Matched): number {
  const { kind, pattern, flags, suffix, contexts, isCaseSensitive, direction, ports } = keyword;
  const text = JSON.stringify([kind, pattern, flags, suffix, contexts.toSorted(), isCaseSensitive, direction, ports]);
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = combine32(hash, text.charCodeAt(i));
  return mix32(hash ^ text.length) & 0x7fffffff || 1;
}

function textOf({ kind, pattern, flags, suffix, contexts, isCaseSensitive, direction, ports, severity, note }: Matched): string {
  const isRegex = kind === "regex";
  const words = [
    kind,
    isRegex
      ? `/${pattern}/${isCaseSensitive ? "" : "i"}${flags}`
      : quote(kind === "hex" ? (pattern.match(/../g) ?? []).join(" ") : pattern),
  ];
  if (suffix !== "") words.push(`arguments=/${suffix}/`);
  if (contexts.length > 0) words.push(`context=${contexts.join(",")}`);
  if (!isRegex && kind !== "hex" && isCaseSensitive) words.push("case=yes");
  if (direction !== "both") words.push(`direction=${direction}`);
  if (ports.length > 0) words.push(`port=${ports.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(",")}`);
  words.push(`severity=${severity}`);
  if (note !== "") words.push(`note=${quote(note)}`);
  return words.join(" ");
}
