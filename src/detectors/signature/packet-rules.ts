import type { LiteralPlatform } from "#base/literal.ts";
import type { Side } from "#contract/parser.ts";
import type { PortSet } from "#engine/rules/signature.ts";
import { fitsLayer } from "./ends.ts";
import { type LiteralSet, LiteralSets, searched } from "./literal-set.ts";
import type { Rule } from "./rule.ts";
import { RuleHeads } from "./rule-heads.ts";

const TCP = 6;
const NONE: readonly Rule[] = [];

/** Rules of one list that a protocol and side leave, by their target's ports. */
interface PortGroups {
  /** Rules about any port. */
  readonly any: readonly Rule[];
  /** Rules about one port, by that port: most rules of large sets. */
  readonly single: ReadonlyMap<number, readonly Rule[]>;
  /** The others: rules that name the same ports together. */
  readonly named: ReadonlyMap<PortSet, readonly Rule[]>;
  /** By port: which of `lists` was found before, 0 for none yet. */
  readonly known: Uint16Array;
  /** Lists of rules that ports have in common; the first place stays empty, the second has the rules about any port. */
  readonly lists: (readonly Rule[] | undefined)[];
}

const ports = 65_536;
/** Place of the rules about any port: what most ports have. */
const ANY = 1;
/** A larger protocol number, or version, is none. */
const keys = 256 * 8 * 2;

/** Rules that are tried without a literal, found by protocol, side and port, so that a large set stays cheap. */
export class RuleIndex {
  readonly #rules: readonly Rule[];
  readonly #groups: (PortGroups | undefined)[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#groups = Array<PortGroups | undefined>(rules.length === 0 ? 0 : keys).fill(undefined);
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Rules that such a packet may fulfil. */
  of(version: number, protocol: number, side: Side, port: number): readonly Rule[] {
    if (this.#rules.length === 0) return NONE;
    const key = (protocol * 8 + version) * 2 + side;
    let groups = this.#groups[key];
    if (groups === undefined) {
      groups = grouped(this.#rules.filter((rule) => mayFit(rule, version, protocol, side)));
      this.#groups[key] = groups;
    }
    if (groups.known.length === 0) return groups.any;
    return groups.lists[groups.known[port] as number] ?? find(groups, port);
  }
}

function find({ any, single, named, known, lists }: PortGroups, port: number): readonly Rule[] {
  const rules = [...(single.get(port) ?? NONE)];
  for (const [set, those] of named) if (set.has(port)) rules.push(...those);
  if (rules.length === 0) {
    known[port] = ANY;
    return any;
  }
  const all = [...any, ...rules];
  if (lists.length < ports) known[port] = lists.push(all) - 1;
  return all;
}

/** The one port that a rule is about, -1 when it is about several. */
const onlyPort = ({ signature: { header } }: Rule): number => header.targetPorts.only ?? -1;

function grouped(rules: readonly Rule[]): PortGroups {
  const any = rules.filter(({ signature: { header } }) => header.both || header.targetPorts.any);
  const bound = rules.filter(({ signature: { header } }) => !header.both && !header.targetPorts.any);
  const single = Map.groupBy(bound, onlyPort);
  const named = Map.groupBy(single.get(-1) ?? [], ({ signature: { header } }) => header.targetPorts);
  single.delete(-1);
  const lists = [undefined, any];
  return { any, single, named, known: new Uint16Array(bound.length === 0 ? 0 : ports), lists };
}

const mayFit = ({ signature: { header }, sides }: Rule, version: number, protocol: number, side: Side): boolean =>
  (sides & (1 << side)) !== 0 && fitsLayer(header.layer, version, protocol);

/** Sets of literals for payloads: of one transport and side. */
const setKey = (where: "stream" | "segment" | "datagram", side: number): string => `${where}${side}`;

/** Rules about packets and the bytes that they carry. */
export class PacketRules {
  readonly heads: RuleHeads;
  readonly once: RuleIndex;
  readonly plain: RuleIndex;
  /** Rules that look at payloads and have no literal to be found by. */
  readonly payload: RuleIndex;
  readonly stream: RuleIndex;
  /** Rules that ask for an application protocol and nothing else of the packet, by its name. */
  readonly applications: ReadonlyMap<string, readonly Rule[]>;
  /** Rules that only ask whether the flow has some application protocol. */
  readonly applicationOnce: RuleIndex;
  /** Rules about an event, by its name. */
  readonly events: ReadonlyMap<string, readonly Rule[]>;
  /** Literals in TCP's bytes in order (and in segments that no stream takes), in single segments, in what other protocols carry; by side. */
  readonly streamLiterals: readonly (LiteralSet | undefined)[];
  readonly segmentLiterals: readonly (LiteralSet | undefined)[];
  readonly datagramLiterals: readonly (LiteralSet | undefined)[];
  /** By side: some rule looks at TCP's bytes in order. */
  readonly streamSides: readonly boolean[];
  /** Some rule does so on either side. */
  readonly readsStreams: boolean;
  /** Bytes of the longest literal that is searched in streams. */
  readonly longest: number;

  constructor(rules: readonly Rule[], platform: LiteralPlatform | undefined) {
    this.heads = new RuleHeads(rules);
    const byEvent = rules.filter((rule) => rule.moment !== "transaction" && rule.packetEvents.length > 0);
    const rest = rules.filter((rule) => rule.moment !== "transaction" && rule.packetEvents.length === 0);
    this.events = byKey(byEvent, (rule) => rule.packetEvents);
    const once = rest.filter((rule) => rule.moment === "once" && rule.applications === undefined);
    this.once = new RuleIndex(once.filter((rule) => !asksApplication(rule)));
    this.applicationOnce = new RuleIndex(once.filter(asksApplication));
    const plain = rest.filter((rule) => rule.moment === "packet" || rule.moment === "once");
    this.plain = new RuleIndex(plain.filter((rule) => rule.moment === "packet" && rule.applications === undefined));
    this.applications = byKey(
      plain.filter((rule) => rule.applications !== undefined),
      (rule) => rule.applications ?? [],
    );
    const payload = rest.filter((rule) => rule.moment === "payload");
    const sets = new LiteralSets<string>();
    const unfiltered = payload.filter((rule) => !addLiteral(sets, rule));
    this.payload = new RuleIndex(unfiltered);
    this.stream = new RuleIndex(unfiltered.filter(readsStream));
    const built = (where: "stream" | "segment" | "datagram") => [0, 1].map((side) => sets.build(setKey(where, side), platform));
    this.streamLiterals = built("stream");
    this.segmentLiterals = built("segment");
    this.datagramLiterals = built("datagram");
    // Rules about transactions may look at the payload, too.
    const readers = [...payload.filter(readsStream), ...rules.filter((rule) => rule.moment === "transaction" && rule.payload.length > 0)];
    this.streamSides = [0, 1].map((side) => readers.some(({ sides }) => (sides & (1 << side)) !== 0));
    this.readsStreams = this.streamSides.includes(true);
    this.longest = Math.max(1, ...this.streamLiterals.map((set) => set?.matcher.longest ?? 0));
  }
}

const asksApplication = (rule: Rule): boolean => rule.signature.flowTests.some((test) => test.type === "application");

const readsStream = (rule: Rule): boolean => rule.inStream && fitsLayer(rule.signature.header.layer, 4, TCP);

/** Adds a rule's literal to the sets of what it looks at. False when it has none. */
function addLiteral(sets: LiteralSets<string>, rule: Rule): boolean {
  const { prefilter, header } = rule.signature;
  if (prefilter === undefined || prefilter.buffer !== "payload" || prefilter.transforms !== undefined) return false;
  const { layer } = header;
  const literal = searched(prefilter);
  const isTcp = layer.startsWith("tcp");
  for (const side of [0, 1]) {
    if ((rule.sides & (1 << side)) === 0) continue;
    if (readsStream(rule)) sets.of(setKey("stream", side)).add(literal, rule.number);
    if ((isTcp || layer.startsWith("ip")) && rule.inPackets) sets.of(setKey("segment", side)).add(literal, rule.number);
    if (!isTcp) sets.of(setKey("datagram", side)).add(literal, rule.number);
  }
  return true;
}

function byKey(rules: readonly Rule[], keysOf: (rule: Rule) => readonly string[]): Map<string, Rule[]> {
  const map = new Map<string, Rule[]>();
  for (const rule of rules)
    for (const key of keysOf(rule)) {
      const known = map.get(key);
      if (known === undefined) map.set(key, [rule]);
      else known.push(rule);
    }
  return map;
}
