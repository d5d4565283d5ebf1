import type { PcreTest } from "#engine/rules/signature.ts";
import type { Draft, Handlers } from "./draft.ts";
import { readPattern } from "./pattern.ts";
import { lacking, refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { argumentOf, unquoted } from "./values.ts";

/** Letters behind the pattern that name the buffer it looks into. */
const BUFFERS: Readonly<Record<string, string>> = {
  U: "http.uri",
  I: "http.uri.raw",
  P: "http.request_body",
  Q: "http.response_body",
  H: "http.header",
  D: "http.header.raw",
  M: "http.method",
  C: "http.cookie",
  S: "http.stat_code",
  Y: "http.stat_msg",
  V: "http.user_agent",
  W: "http.host",
  Z: "http.host.raw",
};

/** Letters that the pattern language itself has. */
const LANGUAGE = "imsxAEG";
const NOT_LANGUAGE = /[^imsxAEG]/g;
/** `R` relative, `B` raw bytes, `O` without limits of its own. */
const OWN = "RBO";

export const patternHandlers: Handlers = { pcre: addPattern };

function addPattern(draft: Draft, option: Option): void {
  const { text, negated, at } = patternText(option);
  const [, pattern, letters = "", variables] = /^\/(.*)\/([a-zA-Z]*)\s*(?:,(.*))?$/s.exec(text) ?? [];
  if (pattern === undefined) refuse(at, "the pattern is not between slashes", 'write pcre:"/pattern/";');
  const letterAt = at + 2 + pattern.length;
  const buffer = bufferOf(draft, option, letters, letterAt);
  const into =
    buffer === undefined || draft.named !== undefined ? draft.buffer.tests : draft.buffers.find((one) => one.name === buffer)?.tests;
  if (letters.includes("R") && (into === undefined || into.length === 0))
    refuse(letterAt, "a relative pattern has no match before it", "take the flag R away");
  const flags = letters.replaceAll(NOT_LANGUAGE, "");
  const compiled = readPattern(pattern, flags, at + 1);
  const test: PcreTest = {
    type: "pcre",
    negated,
    relative: letters.includes("R"),
    pattern,
    compiled: compiled.pattern,
    captures: capturesOf(option, compiled.names, variables),
    required: negated ? undefined : compiled.required,
  };
  if (buffer === undefined || draft.named !== undefined) draft.add(test);
  else draft.testOf(buffer, draft.around.words.names.get(buffer), option.at, test);
}

/** Quotes may be left away. */
function patternText(option: Option): { readonly text: string; readonly negated: boolean; readonly at: number } {
  const value = argumentOf(option, '"/pattern/"');
  const negated = value.startsWith("!");
  const quoted = negated ? value.slice(1).trimStart() : value;
  const text = unquoted(quoted);
  return { text, negated, at: option.valueAt + value.length - quoted.length + (text === quoted ? 0 : 1) };
}

function bufferOf(draft: Draft, option: Option, letters: string, at: number): string | undefined {
  let buffer: string | undefined;
  for (const [index, letter] of letters.split("").entries()) {
    if (LANGUAGE.includes(letter) || OWN.includes(letter)) continue;
    const name = BUFFERS[letter];
    if (name === undefined)
      return refuse(
        at + index,
        `a pattern has no flag ${letter}`,
        `its flags are ${LANGUAGE}${OWN} and those of buffers: ${Object.keys(BUFFERS).join("")}`,
      );
    if (buffer !== undefined) refuse(at + index, "a pattern looks into one buffer", "take a flag away");
    buffer = name;
  }
  if (buffer === undefined) return undefined;
  if (draft.named !== undefined && draft.named.name !== buffer)
    refuse(at, `a pattern behind ${draft.named.name} has a flag for ${buffer}`, "take the flag away, or name the buffer before it");
  const word = draft.around.words.names.get(buffer);
  if (word === undefined) lacking(at, `nothing here knows the buffer ${buffer}`, "is the protocol switched off?");
  else draft.use(word, option.at);
  return buffer;
}

/** Groups that are kept: by their name in the pattern (`(?P<flow_x>…)`), or in order by the names behind it. */
function capturesOf(option: Option, names: ReadonlyMap<string, number>, variables: string | undefined): PcreTest["captures"] {
  const captures: { scope: "flow" | "pkt" | "alert"; name: string; group: number }[] = [];
  for (const [name, group] of names) {
    const [, scope, rest] = /^(flow|pkt|alert)_(\w+)$/.exec(name) ?? [];
    if (scope !== undefined && rest !== undefined) captures.push({ scope: scope as "flow", name: rest, group });
  }
  let group = 0;
  for (const part of variables?.split(",") ?? []) {
    const [, scope, name] = /^\s*(flow|pkt|alert)\s*:\s*(\w+)\s*$/.exec(part) ?? [];
    if (scope === undefined || name === undefined)
      return refuse(option.valueAt, `the pattern's variable ${part.trim()} is not understood`, 'write pcre:"/(.*)/, flow:name";');
    captures.push({ scope: scope as "flow", name, group: ++group });
  }
  return captures;
}
