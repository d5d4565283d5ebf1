import { type AccountSignature, signatureOf } from "./account-signature.ts";
import { ActionWindow, waypointsMax } from "./action-window.ts";
import type { BotConfig, RhythmConfig } from "./bot-config.ts";
import type { BotScorer } from "./bot-scorer.ts";
import { ChannelTable } from "./channel-table.ts";
import { Conditional } from "./conditional.ts";
import { gatherEvidence, stands } from "./evidence.ts";
import { SequentialTest } from "./fusion.ts";
import { type Judgement, judge, measuredCount, type RhythmBench, weigh } from "./judge.ts";
import { PlayerNumbers, pairAt, places, putPair, sections } from "./player-numbers.ts";
import type { Verdict } from "./verdict.ts";

// What every player has.
const LAST_ACTION = places.rhythm;
const LAST_MOVE = places.rhythm + 1;
const X = places.rhythm + 2;
const Y = places.rhythm + 3;

/** What is kept of an evaluation: its measures, and behind them where loop and path were found. */
const keptCount = measuredCount + 8;

/** How many of those that were pushed have left a ring. */
const left = (pushed: number, size: number): number => Math.max(0, pushed - size);

/** Keys of raw packets stand above all opcodes: size classes of 16 bytes. */
const rawKeys = 0x4000_0000;
/** All movement shares one kind; which opcode carries it does not matter. */
const moveKey = 0x3fff_ffff;

/**
 * Judges the decisions of a player, not the packets of the client. Per packet: the client's clock is taken out
 * (channel table, movement reports), what is left is an action with the wait before it, kept in a ring. Each
 * `evaluationActions` the ring is measured (features), compared with people (rarity), fused (likelihood ratios of
 * families) and fed to a sequential test. A verdict tells the measures of the last evaluation, and the waits of now. The bench, with its scratch memory, is shared by all players of a thread.
 */
export class RhythmScorer implements BotScorer {
  readonly #bench: RhythmBench;
  readonly #numbers: PlayerNumbers;
  readonly #window: ActionWindow;
  readonly #kinds: ChannelTable;
  readonly #server: ChannelTable;
  readonly #conditional: Conditional;
  readonly #test: SequentialTest;
  #packets = 0;
  #named = 0;
  #moves = 0;
  #movesInWalks = 0;
  /** Actions at the last evaluation; 0 before the first. */
  #evaluatedAt = 0;
  /** Only of accounts that are compared. */
  #signature: AccountSignature | undefined;
  #signatureAt = 0;

  constructor(config: BotConfig, bench: RhythmBench, numbers = new PlayerNumbers()) {
    this.#bench = bench;
    this.#numbers = numbers;
    numbers.all.fill(Number.NaN, X, Y + 1);
    this.#window = new ActionWindow(config.rhythm.windowActions, numbers);
    this.#kinds = new ChannelTable(config.rhythm, numbers, sections.kinds);
    this.#server = new ChannelTable(config.rhythm, numbers, sections.server);
    this.#conditional = new Conditional(config.rhythm, numbers);
    this.#test = new SequentialTest(config.rhythm);
  }

  get #config(): RhythmConfig {
    return this.#bench.config;
  }

  action(time: number, opcode: number, size: number, direction: 0 | 1, fields?: Float64Array): void {
    if (direction === 1) {
      this.serverEvent(time, opcode);
      return;
    }
    if (this.#bench.ignored.has(opcode)) return;
    this.#packets += 1;
    if (opcode >= 0) this.#named += 1;
    if (fields !== undefined && fields.length >= 2 && this.#reports(time, fields[0] as number, fields[1] as number)) return;
    const moves = fields !== undefined && fields.length >= 2;
    const key = opcode < 0 ? rawKeys + (size >> 4) : moves ? moveKey : opcode;
    const slot = this.#kinds.slot(key);
    // Of raw packets nobody knows which are pings: any clock is taken out, however slow.
    const ticks = this.#kinds.note(slot, time, opcode < 0 ? Number.POSITIVE_INFINITY : this.#config.tickSecondsMax);
    if (ticks) return;
    this.#decide(time, slot);
  }

  /**
   * True when a position is only the client's report. Where most reports follow each other closely, the client reports
   * by its clock and no report is a decision; where they come one by one, each is a step that somebody ordered.
   */
  #reports(time: number, x: number, y: number): boolean {
    const { all } = this.#numbers;
    const last = all[LAST_MOVE] as number;
    const goesOn = last > 0 && time - last < this.#config.moveGapSeconds * 1e6;
    all[LAST_MOVE] = time;
    this.#moves += 1;
    if (goesOn) this.#movesInWalks += 1;
    if (Number.isFinite(x) && Number.isFinite(y)) {
      all[X] = x;
      all[Y] = y;
    }
    return goesOn || this.#movesInWalks * 2 > this.#moves;
  }

  #decide(time: number, slot: number): void {
    this.#conditional.action(time);
    const numbers = this.#numbers;
    const [last, x, y] = [numbers.all[LAST_ACTION] as number, numbers.all[X] as number, numbers.all[Y] as number];
    if (!Number.isNaN(x)) this.#window.pushPoint(x, y);
    if (last > 0) {
      // Captures can step back in time a little; a wait is never negative.
      this.#window.push(Math.max(0, time - last) / 1e6, slot);
      const { count, actionsMax } = this.#window;
      const { evaluationActions, evaluationActionsFull, actionsMin } = this.#config;
      const every = count <= actionsMax ? evaluationActions : evaluationActionsFull;
      if (count % every === 0 && count >= actionsMin) {
        this.#test.add(this.#judge().ratio, count <= actionsMax ? 1 : every / actionsMax);
        this.#keep();
      }
    }
    numbers.all[LAST_ACTION] = time;
  }

  serverEvent(time: number, opcode?: number): void {
    if (opcode !== undefined && this.#server.note(this.#server.slot(opcode), time, Number.POSITIVE_INFINITY)) return;
    this.#conditional.stimulus(time);
  }

  roundTrip(_time: number, roundTrip: number): void {
    this.#conditional.roundTrip(roundTrip);
  }

  returns(): void {
    this.#numbers.all[LAST_ACTION] = 0;
    this.#numbers.all[LAST_MOVE] = 0;
    this.#conditional.returns();
  }

  #judge(): Judgement {
    const { workspace } = this.#bench;
    workspace.n = this.#window.copyActions(workspace.gaps, workspace.tokens);
    workspace.points = this.#window.copyPoints(workspace.x, workspace.y);
    workspace.prepare();
    return judge(this.#bench, this.#conditional);
  }

  /** Keeps what an evaluation has measured, in single precision: who asks until the next is told it again. */
  #keep(): void {
    const numbers = this.#numbers;
    const { values, repetition, path } = this.#bench;
    if (numbers.room(sections.measured) === 0) numbers.grow(sections.measured, keptCount / 2);
    const kept = new Float64Array(keptCount);
    kept.set(values);
    kept.set([repetition.longestRunLength, repetition.longestRunLag, repetition.longestRunAt, repetition.timingLag], measuredCount);
    kept.set([path.lag, path.at, path.length, this.#window.waypoints], measuredCount + 4);
    const from = numbers.from(sections.measured);
    for (let i = 0; i < keptCount; i += 2) putPair(numbers.all, from + (i >> 1), kept[i] as number, kept[i + 1] as number);
    this.#evaluatedAt = this.#window.count;
  }

  /**
   * What the last evaluation has measured, compared with people once more; a window costs six times as much to measure.
   * Where a loop or a path has left the window since, the window of now is measured.
   */
  #opinion(): Judgement {
    if (this.#evaluatedAt === 0) return this.#judge();
    const bench = this.#bench;
    const { workspace } = bench;
    this.#recall();
    const judgement = weigh(bench, this.#conditional);
    if (!stands(bench, judgement)) return this.#judge();
    workspace.n = this.#window.copyActions(workspace.gaps, workspace.tokens);
    workspace.points = this.#window.copyPoints(workspace.x, workspace.y);
    workspace.prepareWaits();
    return judgement;
  }

  /** Puts back into the bench what was kept; places are those in the window of now, below 0 where they have left it. */
  #recall(): void {
    const bench = this.#bench;
    const { repetition, path, values } = bench;
    const { all } = this.#numbers;
    const from = this.#numbers.from(sections.measured);
    const kept = (i: number): number => pairAt(all, from + (i >> 1))[i & 1] as number;
    for (let i = 0; i < measuredCount; i++) values[i] = kept(i);
    const { count, actionsMax, waypoints } = this.#window;
    bench.measuredActions = Math.min(this.#evaluatedAt, actionsMax);
    bench.movedActions = left(count, actionsMax) - left(this.#evaluatedAt, actionsMax);
    repetition.longestRunLength = kept(measuredCount);
    repetition.longestRunLag = kept(measuredCount + 1);
    repetition.longestRunAt = kept(measuredCount + 2);
    repetition.timingLag = kept(measuredCount + 3);
    path.lag = kept(measuredCount + 4);
    path.at = kept(measuredCount + 5) - left(waypoints, waypointsMax) + left(kept(measuredCount + 7), waypointsMax);
    path.length = kept(measuredCount + 6);
  }

  /** Everything that the last window shows, whether or not it is time to decide: for calibration and benches. */
  measureNow(): Judgement {
    return this.#judge();
  }

  verdict(): Verdict {
    const { actionsMin } = this.#config;
    const { count } = this.#window;
    const judgement = count >= actionsMin ? this.#opinion() : undefined;
    const opcodeOf = (token: number): number => this.#kinds.key(token);
    return {
      scorer: "rhythm",
      says: this.#isNamed ? this.#test.says : "undecided",
      score: judgement === undefined ? 0 : this.#score(),
      actions: count,
      actionsMin,
      packets: this.#packets,
      coverage: this.#isNamed ? "opcodes" : "packets",
      missing: this.#missing(count),
      parts: judgement?.parts ?? [],
      evidence: judgement === undefined ? [] : gatherEvidence(this.#bench, judgement, this.#conditional, opcodeOf),
    };
  }

  /** True when most packets have an opcode with a name: of the others nobody knows whether a person or a clock sends them. */
  get #isNamed(): boolean {
    return this.#named * 2 > this.#packets;
  }

  /** Of raw packets nothing above one half is told: what ticks there is the client, whoever plays. */
  #score(): number {
    const score = 1 / (1 + Math.exp(-this.#test.sum));
    return this.#isNamed ? score : Math.min(0.5, score);
  }

  #missing(count: number): string[] {
    const missing: string[] = [];
    if (!this.#isNamed) missing.push("no plugin names the opcodes: what is left of raw packets is no proof of decisions");
    if (count < this.#config.actionsMin) missing.push(`${count} of ${this.#config.actionsMin} actions`);
    if (Number.isNaN(this.#numbers.all[X])) missing.push("no positions");
    if (this.#conditional.fastShare === undefined) missing.push("too few answers to events of the server");
    if (this.#conditional.delayCorrelation === undefined) missing.push("no round trips that vary");
    return missing;
  }

  /** The fingerprint to compare accounts by; kept until a quarter of the window is new. */
  signature(): AccountSignature {
    const { count, actionsMax } = this.#window;
    if (this.#signature === undefined || count - this.#signatureAt >= actionsMax / 4) {
      this.#signature = this.#measureSignature();
      this.#signatureAt = count;
    }
    return this.#signature;
  }

  #measureSignature(): AccountSignature {
    const { gaps, tokens } = this.#bench.workspace;
    const n = this.#window.copyActions(gaps, tokens);
    const opcodes = new Int32Array(n);
    for (let i = 0; i < n; i++) opcodes[i] = this.#kinds.key(tokens[i] as number);
    return signatureOf(opcodes, gaps, n);
  }
}
