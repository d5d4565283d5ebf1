import { LiteralHits } from "#base/literal.ts";
import type { AlertTaker, FlowLookup, Inspector, LoadedRules, PacketRows, StreamInspection } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import type { FrameBlock } from "#contract/source.ts";
import type { Capture } from "#engine/rules/judge/scratch.ts";
import { AlertTeller, type Matched } from "./alert-teller.ts";
import { Candidates, originsMax } from "./candidates.ts";
import { note, remembers } from "./effects.ts";
import type { FlowMemory } from "./flow-memory.ts";
import { FlowState, Mark } from "./flow-state.ts";
import type { LiteralSet } from "./literal-set.ts";
import { eventName, type Rule } from "./rule.ts";
import { RuleJudge } from "./rule-judge.ts";
import type { RuleSet } from "./rule-set.ts";
import { Scene } from "./scene.ts";
import type { StreamWindow } from "./stream-window.ts";
import type { SideState, TransactionState } from "./transaction-state.ts";
import { type TapHost, TransactionTap } from "./transaction-tap.ts";
import type { ProtocolRules } from "./word-rules.ts";

const TCP = 6;
/** Memory for windows over streams that one partition may hold, bytes; flows beyond it are read without. */
const windowBytesMax = 32 * 1024 * 1024;
/** Events of one packet that rules are asked about. */
const eventsMax = 32;

/** A stream that the present packet has brought forward. */
interface TouchedStream {
  readonly slot: number;
  readonly side: Side;
  readonly window: StreamWindow;
}

interface QueuedTransaction {
  readonly tap: TransactionTap;
  readonly transaction: TransactionState;
  readonly side: Side;
}

/**
 * Judges what goes through one partition by the rules of its thread.
 *
 *     event, stream, value …  ──► noted ─┐
 *                                        ▼
 *     packet ──► candidates: literals found, rules by port, events ──► judged in order ──┐
 *                transactions that have something new ──────────────► judged in order ──┤
 *                                                              passed, limited, told ◄──┘
 */
export class SignatureInspector implements Inspector, TapHost {
  generation = 0;
  #set: RuleSet;
  readonly #flows: FlowLookup;
  readonly #take: AlertTaker;
  readonly #scene: Scene;
  readonly #judge: RuleJudge;
  readonly #teller: AlertTeller;
  readonly #hits = new LiteralHits();
  readonly #candidates = new Candidates();
  readonly #marks: Uint16Array;
  readonly #states: (FlowState | undefined)[] = [];
  readonly #events: string[] = [];
  readonly #touched: TouchedStream[] = [];
  #queue: QueuedTransaction[] = [];
  #matched: Matched[] = [];
  readonly #benched = new Set<Rule>();
  #windowBytes = 0;

  constructor(set: RuleSet, flows: FlowLookup, take: AlertTaker) {
    this.#set = set;
    this.#flows = flows;
    this.#take = take;
    this.#marks = new Uint16Array(flows.slots);
    this.#scene = new Scene(flows);
    this.#judge = new RuleJudge(this.#scene, set.platform);
    this.#teller = new AlertTeller(this.#scene);
  }

  get readsStreams(): boolean {
    return this.#set.packets.readsStreams;
  }

  rulesOf(protocol: string): ProtocolRules | undefined {
    return this.#set.protocols.get(protocol);
  }

  open(slot: number, protocol: string): StreamInspection | undefined {
    return this.#set.protocols.has(protocol) ? new TransactionTap(this, slot, protocol) : undefined;
  }

  queue(tap: TransactionTap, transaction: TransactionState, side: Side): void {
    this.#queue.push({ tap, transaction, side });
  }

  parserEvent(tap: TransactionTap, side: Side, event: string): void {
    void tap;
    void side;
    this.#note(event);
  }

  event(_slot: number, _side: Side, _layer: "decode" | "stream", event: string): void {
    this.#note(eventName(event));
  }

  #note(event: string): void {
    if (this.#events.length < eventsMax && this.#set.packets.events.has(event)) this.#events.push(event);
  }

  stream(slot: number, side: Side, bytes: Uint8Array, from: number, to: number): void {
    if (((this.#marks[slot] as number) & Mark.passed) !== 0) return;
    const state = this.#state(slot);
    const known = state.window(side);
    if (known === undefined && this.#windowBytes > windowBytesMax) return;
    const window = known ?? state.openWindow(side);
    const depth = this.#set.limits.streamDepthBytes;
    if (depth > 0 && window.total >= depth) return;
    if (known === undefined) this.#windowBytes += window.bytes.length;
    const wasTouched = window.isTouched;
    this.#windowBytes += window.append(bytes, from, to);
    const other = state.window((side ^ 1) as Side);
    if (other !== undefined) other.isOver = true;
    if (!wasTouched) this.#touched.push({ slot, side, window });
  }

  gap(slot: number, side: Side, bytes: number): void {
    const window = this.#states[slot]?.window(side);
    if (window === undefined) return;
    window.isOver = true;
    window.total += bytes;
  }

  packet(block: FrameBlock, rows: PacketRows, row: number, slot: number, side: Side, whole: boolean, inStream: boolean): void {
    const scene = this.#scene;
    scene.ofPacket(block, rows, row, slot, side);
    scene.isWhole = whole;
    scene.inStream = inStream;
    const marks = slot < 0 ? 0 : this.#marksOf(slot, side);
    if ((marks & Mark.passed) === 0) {
      this.#packetRules(marks);
      if (this.#queue.length > 0) this.#transactions();
      if (this.#matched.length > 0) this.#tell();
    }
    this.#forgetPacket();
    if (slot >= 0 && this.#flows.isEstablished(slot)) this.#marks[slot] = (this.#marks[slot] as number) | Mark.established;
  }

  flowEnd(slot: number): void {
    if (this.#queue.length > 0 && ((this.#marks[slot] as number) & Mark.passed) === 0) {
      const scene = this.#scene;
      scene.leavePacket();
      scene.isEstablished = this.#flows.isEstablished(slot);
      this.#transactions();
      if (this.#matched.length > 0) this.#tell();
    }
    this.#forgetPacket();
    const state = this.#states[slot];
    if (state !== undefined) this.#windowBytes -= state.windowBytes;
    this.#states[slot] = undefined;
    this.#marks[slot] = 0;
  }

  use(rules: LoadedRules): void {
    this.#set = rules as RuleSet;
    this.generation++;
    this.#benched.clear();
    for (const state of this.#states)
      if (state !== undefined) for (const side of [0, 1] as const) state.window(side)?.forgetRules();
  }

  /** What is known of the flow now, and what the scene is. */
  #marksOf(slot: number, side: Side): number {
    const scene = this.#scene;
    const flows = this.#flows;
    let marks = this.#marks[slot] as number;
    const isTcp = flows.transportOf(slot) === TCP;
    const application = flows.protocolOf(slot);
    if ((marks & Mark.known) === 0 && application !== undefined) {
      // Suricata learns the protocol of TCP's bytes when they have been acknowledged.
      const found = Mark.found * 3;
      if (!isTcp || ((marks & found) !== 0 && (marks & (Mark.found << side)) === 0)) marks |= Mark.known;
      else if ((marks & found) === 0) marks |= Mark.found << side;
      this.#marks[slot] = marks;
    }
    scene.isEstablished = isTcp ? (marks & Mark.established) !== 0 : flows.isEstablished(slot);
    scene.application = (marks & Mark.known) === 0 ? undefined : application;
    return marks;
  }

  #packetRules(marks: number): void {
    const { packets, rules } = this.#set;
    const scene = this.#scene;
    const { side, slot } = scene;
    const candidates = this.#candidates;
    candidates.begin(rules);
    for (const event of this.#events) this.#addAll(packets.events.get(event) ?? []);
    const { version, protocol, targetPort } = scene.ends;
    if (slot < 0 || (marks & (Mark.once << side)) === 0) {
      this.#addAll(packets.once.of(version, protocol, side, targetPort));
      if (slot >= 0) this.#marks[slot] = (this.#marks[slot] as number) | (Mark.once << side);
    }
    this.#addAll(packets.plain.of(version, protocol, side, targetPort));
    if (scene.application !== undefined) this.#applicationRules(marks, scene.application);
    this.#payloadRules(version, protocol, targetPort);
    for (let i = 0; i < this.#touched.length && i < originsMax; i++) this.#streamRules(i);
    if (candidates.count === 0) return;
    candidates.sort();
    const memory = slot < 0 ? undefined : this.#states[slot]?.memory;
    for (let i = 0; i < candidates.count; i++) {
      const rule = candidates.rule(i);
      const origin = candidates.origin(i);
      if (origin === 0) {
        if (this.#fulfils(rule, () => this.#judge.packet(rule, this.#states[slot]?.memory ?? memory))) this.#match(rule, slot, side, undefined);
      } else this.#streamRule(rule, origin - 1);
    }
  }

  #applicationRules(marks: number, application: string): void {
    const { packets } = this.#set;
    const { side, slot, isTcp } = this.#scene;
    this.#addAll(packets.applications.get(application) ?? []);
    if ((marks & (Mark.application << side)) !== 0 || packets.applicationOnce.isEmpty) return;
    if (isTcp && this.#flows.streamBytes(slot, side) === 0) return;
    const { version, protocol, targetPort } = this.#scene.ends;
    this.#marks[slot] = (this.#marks[slot] as number) | (Mark.application << side);
    this.#addAll(packets.applicationOnce.of(version, protocol, side, targetPort));
  }

  /** Rules about what the packet carries. */
  #payloadRules(version: number, protocol: number, port: number): void {
    const { packets } = this.#set;
    const { rows, row, side, isWhole, block } = this.#scene;
    if (rows === undefined || block === undefined || !isWhole || version === 0) return;
    const length = rows.payloadBytes[row] as number;
    if (length === 0) return;
    const from = rows.payload[row] as number;
    const isTcp = protocol === TCP;
    const set = isTcp ? packets.segmentLiterals[side] : packets.datagramLiterals[side];
    if (set !== undefined) this.#scan(set, block.bytes, from, from + length, 0);
    const unfiltered = packets.payload.of(version, protocol, side, port);
    for (const rule of unfiltered) this.#candidates.add(rule.number, 0);
  }

  /** Rules about what has come of a stream. */
  #streamRules(index: number): void {
    const { side, window } = this.#touched[index] as TouchedStream;
    const { packets } = this.#set;
    const set = packets.streamLiterals[side];
    const origin = index + 1;
    if (set !== undefined) this.#scan(set, window.bytes, Math.max(0, window.fresh - packets.longest + 1), window.used, origin);
    for (const number of window.pending) this.#candidates.add(number, origin);
    const { version, targetPort } = this.#scene.ends;
    for (const rule of packets.stream.of(version, TCP, side, targetPort)) this.#candidates.add(rule.number, origin);
  }

  #scan({ matcher, rules }: LiteralSet, bytes: Uint8Array, from: number, to: number, origin: number): void {
    const hits = this.#hits;
    matcher.scan(bytes, from, to, hits);
    const { ids, count } = hits;
    for (let i = 0; i < count; i++) for (const rule of rules[ids[i] as number] as readonly number[]) this.#candidates.add(rule, origin);
    hits.clear();
  }

  #addAll(rules: readonly Rule[]): void {
    for (const { number } of rules) this.#candidates.add(number, 0);
  }

  #streamRule(rule: Rule, index: number): void {
    const { slot, side, window } = this.#touched[index] as TouchedStream;
    if (window.isTold(rule.number)) return;
    const scene = this.#scene;
    const { side: packetSide, application } = scene;
    scene.turn(slot, side);
    scene.application = this.#flows.protocolOf(slot);
    const memory = this.#states[slot]?.memory;
    if (this.#fulfils(rule, () => this.#judge.stream(rule, memory, window, window.wasTold(rule.number)))) {
      window.tell(rule.number);
      this.#match(rule, slot, side, undefined);
    } else window.wait(rule.number);
    scene.side = packetSide;
    scene.application = application;
    if (scene.block !== undefined && scene.rows !== undefined) scene.ends.ofPacket(scene.rows, scene.row);
  }

  #transactions(): void {
    const queue = this.#queue;
    this.#queue = [];
    const scene = this.#scene;
    for (const { tap, transaction, side } of queue) {
      const state = transaction.side(side);
      state.isQueued = false;
      const { rules } = tap;
      if (rules === undefined || ((this.#marks[tap.slot] as number) & Mark.passed) !== 0) continue;
      scene.turn(tap.slot, side);
      scene.application = this.#flows.protocolOf(tap.slot);
      this.#search(state);
      this.#transactionRules(rules, tap, transaction, side);
    }
  }

  /** Searches the literals of rules in values that are new. */
  #search(state: SideState): void {
    const hits = this.#hits;
    for (const values of state.values.values())
      for (const value of values) {
        if (value.isScanned) continue;
        value.isScanned = true;
        if (value.wanted.literals.length === 0) continue;
        const { bytes } = value;
        if (bytes === undefined) continue;
        for (const { transforms, literals } of value.wanted.literals) {
          const searched = transforms.length === 0 ? bytes : this.#judge.transformed(transforms, bytes);
          literals.matcher.scan(searched, 0, searched.length, hits);
          for (let i = 0; i < hits.count; i++)
            for (const rule of literals.rules[hits.ids[i] as number] as readonly number[]) state.candidates.add(rule);
          hits.clear();
        }
      }
  }

  #transactionRules(rules: ProtocolRules, tap: TransactionTap, transaction: TransactionState, side: Side): void {
    const state = transaction.side(side);
    const candidates = this.#candidates;
    candidates.begin(this.#set.rules);
    for (const number of state.candidates) candidates.add(number, 0);
    for (const rule of rules.always) candidates.add(rule.number, 0);
    for (const event of state.events) for (const rule of rules.events.get(event) ?? []) candidates.add(rule.number, 0);
    candidates.sort();
    for (let i = 0; i < candidates.count; i++) {
      const rule = candidates.rule(i);
      if (state.told.has(rule.number)) continue;
      const flow = this.#states[tap.slot];
      if (!this.#fulfils(rule, () => this.#judge.transaction(rule, flow?.memory, state, flow?.window(side)))) continue;
      state.told.add(rule.number);
      state.candidates.delete(rule.number);
      this.#match(rule, tap.slot, side, transaction);
    }
  }

  /** Asks the judge. A rule on which it fails by a bug is asked no more. */
  #fulfils(rule: Rule, ask: () => boolean): boolean {
    if (this.#benched.has(rule)) return false;
    try {
      return ask();
    } catch {
      this.#benched.add(rule);
      return false;
    }
  }

  #match(rule: Rule, slot: number, side: Side, transaction: TransactionState | undefined): void {
    const { effects } = rule.signature;
    const { scratch } = this.#judge;
    if (slot >= 0 && (scratch.captureCount > 0 || remembers(effects))) {
      const memory = this.#state(slot).remember();
      note(effects, memory);
      for (let i = 0; i < scratch.captureCount; i++) {
        const { scope, name, value } = scratch.captures[i] as Capture;
        if (scope === "flow") memory.setText(name, value);
      }
    }
    if (slot >= 0 && effects.some((effect) => effect.type === "bypass")) {
      this.#marks[slot] = (this.#marks[slot] as number) | Mark.passed;
      this.#flows.release(slot);
    }
    if (rule.silent && !rule.gated && rule.signature.action !== "pass") return;
    const captures = scratch.captures.slice(0, scratch.captureCount).filter(({ scope }) => scope !== "flow");
    this.#matched.push({
      rule,
      slot,
      side,
      transaction,
      matches: this.#judge.evidence.matches(),
      captures: captures.map(({ name, value }) => ({ name, value })),
    });
  }

  /** Tells what has matched, the most important first. A pass rule ends it; further alerts than allowed are left out. */
  #tell(): void {
    const matched = this.#matched;
    this.#matched = [];
    matched.sort((a, b) => a.rule.number - b.rule.number);
    let told = 0;
    for (const one of matched) {
      if (one.rule.signature.action === "pass") {
        if (one.rule.passesFlow && one.slot >= 0) this.#marks[one.slot] = (this.#marks[one.slot] as number) | Mark.passed;
        return;
      }
      if (told++ >= this.#set.limits.packetAlertsMax) return;
      const memory: FlowMemory | undefined = one.slot < 0 ? undefined : this.#states[one.slot]?.memory;
      this.#take(this.#teller.alertOf(one, memory));
    }
  }

  #forgetPacket(): void {
    this.#events.length = 0;
    if (this.#queue.length > 0) {
      for (const { transaction, side } of this.#queue) transaction.side(side).isQueued = false;
      this.#queue = [];
    }
    for (const { window } of this.#touched) window.isTouched = false;
    this.#touched.length = 0;
  }

  #state(slot: number): FlowState {
    return (this.#states[slot] ??= new FlowState());
  }
}
