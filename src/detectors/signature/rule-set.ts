import type { InspectorOptions, LoadedRules, RuleReport } from "#contract/inspector.ts";
import type { Platform } from "#contract/platform.ts";
import { IpReputation } from "#engine/rules/judge/ip-reputation.ts";
import type { DatasetDemand } from "#engine/rules/language/draft.ts";
import { parseRules } from "#engine/rules/language/parse.ts";
import type { Signature } from "#engine/rules/signature.ts";
import type { RuleWord } from "#schema/rule-word.ts";
import { type AlertShows, bodyWords, showsBodies, showsOf } from "./alert-shows.ts";
import { inOrder } from "./order.ts";
import { PacketRules } from "./packet-rules.ts";
import { compileRule, type Rule, Sides } from "./rule.ts";
import { RuleDatasets } from "./rule-datasets.ts";
import type { RuleTrials } from "./rule-trials.ts";
import { type ProtocolRules, wordRules } from "./word-rules.ts";

/** Limits that the configuration sets. */
export interface RuleLimits {
  readonly streamDepthBytes: number;
  readonly packetAlertsMax: number;
  /** Streams and messages of connections that were met after their start are judged. */
  readonly midstream: boolean;
}

/** What searches, compiled. */
interface Compiled {
  readonly packets: PacketRules;
  readonly protocols: ReadonlyMap<string, ProtocolRules>;
}

/** Rules of a thread, in order and sorted by what they look at. Shared by its partitions, and never changed. */
export class RuleSet implements LoadedRules {
  readonly report: RuleReport;
  readonly rules: readonly Rule[];
  /** Some rule wants files kept. */
  readonly choosesFiles: boolean;
  /** Some rule tags hosts: the gate has to see every packet. */
  readonly tagsHosts: boolean;
  readonly datasets: RuleDatasets;
  readonly reputation = new IpReputation();
  readonly limits: RuleLimits;
  readonly platform: Platform;
  /** What alerts show of the traffic. */
  readonly shows: AlertShows | undefined;
  /** Counts what judging costs, when somebody wants to know. */
  trials: RuleTrials | undefined = undefined;
  readonly #options: InspectorOptions;
  #compiled: Compiled | undefined = undefined;

  constructor(
    signatures: readonly Signature[],
    rejected: RuleReport["rejected"],
    options: InspectorOptions,
    demands: readonly DatasetDemand[] = [],
  ) {
    const { platform, words, config } = options;
    const sides = new Map(words.map((word) => [word.name, sidesOf(word)]));
    this.platform = platform;
    this.shows = showsOf(config);
    this.#options = options;
    this.rules = inOrder(signatures).map((signature, number) => compileRule(signature, number, (word) => sides.get(word) ?? Sides.both));
    this.choosesFiles = this.rules.some(({ needsFile }) => needsFile);
    this.tagsHosts = this.rules.some(({ hostTags }) => hostTags.length > 0);
    this.report = reportOf(this, rejected);
    this.datasets = new RuleDatasets(demands, options.material.lists, this.rules);
    if (options.forGates !== true) this.#loadReputation(options.material);
    this.limits = {
      streamDepthBytes: numberOf(config["rules.stream-depth-bytes"], 0),
      packetAlertsMax: numberOf(config["rules.packet-alerts-max"], 15),
      midstream: config["rules.midstream"] === true,
    };
  }

  /** What finds rules about packets. Compiled when it is first asked for: the gate does without. */
  get packets(): PacketRules {
    return this.#search.packets;
  }

  /** What finds rules about messages, by protocol. */
  get protocols(): ReadonlyMap<string, ProtocolRules> {
    return this.#search.protocols;
  }

  /** Compiles now what would be compiled with the first packet. */
  prepare(): void {
    void this.#search;
  }

  #loadReputation({ reputation }: InspectorOptions["material"]): void {
    if (reputation === undefined) return;
    this.reputation.loadCategories(reputation.categories);
    for (const { text } of reputation.files) this.reputation.load(text);
  }

  get #search(): Compiled {
    if (this.#compiled !== undefined) return this.#compiled;
    const { platform, words, config } = this.#options;
    const literals = config["rules.hyperscan"] === "no" ? undefined : platform.literals;
    const compiled = {
      packets: new PacketRules(this.rules, literals),
      protocols: wordRules(
        this.rules,
        new Map(words.map((word) => [word.name, word])),
        protocolNames(words, this.rules),
        literals,
        showsBodies(this.shows) ? bodyWords : [],
      ),
    };
    this.#compiled = compiled;
    return compiled;
  }
}

/** What is loaded; its memory is known once somebody asks for it. */
function reportOf(set: RuleSet, rejected: RuleReport["rejected"]): RuleReport {
  return {
    loaded: set.rules.length,
    rejected,
    get memoryBytes() {
      return memoryOf(set.packets, set.protocols);
    },
  };
}

/** Parses the material and compiles what searches. */
export function loadRules(options: InspectorOptions): RuleSet {
  const { signatures, rejections, datasets } = parseRules(
    { ...options.material, knowsCountries: options.platform.places?.hasCountries === true },
    options.words,
  );
  const rejected = rejections.map(({ place, sid, kind, cause, mend }) => ({
    ...place,
    ...(sid === undefined ? {} : { sid }),
    kind,
    cause,
    mend,
  }));
  return new RuleSet(signatures, rejected, options, datasets);
}

const sidesOf = ({ side }: RuleWord): number => (side === "both" ? Sides.both : side === "toServer" ? Sides.toServer : Sides.toClient);

const numberOf = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);

/** Protocols that any rule may be about. */
function protocolNames(words: readonly RuleWord[], rules: readonly Rule[]): Set<string> {
  const names = new Set(words.flatMap((word) => word.protocols));
  for (const rule of rules) for (const name of rule.applications ?? []) names.add(name);
  return names;
}

function memoryOf(packets: PacketRules, protocols: ReadonlyMap<string, ProtocolRules>): number {
  const sets = new Set([packets.streamLiterals, packets.segmentLiterals, packets.datagramLiterals].flat());
  for (const { words } of protocols.values())
    for (const { literals } of words.values()) for (const { literals: set } of literals) sets.add(set);
  let bytes = 0;
  for (const set of sets) bytes += set?.matcher.memoryBytes ?? 0;
  return bytes;
}
