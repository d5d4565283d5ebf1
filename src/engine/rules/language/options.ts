import { byteHandlers } from "./byte-words.ts";
import { contentHandlers } from "./content.ts";
import { datasetHandlers } from "./dataset-words.ts";
import type { Draft, Handler } from "./draft.ts";
import { flowHandlers } from "./flow-words.ts";
import { metaHandlers } from "./meta-words.ts";
import { oldHandlers } from "./old-words.ts";
import { packetHandlers } from "./packet-words.ts";
import { patternHandlers } from "./pattern-words.ts";
import { packetWord, protocolWord, unknownWord } from "./protocol-words.ts";
import type { Option } from "./split-rule.ts";
import { thresholdHandlers } from "./threshold-words.ts";
import { transformHandlers } from "./transform-words.ts";
import { packetBuffers, type WordIndex } from "./word-facts.ts";

/** What the language itself understands; all other options are words of protocols. */
const handlers: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    ...metaHandlers,
    ...contentHandlers,
    ...patternHandlers,
    ...byteHandlers,
    ...transformHandlers,
    ...flowHandlers,
    ...packetHandlers,
    ...thresholdHandlers,
    ...datasetHandlers,
  }),
);

/** Old words that are said in others, unless a protocol declares them itself. */
const fallbacks: ReadonlyMap<string, Handler> = new Map(Object.entries(oldHandlers));

/** Puts into the rule what an option says. */
export function applyOption(draft: Draft, option: Option): void {
  const handler = handlers.get(option.name);
  if (handler === undefined) applyWord(draft, option);
  else handler(draft, option);
}

function applyWord(draft: Draft, option: Option): void {
  const { names, modifiers } = draft.around.words;
  const word = names.get(option.name);
  const modifier = modifiers.get(option.name);
  const fallback = fallbacks.get(option.name);
  if (word !== undefined) protocolWord(draft, option, word);
  else if (fallback !== undefined) fallback(draft, option);
  else if (modifier !== undefined) draft.move(modifier, option);
  else if (packetBuffers.has(option.name)) packetWord(draft, option);
  else unknownWord(option, optionNames(draft.around.words));
}

/** True when a rule may have an option of this name. */
export function isOption(name: string, words: WordIndex): boolean {
  return handlers.has(name) || fallbacks.has(name) || packetBuffers.has(name) || words.names.has(name) || words.modifiers.has(name);
}

/** All names that options may have. */
export function* optionNames(words: WordIndex): Generator<string> {
  yield* handlers.keys();
  yield* fallbacks.keys();
  yield* packetBuffers;
  yield* words.names.keys();
  yield* words.modifiers.keys();
}
