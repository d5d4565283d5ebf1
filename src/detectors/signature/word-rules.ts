import type { LiteralPlatform } from "#base/literal.ts";
import type { Transform } from "#engine/rules/signature.ts";
import type { RuleWord, RuleWordPath } from "#schema/rule-word.ts";
import { type LiteralSet, LiteralSets, searched } from "./literal-set.ts";
import type { Rule } from "./rule.ts";

/** Literals that rules want in a word's values, after the same transforms. */
export interface WordLiterals {
  readonly transforms: readonly Transform[];
  readonly literals: LiteralSet;
}

/** A word that some rule looks at. */
export interface WantedWord {
  readonly word: RuleWord;
  readonly literals: readonly WordLiterals[];
  /** Values are kept even when no literal stands in them: some rule looks at them that was found otherwise. */
  readonly keepsAll: boolean;
}

/** Where a word's value stands in an event. */
export interface WordPlace {
  readonly wanted: WantedWord;
  readonly path: RuleWordPath;
}

/** The rules about one protocol's transactions. */
export interface ProtocolRules {
  readonly words: ReadonlyMap<string, WantedWord>;
  /** Places of words by kind of event. */
  readonly places: ReadonlyMap<string, readonly WordPlace[]>;
  /** Rules that no literal stands for. */
  readonly always: readonly Rule[];
  /** Rules about an event of the parser, by its name in lower case. */
  readonly events: ReadonlyMap<string, readonly Rule[]>;
}

const unknownWord = (name: string): RuleWord => ({
  name,
  doc: "",
  type: "bytes",
  protocols: [],
  side: "both",
  several: name !== byteOrderWord,
});

/** Transforms as a key: compiled patterns and keys of bytes are told apart by identity. */
export class TransformKeys {
  readonly #numbers = new Map<unknown, number>();

  of(transforms: readonly Transform[]): string {
    return transforms
      .map((transform) =>
        Object.values(transform)
          .map((value) => this.#text(value))
          .join(":"),
      )
      .join(";");
  }

  #text(value: unknown): string {
    if (typeof value !== "object" || value === null) return String(value);
    if (value instanceof Uint8Array) return value.join(",");
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(value, number);
    }
    return `#${number}`;
  }
}

/** What the protocols have in common while their rules are sorted. */
interface Building {
  readonly keys: TransformKeys;
  readonly sets: LiteralSets<string>;
  readonly platform: LiteralPlatform | undefined;
  readonly shown: readonly string[];
}

/**
 * Sorts the rules about transactions by protocol. Protocols that no rule is about are not in the map. Values of the words
 * `shown` are wanted whether a rule looks at them or not.
 */
export function wordRules(
  rules: readonly Rule[],
  words: ReadonlyMap<string, RuleWord>,
  protocols: Iterable<string>,
  platform: LiteralPlatform | undefined,
  shown: readonly string[] = [],
): ReadonlyMap<string, ProtocolRules> {
  const building: Building = { keys: new TransformKeys(), sets: new LiteralSets(), platform, shown };
  const found = new Map<string, ProtocolRules>();
  const byProtocol = new Map<string, Rule[]>(Array.from(protocols, (protocol) => [protocol, []]));
  for (const rule of rules) {
    if (rule.moment !== "transaction") continue;
    for (const protocol of rule.applications ?? byProtocol.keys()) byProtocol.get(protocol)?.push(rule);
  }
  for (const [protocol, own] of byProtocol) if (own.length > 0) found.set(protocol, rulesOf(own, protocol, words, building));
  return found;
}

/** Names of the words that a rule looks at. */
export const wordsOf = (rule: Rule): readonly string[] => [
  ...rule.words.map((tests) => tests.base64?.from ?? tests.buffer),
  ...rule.wordTests.map((test) => test.word),
  ...(rule.needsFile ? [fileWord] : []),
];

/**
 * Words whose values the rule may look at without its literal in them: all but the one that it is found by, when the
 * tests with the literal are all that it asks of that word.
 */
function keptWords(rule: Rule): readonly string[] {
  const { prefilter, effects } = rule.signature;
  const names = wordsOf(rule);
  if (prefilter === undefined || rule.parserEvents.length > 0 || effects.some(({ type }) => type === "dataset")) return names;
  const own = prefilter.buffer;
  if (names.indexOf(own) !== names.lastIndexOf(own)) return names;
  for (const { buffer, base64, absent } of rule.words) if (buffer === own && (base64 !== undefined || absent !== undefined)) return names;
  return names.length === 1 ? NONE : names.filter((name) => name !== own);
}

const NONE: readonly string[] = [];

/** The word that every file has when it ends, by which rules know that there was one. */
export const fileWord = "file.size";

/** No word of the language: 1 when numbers of a DCE/RPC call are little-endian. */
export const byteOrderWord = "dcerpc.little_endian";

function rulesOf(
  rules: readonly Rule[],
  protocol: string,
  words: ReadonlyMap<string, RuleWord>,
  { keys, sets, platform, shown }: Building,
): ProtocolRules {
  const transforms = new Map<string, Map<string, readonly Transform[]>>();
  const always: Rule[] = [];
  const events = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const event of rule.parserEvents) events.set(event, [...(events.get(event) ?? []), rule]);
    for (const name of wordsOf(rule)) if (!transforms.has(name)) transforms.set(name, new Map());
    if (rule.parserEvents.length > 0) continue;
    const { prefilter } = rule.signature;
    const byKey = prefilter === undefined ? undefined : transforms.get(prefilter.buffer);
    if (prefilter === undefined || byKey === undefined) {
      always.push(rule);
      continue;
    }
    const applied = prefilter.transforms ?? [];
    const key = keys.of(applied);
    sets.of(`${protocol}\n${prefilter.buffer}\n${key}`).add(searched(prefilter), rule.number);
    byKey.set(key, applied);
  }
  // Rules read numbers of parameters in the byte order of the call.
  if (transforms.has("dcerpc.stub_data")) transforms.set(byteOrderWord, new Map());
  for (const name of shown) if (!transforms.has(name) && words.get(name)?.protocols.includes(protocol)) transforms.set(name, new Map());
  const kept = new Set(rules.flatMap(keptWords));
  const wanted = new Map<string, WantedWord>();
  for (const [name, byKey] of transforms) {
    const literals = [...byKey].map(([key, applied]) => ({
      transforms: applied,
      literals: sets.build(`${protocol}\n${name}\n${key}`, platform) as LiteralSet,
    }));
    const word = words.get(`${protocol} ${name}`) ?? words.get(name) ?? unknownWord(name);
    wanted.set(name, { word, literals, keepsAll: literals.length === 0 || kept.has(name) || shown.includes(name) });
  }
  return { words: wanted, places: placesOf(wanted), always, events };
}

function placesOf(wanted: ReadonlyMap<string, WantedWord>): Map<string, WordPlace[]> {
  const places = new Map<string, WordPlace[]>();
  for (const one of wanted.values())
    for (const path of one.word.from ?? []) places.set(path.kind, [...(places.get(path.kind) ?? []), { wanted: one, path }]);
  return places;
}
