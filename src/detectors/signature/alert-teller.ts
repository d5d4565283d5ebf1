import { wordsText } from "#base/address.ts";
import { type Micros, TimeText } from "#base/time.ts";
import type { Alert, FlowLookup } from "#contract/inspector.ts";
import type { Transaction } from "#contract/parser.ts";
import { AlertExcerpts } from "./alert-excerpts.ts";
import type { AlertShows } from "./alert-shows.ts";
import type { Match } from "./evidence.ts";
import type { FlowMemory } from "./flow-memory.ts";
import type { FlowState } from "./flow-state.ts";
import type { Rule } from "./rule.ts";
import type { Scene } from "./scene.ts";
import type { TransactionState } from "./transaction-state.ts";

const protocolNames: Readonly<Record<number, string>> = { 1: "ICMP", 6: "TCP", 17: "UDP", 58: "IPv6-ICMP", 132: "SCTP" };
/** Files that one alert names. */
const filesMax = 8;

/** What has matched. */
export interface Matched {
  readonly rule: Rule;
  readonly slot: number;
  readonly side: 0 | 1;
  readonly transaction: TransactionState | undefined;
  /** It was found in bytes of TCP in order. */
  readonly isStream: boolean;
  readonly matches: readonly Match[];
  /** Texts that patterns have captured for the alert. */
  readonly captures: readonly { readonly name: string; readonly value: string }[];
}

/** Makes events of matches. */
export class AlertTeller {
  readonly #scene: Scene;
  readonly #flows: FlowLookup;
  readonly #times = new TimeText();
  readonly #excerpts: AlertExcerpts;
  /** What alerts show of the traffic. */
  shows: AlertShows | undefined = undefined;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#excerpts = new AlertExcerpts(scene);
    this.#flows = scene.flows;
  }

  /** `state` is what is kept of the flow. */
  alertOf(matched: Matched, state: FlowState | undefined): Alert {
    const { rule, slot, side, transaction } = matched;
    const common = { slot, side, txId: transaction?.id ?? -1, gate: rule.gated ? rule.number : -1 };
    if (rule.silent) return { ...common, alert: rule.alert, silent: true, ...(slot < 0 ? { packet: this.#packet() } : {}) };
    const alert = this.#alert(rule, slot, side);
    if (slot < 0)
      return { ...common, packet: this.#packet(), alert, members: { ...this.#matches(matched), ...this.#shown(matched, state) } };
    const direction = side === 0 ? "to_server" : "to_client";
    const members = {
      ...this.#transaction(matched),
      ...(transaction !== undefined && transaction.files.length > 0 ? { files: transaction.files.slice(-filesMax) } : {}),
      direction,
      flow: this.#flow(slot),
      ...this.#matches(matched),
      ...noted(matched, state?.memory),
      ...this.#shown(matched, state),
    };
    return { ...common, alert, members };
  }

  #transaction(matched: Matched): { readonly [member: string]: Transaction } | undefined {
    const members = matched.transaction?.members?.();
    const http = members?.["http"];
    return http === undefined || this.shows === undefined
      ? members
      : { ...members, http: this.#excerpts.withBodies(this.shows, http, matched) };
  }

  #shown(matched: Matched, state: FlowState | undefined): Transaction {
    return this.shows === undefined ? {} : this.#excerpts.members(this.shows, matched, state?.excerpt(matched.side));
  }

  #matches({ matches }: Matched): { matches?: readonly Match[] } {
    return matches.length === 0 ? {} : { matches };
  }

  /** The rule's object, with the addresses when it says who is attacked. */
  #alert(rule: Rule, slot: number, side: 0 | 1): Transaction {
    const { target } = rule.signature;
    if (target === undefined) return rule.alert;
    const { ends } = this.#scene;
    if (slot >= 0) ends.ofFlow(this.#flows, slot, side);
    const source = { ip: wordsText(ends.words, 0, ends.version === 6), port: ends.sourcePort };
    const other = { ip: wordsText(ends.words, 4, ends.version === 6), port: ends.targetPort };
    return target === "dest_ip" ? { ...rule.alert, source, target: other } : { ...rule.alert, source: other, target: source };
  }

  /** What is known of a packet without a flow. */
  #packet(): NonNullable<Alert["packet"]> {
    const { ends } = this.#scene;
    if (ends.version === 0) return {};
    const ipv6 = ends.version === 6;
    const hasPorts = ends.sourcePort + ends.targetPort > 0;
    return {
      src_ip: wordsText(ends.words, 0, ipv6),
      ...(hasPorts ? { src_port: ends.sourcePort } : {}),
      dest_ip: wordsText(ends.words, 4, ipv6),
      ...(hasPorts ? { dest_port: ends.targetPort } : {}),
      proto: protocolNames[ends.protocol] ?? String(ends.protocol),
    };
  }

  /** Counters of the flow at this moment. */
  #flow(slot: number): Transaction {
    const flows = this.#flows;
    const at = flows.addressAt(slot);
    const ipv6 = flows.isIpv6(slot);
    const transport = flows.transportOf(slot);
    const flow: Transaction = {
      pkts_toserver: flows.packets(slot, 0),
      pkts_toclient: flows.packets(slot, 1),
      bytes_toserver: flows.bytes(slot, 0),
      bytes_toclient: flows.bytes(slot, 1),
      start: this.#times.format(flows.startOf(slot) as Micros),
      src_ip: wordsText(flows.addressWords, at, ipv6),
      dest_ip: wordsText(flows.addressWords, at + 4, ipv6),
    };
    if (transport === 1 || transport === 58) return flow;
    return { ...flow, src_port: flows.clientPort(slot), dest_port: flows.serverPort(slot) };
  }
}

/** What rules have noted about the flow, as EVE's `metadata` has it. */
function noted({ captures }: Matched, memory: FlowMemory | undefined): { metadata?: Transaction } {
  const metadata: Transaction = {};
  if (memory !== undefined) {
    const bits = [...memory.bits];
    const integers = [...memory.integers];
    if (bits.length > 0) metadata["flowbits"] = bits;
    if (integers.length > 0) metadata["flowints"] = Object.fromEntries(integers);
    if (memory.texts.size > 0) metadata["flowvars"] = [...memory.texts].map(([name, value]) => ({ [name]: value }));
  }
  if (captures.length > 0) metadata["pktvars"] = captures.map(({ name, value }) => ({ [name]: value }));
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}
