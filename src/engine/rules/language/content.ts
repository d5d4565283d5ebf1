import type { Content } from "#engine/rules/signature.ts";
import type { Draft, Handlers, Mutable } from "./draft.ts";
import { lacking, refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { argumentOf, lowered, noValue, partsOf, pushUtf8, quotedOf, valueOrVariable, wholeOf } from "./values.ts";

/** Largest offset, depth, distance and within. */
const placeMax = 1_048_576;
/** Longest literal. */
const literalBytesMax = 255;

/** `content` and the words that stand behind it. */
export const contentHandlers: Handlers = {
  content: (draft, option) => {
    const { text, negated, at } = quotedOf(option, '"text"');
    addContent(draft, (content) => draft.add(content), literalOf(option, text, at), negated);
    draft.contentBuffer = draft.buffer;
  },
  nocase: (draft, option) => {
    noValue(option);
    const content = contentOf(draft, option);
    if (content.nocase) refuse(option.at, "the content has two nocases", "take one away");
    content.nocase = true;
    content.literal = lowered(content.literal);
  },
  rawbytes: (draft, option) => {
    noValue(option);
    contentOf(draft, option);
    if (draft.named !== undefined) refuse(option.at, `rawbytes has no meaning in ${draft.named.name}`, "take it away");
  },
  depth: (draft, option) => {
    const content = absolute(draft, option, "depth");
    if (content.depth !== undefined) refuse(option.at, "the content has two depths", "take one away");
    const depth = valueOrVariable(draft, option, argumentOf(option, "20"), 0, placeMax);
    if (typeof depth === "number" && depth < content.literal.length)
      refuse(
        option.valueAt,
        `depth ${depth} is smaller than the content's ${content.literal.length} bytes`,
        `write depth:${content.literal.length}; or more`,
      );
    content.depth = depth;
  },
  offset: (draft, option) => {
    const content = absolute(draft, option, "offset");
    if (draft.placed) refuse(option.at, "the content has two offsets", "take one away");
    content.offset = valueOrVariable(draft, option, argumentOf(option, "4"), 0, placeMax);
    draft.placed = true;
  },
  distance: (draft, option) => {
    const content = relative(draft, option);
    if (draft.distant) refuse(option.at, "the content has two distances", "take one away");
    draft.distant = true;
    content.distance = valueOrVariable(draft, option, argumentOf(option, "0"), -placeMax, placeMax);
    content.relative = true;
  },
  within: (draft, option) => {
    const content = relative(draft, option);
    if (content.within !== undefined) refuse(option.at, "the content has two withins", "take one away");
    const within = valueOrVariable(draft, option, argumentOf(option, "20"), -placeMax, placeMax);
    if (typeof within === "number" && within < content.literal.length)
      refuse(
        option.valueAt,
        `within ${within} is smaller than the content's ${content.literal.length} bytes`,
        `write within:${content.literal.length}; or more`,
      );
    content.within = within;
    content.relative = true;
  },
  startswith: (draft, option) => {
    noValue(option);
    const content = contentOf(draft, option);
    if (content.relative || content.depth !== undefined || draft.placed)
      refuse(option.at, "startswith cannot stand with depth, offset, distance or within", "take the others away");
    content.depth = content.literal.length;
    draft.placed = true;
  },
  endswith: (draft, option) => {
    noValue(option);
    const content = contentOf(draft, option);
    content.endswith = true;
  },
  fast_pattern: fastPattern,
  replace: (_draft, option) => lacking(option.at, "replace changes packets, which Oddwire never does", "take replace away"),
};

/** Makes a content and puts it where it belongs; the words behind it are about it. */
export function addContent(draft: Draft, put: (content: Content) => void, literal: Uint8Array, negated: boolean): Mutable<Content> {
  const content: Mutable<Content> = {
    type: "content",
    literal,
    nocase: false,
    negated,
    offset: 0,
    depth: undefined,
    relative: false,
    distance: 0,
    within: undefined,
    endswith: false,
    fastPattern: false,
    chop: undefined,
  };
  put(content);
  draft.content = content;
  draft.placed = false;
  draft.distant = false;
  return content;
}

function contentOf(draft: Draft, option: Option): Mutable<Content> {
  return draft.content ?? refuse(option.at, `${option.name} has no content before it`, `write content:"…"; ${option.name};`);
}

function absolute(draft: Draft, option: Option, word: string): Mutable<Content> {
  const content = contentOf(draft, option);
  if (content.relative)
    refuse(option.at, `${word} cannot stand with distance or within`, "count from the beginning or from the last match, not both");
  return content;
}

function relative(draft: Draft, option: Option): Mutable<Content> {
  const content = contentOf(draft, option);
  if (content.depth !== undefined || draft.placed)
    refuse(
      option.at,
      `${option.name} cannot stand with depth, offset or startswith`,
      "count from the beginning or from the last match, not both",
    );
  return content;
}

function fastPattern(draft: Draft, option: Option): void {
  const content = contentOf(draft, option);
  for (const buffer of draft.buffers)
    for (const test of buffer.tests)
      if (test.type === "content" && test.fastPattern) refuse(option.at, "the rule has two fast_patterns", "keep it behind one content");
  content.fastPattern = true;
  if (option.value === undefined || option.value === "") return;
  if (option.value === "only") {
    draft.filterOnly = true;
    return;
  }
  const [offset = "", length = "", ...more] = partsOf(option.value);
  if (more.length > 0) refuse(option.valueAt, "fast_pattern takes an offset and a length", "write fast_pattern:2,5;");
  const chop = { offset: wholeOf(option, offset, 0, literalBytesMax), length: wholeOf(option, length, 1, literalBytesMax) };
  if (chop.offset + chop.length > content.literal.length)
    refuse(option.valueAt, `the content has only ${content.literal.length} bytes`, "choose a part that lies in the content");
  content.chop = chop;
}

/** The bytes of a content: text with backslashes before `" ; : \`, and hexadecimal between pipes. */
export function literalOf(option: Option, text: string, at: number): Uint8Array {
  const bytes: number[] = [];
  let index = 0;
  while (index < text.length) {
    const character = text[index];
    if (character === "|") index = hexadecimal(option, text, index, at, bytes);
    else if (character === "\\") {
      const next = text[index + 1];
      if (next === undefined || !'";:\\'.includes(next))
        refuse(
          at + index,
          `a backslash stands before ${next ?? "the end"}`,
          'only " ; : and \\ are written with a backslash; use |5c| for the byte itself',
        );
      bytes.push(next?.charCodeAt(0) ?? 0);
      index += 2;
    } else {
      if (character === '"') refuse(at + index, "a quote stands inside of the text", 'write \\" or |22|');
      const point = text.codePointAt(index) ?? 0;
      pushUtf8(bytes, point);
      index += point > 0xffff ? 2 : 1;
    }
  }
  if (bytes.length === 0) refuse(option.valueAt, `${option.name} is empty`, "write what is looked for");
  if (bytes.length > literalBytesMax)
    refuse(
      option.valueAt,
      `${option.name} has ${bytes.length} bytes, ${literalBytesMax} is the limit`,
      "cut it in two, the second with distance:0; within",
    );
  return Uint8Array.from(bytes);
}

function hexadecimal(option: Option, text: string, index: number, at: number, bytes: number[]): number {
  const end = text.indexOf("|", index + 1);
  if (end < 0) return refuse(at + index, `${option.name} has a pipe that is not closed`, "write bytes as |0d 0a|");
  const digits = text.slice(index + 1, end).replaceAll(/[ \t]/g, "");
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits))
    refuse(at + index, `${text.slice(index, end + 1)} is no row of bytes`, "write two hexadecimal digits a byte: |0d 0a|");
  for (let digit = 0; digit < digits.length; digit += 2) bytes.push(Number.parseInt(digits.slice(digit, digit + 2), 16));
  return end + 1;
}
