import { compilePcre, PcreMatch } from "#engine/match/pcre.ts";
import type { AddressSet, BufferTests, ByteTest, CompiledPattern, FlowTest, PortSet, Signature } from "#engine/rules/signature.ts";
import { type ContextPlace, placesOf } from "./contexts.ts";
import { type Keyword, type KeywordTrouble, keywordSeverities } from "./keyword.ts";
import { patternOf } from "./pattern.ts";

/** Generator of keywords' alerts: `gid` in events; `signature_id` is the keyword's number. */
export const KEYWORD_GID = 9001;
/** Protocols that the rule language calls `http`. */
const httpNames = ["http", "http2"];
const PAYLOAD = "payload";
/** A keyword is told once a flow; the flow's end forgets it. */
const onceSeconds = 86_400;

/** What `compileKeywords` must know of the words of the rule language. */
export interface KnownWord {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly protocols: readonly string[];
  readonly unsupported?: string;
}

/**
 * Signatures of a list: one for each place that a keyword is looked for in, and for each literal that may lead to it.
 * Those that are off have none.
 */
export function compileKeywords(
  keywords: readonly Keyword[],
  words: readonly KnownWord[],
): { readonly signatures: readonly Signature[]; readonly troubles: readonly KeywordTrouble[] } {
  const known = new Map<string, KnownWord>();
  for (const word of words)
    if (word.unsupported === undefined) for (const name of [word.name, ...(word.aliases ?? [])]) known.set(name, word);
  const signatures: Signature[] = [];
  const troubles: KeywordTrouble[] = [];
  for (const keyword of keywords) {
    if (!keyword.isOn) continue;
    const places = placesOf(keyword.contexts).filter((place) => fits(place, keyword, known));
    if (places.length === 0)
      troubles.push({
        place: keyword.place,
        column: 1,
        cause: "nothing that is read has the place it is looked for in",
        mend: "choose another context or direction, or switch the protocol's plugin on",
      });
    const pattern = compiled(keyword);
    for (const place of places)
      for (const literal of pattern.literals)
        for (const applications of applicationTests(place)) signatures.push(signatureOf(keyword, place, pattern, literal, applications));
  }
  return { signatures, troubles };
}

function fits(place: ContextPlace, { direction }: Keyword, known: ReadonlyMap<string, KnownWord>): boolean {
  if (direction !== "both" && place.side !== "both" && direction !== place.side) return false;
  return place.buffer === PAYLOAD || known.has(place.buffer);
}

interface Compiled {
  readonly pattern: CompiledPattern;
  readonly source: string;
  readonly literals: readonly Uint8Array[];
  readonly nocase: boolean;
}

function compiled(keyword: Keyword): Compiled {
  const { source, flags, literals } = patternOf(keyword);
  const expression = compilePcre(source, flags);
  const match = new PcreMatch();
  const nocase = !keyword.isCaseSensitive;
  return {
    source,
    nocase,
    literals: nocase ? literals.map(lower) : literals,
    pattern: {
      // Steps are counted: no expression of a list can hold up the traffic.
      find: (text, from) =>
        !("error" in expression) && expression.find(text, from, match) === "found"
          ? { index: match.start, end: match.end, groups: match.groups }
          : undefined,
    },
  };
}

const lower = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));

function signatureOf(
  keyword: Keyword,
  place: ContextPlace,
  { pattern, source, nocase }: Compiled,
  literal: Uint8Array,
  applications: readonly FlowTest[],
): Signature {
  const tests: ByteTest[] = [
    {
      type: "pcre",
      negated: false,
      relative: false,
      pattern: source,
      compiled: pattern,
      captures: [],
      required: { literal, nocase },
    },
  ];
  const buffer: BufferTests = { buffer: place.buffer, transforms: [], tests, absent: undefined, base64: undefined };
  const named = place.applications.flatMap((name) => (name === "http" ? httpNames : [name]));
  return {
    place: { ...keyword.place, column: 1 },
    text: keyword.text,
    action: "alert",
    header: { ...headerOf(keyword, place), applications: named },
    scope: place.buffer === PAYLOAD ? (place.layer === "udp" ? "packet" : "stream") : "transaction",
    gid: KEYWORD_GID,
    sid: keyword.sid,
    rev: 1,
    message: keyword.note === "" ? `Keyword ${keyword.kind} ${shown(keyword)}` : keyword.note,
    classtype: undefined,
    category: "keyword",
    priority: keywordSeverities[keyword.severity],
    references: [],
    metadata: { keyword: [`${keyword.kind} ${shown(keyword)}`], list: [keyword.place.file] },
    target: undefined,
    packetTests: [],
    flowTests: [...sideTest(keyword, place), ...applications],
    wordTests: [],
    buffers: [buffer],
    effects: [],
    thresholds: [{ type: "limit", track: "by_flow", count: 1, seconds: onceSeconds }],
    suppressions: [],
    noalert: false,
    prefilter: { buffer: place.buffer, literal, nocase },
  };
}

const shown = ({ kind, pattern }: Keyword): string => (kind === "regex" ? `/${pattern}/` : pattern);

function sideTest({ direction }: Keyword, place: ContextPlace): FlowTest[] {
  const side = direction === "both" ? place.side : direction;
  return side === "both" ? [] : [{ type: "side", side }];
}

const applicationTest = (protocol: string, negated: boolean): FlowTest => ({ type: "application", protocol, negated, mode: "either" });

/**
 * Tests of the application protocol, of which one set must hold. Where some are left out, a flow whose protocol is not
 * known (yet) passes by the first set: short sessions end before it is. Those that are known pass by the second.
 */
function applicationTests({ without }: ContextPlace): readonly (readonly FlowTest[])[] {
  if (without === undefined) return [[]];
  const others = without.flatMap((name) => (name === "http" ? httpNames : [name]));
  return [[applicationTest("unknown", false)], others.map((protocol) => applicationTest(protocol, true))];
}

const anyAddress: AddressSet = { any: true, has: () => true };
const anyPort: PortSet = { any: true, has: () => true };

function headerOf({ ports, direction }: Keyword, place: ContextPlace): Omit<Signature["header"], "applications"> {
  const own: PortSet = ports.length === 0 ? anyPort : { any: false, has: (port) => ports.some(([from, to]) => port >= from && port <= to) };
  const side = direction === "both" ? place.side : direction;
  // The server's port is the target's of what goes to it, and the source's of what comes from it.
  const toClient = side === "to_client";
  return {
    layer: place.buffer !== PAYLOAD ? "ip" : place.layer === "udp" ? "udp" : "tcp",
    source: anyAddress,
    target: anyAddress,
    sourcePorts: toClient ? own : anyPort,
    targetPorts: toClient ? anyPort : own,
    both: side === "both",
    transactional: false,
  };
}
