import { refuse } from "./problem.ts";

/** One word of a rule's brackets: `name:value;`. Offsets count from the beginning of the rule's text. */
export interface Option {
  /** Lower case. */
  readonly name: string;
  readonly at: number;
  /** Without the blanks around it, quotes kept; `undefined` when there is no colon. */
  readonly value: string | undefined;
  /** Offset of the value; of the name when there is none. */
  readonly valueAt: number;
}

export interface HeaderWord {
  readonly text: string;
  readonly at: number;
}

export interface SplitRule {
  /** action, protocol, source, its ports, direction, target, its ports; fewer for headers without addresses. */
  readonly header: readonly HeaderWord[];
  /** Offset of the bracket that opens the options. */
  readonly optionsAt: number;
  readonly options: readonly Option[];
}

const SPACE = 32;
const TAB = 9;
const BACKSLASH = 92;

/** Cuts a rule's text into the words of its header and its options; what they mean is not looked at. */
export function splitRule(text: string): SplitRule {
  const [header, optionsAt] = headerWords(text);
  return { header, optionsAt, options: optionsOf(text, optionsAt + 1) };
}

/** Blanks part the words, but not inside of square brackets. */
function headerWords(text: string): [words: HeaderWord[], optionsAt: number] {
  const words: HeaderWord[] = [];
  let start = -1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 91) depth++;
    else if (code === 93) depth--;
    const blank = code === SPACE || code === TAB;
    const opens = code === 40 && depth <= 0;
    if (start >= 0 && ((blank && depth <= 0) || opens)) {
      words.push({ text: text.slice(start, at), at: start });
      start = -1;
    } else if (start < 0 && !blank && !opens) start = at;
    if (opens) return [words, at];
  }
  if (depth > 0) refuse(text.length, "a list in the header has no closing bracket", "close it with ]");
  return refuse(text.length, "the rule has no options", 'write them in round brackets behind the header: (msg:"…"; sid:1;)');
}

function optionsOf(text: string, from: number): Option[] {
  const end = text.length - 1;
  if (text.charCodeAt(end) !== 41 || end < from) refuse(text.length, "the rule does not end with )", "close the options with )");
  const options: Option[] = [];
  let at = skipBlanks(text, from, end);
  while (at < end) {
    const semicolon = endOfOption(text, at, end);
    if (semicolon < 0) refuse(at, `the option ${shorten(text.slice(at, end))} has no semicolon at its end`, "end every option with ;");
    options.push(optionAt(text, at, semicolon));
    at = skipBlanks(text, semicolon + 1, end);
  }
  return options;
}

/** Only a backslash protects a semicolon; quotes do not. */
function endOfOption(text: string, from: number, end: number): number {
  let at = text.indexOf(";", from);
  while (at >= 0 && at < end) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at;
    at = text.indexOf(";", at + 1);
  }
  return -1;
}

function optionAt(text: string, at: number, end: number): Option {
  let colon = text.indexOf(":", at);
  if (colon < 0 || colon > end) colon = end;
  const name = text.slice(at, colon).trimEnd().toLowerCase();
  if (name === "") refuse(at, "an option has no name", "write name:value;");
  if (colon === end) return { name, at, value: undefined, valueAt: at };
  const valueAt = skipBlanks(text, colon + 1, end);
  return { name, at, value: text.slice(valueAt, end).trimEnd(), valueAt };
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at++;
  return at;
}

/** Enough of a text to know it by, for messages. */
export const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
