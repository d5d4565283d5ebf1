import { LiteralHits } from "#base/literal.ts";
import type { AlertTaker, FlowLookup, Inspector, LoadedRules, PacketRows, StreamInspection, TaggedTaker } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import type { FrameBlock } from "#contract/source.ts";
import { showsPayload } from "./alert-shows.ts";
import { Candidates } from "./candidates.ts";
import type { FlowMemory } from "./flow-memory.ts";
import { type FlowState, FlowStates, Mark } from "./flow-state.ts";
import { MatchedRules } from "./matched-rules.ts";
import { PacketSearch, type TouchedStream } from "./packet-search.ts";
import { eventName, type Rule } from "./rule.ts";
import { RuleJudge } from "./rule-judge.ts";
import type { RuleSet } from "./rule-set.ts";
import { Scene } from "./scene.ts";
import { type SideState, TransactionState } from "./transaction-state.ts";
import { type TapHost, TransactionTap } from "./transaction-tap.ts";
import { WindowMemory } from "./window-memory.ts";
import type { ProtocolRules, WantedWord } from "./word-rules.ts";

const TCP = 6;
/** Memory for windows over streams that one partition may hold, bytes; flows beyond it are read without. */
const windowBytesMax = 32 * 1024 * 1024;
/** Events of one packet that rules are asked about. */
const eventsMax = 32;

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
  readonly #scene: Scene;
  readonly #judge: RuleJudge;
  readonly #hits = new LiteralHits();
  readonly #candidates = new Candidates();
  readonly #states: FlowStates;
  readonly #matched: MatchedRules;
  readonly #search: PacketSearch;
  readonly #tagged: TaggedTaker;
  readonly #events: string[] = [];
  readonly #touched: TouchedStream[] = [];
  #queue: QueuedTransaction[] = [];
  readonly #benched = new Set<Rule>();
  readonly #memoryOfWindows = new WindowMemory();
  #windowBytes = 0;

  constructor(set: RuleSet, flows: FlowLookup, take: AlertTaker, tagged: TaggedTaker = () => undefined) {
    set.prepare();
    this.#tagged = tagged;
    this.#set = set;
    this.#flows = flows;
    this.#states = new FlowStates(flows.slots);
    this.#scene = new Scene(flows);
    this.#judge = new RuleJudge(this.#scene, set.platform);
    this.#matched = new MatchedRules(this.#scene, this.#judge, this.#states, take);
    this.#openLists();
    this.#search = new PacketSearch(this.#scene, this.#candidates);
  }

  get readsStreams(): boolean {
    return this.#set.packets.readsStreams || showsPayload(this.#set.shows);
  }

  get choosesFiles(): boolean {
    return this.#set.choosesFiles;
  }

  rulesOf(protocol: string): ProtocolRules | undefined {
    return this.#set.protocols.get(protocol);
  }

  open(slot: number, protocol: string): StreamInspection | undefined {
    return this.#set.protocols.has(protocol) ? new TransactionTap(this, slot, protocol) : undefined;
  }

  search(wanted: WantedWord, state: SideState, bytes: Uint8Array, from: number, to: number): boolean {
    const hits = this.#hits;
    let found = false;
    for (const { transforms, literals } of wanted.literals) {
      if (transforms.length === 0) literals.matcher.scan(bytes, from, to, hits);
      else {
        const changed = this.#judge.transformed(transforms, bytes.subarray(from, to));
        literals.matcher.scan(changed, 0, changed.length, hits);
      }
      if (hits.count === 0) continue;
      found = true;
      for (let i = 0; i < hits.count; i++) state.addCandidates(literals.rules[hits.ids[i] as number] as readonly number[]);
      hits.clear();
    }
    return found;
  }

  queue(tap: TransactionTap, transaction: TransactionState, side: Side): void {
    this.#queue.push({ tap, transaction, side });
  }

  stores(tap: TransactionTap, transaction: TransactionState, side: Side): boolean {
    const { rules, slot } = tap;
    if (rules === undefined || this.#states.has(slot, Mark.passed) || this.#isUnseen(slot)) return false;
    if (this.#states.of(slot)?.stored?.has(side, transaction.id) === true) return true;
    const state = transaction.side(side);
    const scene = this.#scene;
    scene.leavePacket();
    scene.turn(slot, side);
    scene.isEstablished = scene.isTcp ? this.#states.has(slot, Mark.established) : this.#flows.isEstablished(slot);
    scene.application = this.#flows.protocolOf(slot);
    const flow = this.#states.of(slot);
    const wants = (rule: Rule | undefined): boolean =>
      rule?.needsFile === true &&
      this.#fulfils(rule, () => this.#judge.transaction(rule, flow?.memory, state, flow?.window(side), transaction.bits));
    return rules.always.some(wants) || [...state.candidates].some((number) => wants(this.#set.rules[number]));
  }

  parserEvent(tap: TransactionTap, side: Side, event: string): void {
    const transaction = new TransactionState(-1);
    transaction.side(side).addEvent(event);
    this.queue(tap, transaction, side);
  }

  event(_slot: number, _side: Side, _layer: "decode" | "stream", event: string): void {
    this.#note(eventName(event));
  }

  #note(event: string): void {
    if (this.#events.length < eventsMax && this.#set.packets.events.has(event)) this.#events.push(event);
  }

  stream(slot: number, side: Side, bytes: Uint8Array, from: number, to: number): void {
    if (this.#states.has(slot, Mark.passed | Mark.bypassed)) return;
    const opposite = this.#states.of(slot)?.window((side ^ 1) as Side);
    if (opposite !== undefined) opposite.isOver = true;
    if (!this.#set.packets.streamSides[side] && !showsPayload(this.#set.shows)) return;
    const state = this.#states.open(slot);
    const known = state.window(side);
    if (known === undefined && this.#windowBytes > windowBytesMax) {
      this.#flows.tally("streamsUnseen");
      return;
    }
    const window = known ?? state.openWindow(side, this.#memoryOfWindows);
    const depth = this.#set.limits.streamDepthBytes;
    if (depth > 0 && window.total >= depth) return;
    if (showsPayload(this.#set.shows)) this.#excerpt(state, side, bytes, from, to);
    const wasTouched = window.isTouched;
    this.#windowBytes += window.append(bytes, from, to);
    if (!wasTouched) this.#touched.push({ slot, side, window });
  }

  /** Keeps what alerts show of the stream. */
  #excerpt(state: FlowState, side: Side, bytes: Uint8Array, from: number, to: number): void {
    const excerpt = state.openExcerpt(side, this.#set.shows?.bytesMax ?? 0);
    this.#windowBytes += excerpt.append(bytes, from, to);
    const other = state.excerpt((side ^ 1) as Side);
    if (other !== undefined) other.isOver = true;
  }

  gap(slot: number, side: Side, bytes: number): void {
    const { shows } = this.#set;
    if (shows !== undefined && showsPayload(shows) && this.#windowBytes <= windowBytesMax)
      this.#windowBytes += this.#states.open(slot).openExcerpt(side, shows.bytesMax).gap(bytes);
    const window = this.#states.of(slot)?.window(side);
    if (window === undefined) return;
    window.isOver = true;
    window.total += bytes;
  }

  /** True when rules do not look at the stream, because they have not seen it begin: then packets stand for themselves. */
  #isUnseen(slot: number): boolean {
    return !this.#set.limits.midstream && this.#flows.isMidstream(slot);
  }

  packet(block: FrameBlock, rows: PacketRows, row: number, slot: number, side: Side, whole: boolean, inStream: boolean): void {
    const scene = this.#scene;
    scene.ofPacket(block, rows, row, slot, side);
    scene.isWhole = whole;
    const isUnseen = slot >= 0 && this.#isUnseen(slot);
    scene.inStream = inStream && !isUnseen;
    if (isUnseen) this.#untouch();
    const marks = slot < 0 ? 0 : this.#marksOf(slot, side);
    if ((marks & Mark.passed) === 0) {
      if ((marks & Mark.bypassed) === 0) this.#packetRules(marks);
      if (this.#queue.length > 0) this.#transactions();
      this.#matched.tell(this.#set.limits.packetAlertsMax);
    }
    if (slot >= 0) this.#tellPacket(block, rows, row, slot, side, (marks & Mark.passed) === 0 && this.#states.has(slot, Mark.tagged));
    this.#forgetPacket();
    if (slot >= 0 && this.#flows.isEstablished(slot)) this.#states.mark(slot, Mark.established);
  }

  /** Tells a packet of a flow that a rule has tagged; where rules tag hosts, the gate hears of each. */
  #tellPacket(block: FrameBlock, rows: PacketRows, row: number, slot: number, side: Side, isTagged: boolean): void {
    const isTold = isTagged && this.#countTags(slot, block.captured[rows.frame[row] as number] as number);
    if (isTold) this.#tagged(slot, side, block, rows, row, "tell");
    if (this.#set.tagsHosts) this.#tagged(slot, side, block, rows, row, isTold ? "count" : "ask");
  }

  #countTags(slot: number, bytes: number): boolean {
    const tags = this.#states.of(slot)?.tags;
    const isTold = tags?.packet(this.#flows.time, bytes) === true;
    if (tags?.isEmpty !== false) this.#states.unmark(slot, Mark.tagged);
    return isTold;
  }

  flowEnd(slot: number): void {
    if (this.#queue.length > 0 && !this.#states.has(slot, Mark.passed)) {
      const scene = this.#scene;
      scene.leavePacket();
      scene.isEstablished = this.#flows.isEstablished(slot);
      this.#transactions();
      this.#matched.tell(this.#set.limits.packetAlertsMax);
    }
    this.#forgetPacket();
    this.#windowBytes -= this.#states.of(slot)?.close() ?? 0;
    this.#states.close(slot);
  }

  use(rules: LoadedRules): void {
    this.#set = rules as RuleSet;
    this.generation++;
    this.#openLists();
    this.#benched.clear();
    this.#states.forgetRules();
  }

  /** What is known of the flow now, and what the scene is. */
  #marksOf(slot: number, side: Side): number {
    const scene = this.#scene;
    const flows = this.#flows;
    let marks = this.#states.marks(slot);
    const isTcp = flows.transportOf(slot) === TCP;
    const application = isTcp && this.#isUnseen(slot) ? undefined : flows.protocolOf(slot);
    if ((marks & Mark.known) === 0 && application !== undefined) {
      // Suricata learns the protocol of TCP's bytes when they have been acknowledged.
      const found = Mark.found * 3;
      if (!isTcp || ((marks & found) !== 0 && (marks & (Mark.found << side)) === 0)) marks |= Mark.known;
      else if ((marks & found) === 0) marks |= Mark.found << side;
      this.#states.mark(slot, marks);
    }
    scene.isEstablished = isTcp ? (marks & Mark.established) !== 0 && !this.#isUnseen(slot) : flows.isEstablished(slot);
    scene.application = (marks & Mark.known) === 0 ? undefined : application;
    return marks;
  }

  #packetRules(marks: number): void {
    const { packets, rules } = this.#set;
    const { side, slot } = this.#scene;
    const candidates = this.#candidates;
    candidates.begin(rules);
    const now = this.#search.find(packets, marks, this.#events, this.#touched);
    if (slot >= 0 && now !== marks) this.#states.mark(slot, now);
    candidates.sort();
    for (let i = 0; i < candidates.count; i++) {
      const rule = candidates.rule(i);
      const origin = candidates.origin(i);
      if (origin > 0) this.#streamRule(rule, this.#touched[origin - 1] as TouchedStream);
      else if (this.#fulfils(rule, () => this.#judge.packet(rule, this.#memory(slot))))
        this.#matched.add(rule, slot, side, undefined, false);
    }
  }

  #streamRule(rule: Rule, { slot, side, window }: TouchedStream): void {
    if (window.isTold(rule.number)) return;
    const scene = this.#scene;
    const { side: packetSide, application } = scene;
    scene.turn(slot, side);
    scene.application = this.#flows.protocolOf(slot);
    const memory = this.#memory(slot);
    if (this.#fulfils(rule, () => this.#judge.stream(rule, memory, window, window.wasTold(rule.number)))) {
      window.tell(rule.number);
      this.#matched.add(rule, slot, side, undefined, true);
    } else window.wait(rule.number, this.#judge.missing);
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
      if (rules === undefined || (state.isQuiet && rules.always.length === 0)) continue;
      if (this.#states.has(tap.slot, Mark.passed) || this.#isUnseen(tap.slot)) continue;
      scene.turn(tap.slot, side);
      scene.application = this.#flows.protocolOf(tap.slot);
      this.#transactionRules(rules, tap, transaction, side);
    }
  }

  #transactionRules(rules: ProtocolRules, tap: TransactionTap, transaction: TransactionState, side: Side): void {
    const state = transaction.side(side);
    const candidates = this.#candidates;
    candidates.begin(this.#set.rules);
    for (const number of state.candidates) candidates.add(number, 0);
    if (transaction.id >= 0) for (const rule of rules.always) candidates.add(rule.number, 0);
    if (transaction.frame !== undefined)
      for (const rule of rules.always) if (rule.words[0]?.buffer === transaction.frame) candidates.add(rule.number, 0);
    for (const event of state.events) for (const rule of rules.events.get(event) ?? []) candidates.add(rule.number, 0);
    candidates.sort();
    for (let i = 0; i < candidates.count; i++) {
      const rule = candidates.rule(i);
      if (state.wasTold(rule.number) || state.hasFailed(rule.number)) continue;
      const flow = this.#states.of(tap.slot);
      if (!this.#fulfils(rule, () => this.#judge.transaction(rule, flow?.memory, state, flow?.window(side), transaction.bits))) {
        if (this.#judge.failedByValues) state.fail(rule.number);
        continue;
      }
      state.tell(rule.number);
      this.#matched.add(rule, tap.slot, side, transaction, this.#scene.isTcp);
    }
  }

  /** Asks the judge. A rule on which it fails by a bug is asked no more. */
  #fulfils(rule: Rule, ask: () => boolean): boolean {
    if (this.#benched.has(rule)) return false;
    const { trials } = this.#set;
    try {
      return trials === undefined ? ask() : trials.measure(rule.number, ask);
    } catch {
      this.#benched.add(rule);
      this.#flows.tally("rulesBenched");
      return false;
    }
  }

  #memory(slot: number): FlowMemory | undefined {
    return slot < 0 ? undefined : this.#states.of(slot)?.memory;
  }

  #openLists(): void {
    const datasets = this.#set.datasets.ofPartition();
    this.#judge.scratch.datasets = datasets;
    this.#judge.reputation = this.#set.reputation;
    this.#matched.datasets = datasets;
    this.#matched.shows = this.#set.shows;
  }

  #untouch(): void {
    const touched = this.#touched;
    // An array whose length is set gives its memory away, even when there is nothing in it.
    while (touched.length > 0) (touched.pop() as TouchedStream).window.isTouched = false;
  }

  #forgetPacket(): void {
    while (this.#events.length > 0) this.#events.pop();
    if (this.#queue.length > 0) {
      for (const { transaction, side } of this.#queue) transaction.side(side).isQueued = false;
      this.#queue = [];
    }
    this.#untouch();
  }
}
