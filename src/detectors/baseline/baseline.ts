import type { Micros } from "#base/time.ts";
import type { BaselineControl } from "#contract/baseline-control.ts";
import type { Detector, Finding, FlowFact, TransactionFact } from "#contract/detector.ts";
import type { BaselineQuestion, BaselineReset, BaselinesAnswer } from "#schema/baseline.ts";
import { FirstPlace } from "./first-place.ts";
import { FirstSeen, type News } from "./first-seen.ts";
import type { LearningPace } from "./profile.ts";
import { Ration } from "./ration.ts";
import { Traffic } from "./traffic.ts";
import { forgetRows, rowsOf } from "./view.ts";
import { type Candidate, type VolumeLimits, Volumes } from "./volumes.ts";

export interface BaselineLimits extends VolumeLimits {
  readonly port: boolean;
  readonly protocol: boolean;
  readonly peer: boolean;
  readonly software: boolean;
  readonly place: boolean;
  readonly payload: boolean;
  readonly newsBits: number;
}

/** What is saved; another version is learnt anew. */
export const savedVersion = 1;

/**
 * What is usual here, and what is not: learns for days in packet time, says nothing before, and then at most so many
 * things a day. An interval is closed by the first fact or tick behind it; what has ended meanwhile counts where it was
 * heard of, since a flow is known when it has ended.
 */
export class Baseline implements Detector, BaselineControl {
  readonly #limits: BaselineLimits;
  readonly #report: (finding: Finding) => void;
  readonly #traffic: Traffic;
  readonly #volumes: Volumes;
  readonly #firstSeen: FirstSeen;
  readonly #firstPlace: FirstPlace;
  readonly #ration: Ration;
  /** Time that packets have reached, when the first was seen, and the end of the running interval; 0 before the first, µs. */
  #clock = 0;
  #born = 0;
  #intervalEnd = 0;
  #number = 0;

  constructor(limits: BaselineLimits, report: (finding: Finding) => void, saved: unknown) {
    this.#limits = limits;
    this.#report = report;
    const pace: LearningPace = { perHour: Math.max(1, Math.round(3_600e6 / limits.intervalMicros)), driftShare: limits.driftShare };
    this.#traffic = new Traffic(pace);
    this.#volumes = new Volumes(limits, this.#traffic);
    this.#firstSeen = new FirstSeen({ ...limits, bitsMin: limits.newsBits });
    this.#firstPlace = new FirstPlace(limits.place, limits.newsBits);
    this.#ration = new Ration(limits.alertsPerDay);
    this.#restore(saved);
  }

  onFlowUpdate(fact: FlowFact): void {
    this.#advance(fact.time, fact.number);
    this.#traffic.update(fact, this.#clock);
  }

  onFlowEnd(fact: FlowFact): void {
    this.#advance(fact.time, fact.number);
    this.#traffic.end(fact, this.#clock);
    if (!fact.answered) return;
    const { serverRow, clientRow, scopes, odd } = this.#traffic;
    if (serverRow < 0 && clientRow < 0) return;
    if (odd !== undefined && this.#clock - odd.born >= this.#limits.learningMicros)
      this.#tellNews(this.#firstSeen.payload(fact, odd), fact);
    const isOld = (row: number): boolean => this.#clock - (scopes.host.born[row] as number) >= this.#limits.learningMicros;
    const server = serverRow < 0 ? undefined : isOld(serverRow);
    const client = clientRow < 0 ? undefined : isOld(clientRow);
    const news = this.#firstSeen.flow(fact, server === true, server !== undefined, this.#clock);
    this.#tellNews(this.#firstPlace.flow(fact, { client, server }, this.#clock) ?? news, fact);
  }

  onTransaction(fact: TransactionFact): void {
    this.#advance(fact.time, fact.number);
    if (this.#traffic.scopes.host.rowOf(fact.clientHash) === undefined && !fact.clientInside) return;
    this.#tellNews(this.#firstSeen.software(fact, this.#clock), fact);
  }

  onTick(time: Micros): void {
    this.#advance(time, this.#number);
  }

  save(): unknown {
    return {
      version: savedVersion,
      interval: this.#limits.intervalMicros,
      clock: this.#clock,
      born: this.#born,
      traffic: this.#traffic.state(),
      payloads: this.#traffic.payloadState(),
      calibration: this.#volumes.state(),
      firstSeen: this.#firstSeen.state(),
      places: this.#firstPlace.state(),
      ration: this.#ration.state(),
    };
  }

  get learnt(): BaselineControl {
    return this;
  }

  baselines(question: BaselineQuestion): BaselinesAnswer {
    const { count, rows } = rowsOf(this.#traffic, question, this.#clock);
    return {
      interval_min: this.#limits.intervalMicros / 60e6,
      ...(this.#born === 0 ? {} : { since: this.#born }),
      ready: this.#born > 0 && this.#isReady,
      held_back: this.#ration.held,
      count,
      baselines: rows,
    };
  }

  forget(name?: string): BaselineReset {
    if (name !== undefined) return { forgotten: forgetRows(this.#traffic, name) };
    const { count } = rowsOf(this.#traffic, { limit: 0 }, this.#clock);
    this.#traffic.forget();
    this.#firstSeen.forget();
    this.#firstPlace.forget();
    this.#volumes.forget();
    // Everything is learnt anew, in silence.
    this.#born = this.#clock;
    return { forgotten: count };
  }

  #restore(saved: unknown): void {
    if (typeof saved !== "object" || saved === null) return;
    const { version, interval, clock, born, traffic, payloads, calibration, firstSeen, places, ration } = saved as Readonly<
      Record<string, unknown>
    >;
    if (version !== savedVersion || interval !== this.#limits.intervalMicros) return;
    if (typeof clock !== "number" || typeof born !== "number") return;
    this.#clock = clock;
    this.#born = born;
    if (typeof traffic === "object" && traffic !== null) this.#traffic.fromState(traffic as Readonly<Record<string, unknown>>);
    if (typeof payloads === "object" && payloads !== null) this.#traffic.payloadsFromState(payloads as Readonly<Record<string, unknown>>);
    this.#volumes.fromState(calibration);
    if (typeof firstSeen === "object" && firstSeen !== null) this.#firstSeen.fromState(firstSeen as Readonly<Record<string, unknown>>);
    this.#firstPlace.fromState(places);
    this.#ration.fromState(ration);
  }

  #advance(time: number, number: number): void {
    this.#number = number;
    if (time <= this.#clock) return;
    this.#clock = time;
    if (time < this.#intervalEnd) return;
    const { intervalMicros } = this.#limits;
    const begun = Math.floor(time / intervalMicros) * intervalMicros;
    if (this.#born === 0) this.#born = time;
    // After a restart the time between is not known: nobody was listening.
    else if (this.#intervalEnd > 0) this.#turn(begun);
    this.#intervalEnd = begun + intervalMicros;
  }

  #turn(begun: number): void {
    const end = this.#intervalEnd;
    for (const candidate of this.#volumes.close(end - this.#limits.intervalMicros, this.#clock, this.#isReady))
      this.#tellCandidate(candidate);
    const gap = begun > end ? this.#volumes.gap(end, begun) : undefined;
    if (gap !== undefined) this.#tellCandidate(gap);
  }

  #tellCandidate({ finding }: Candidate): void {
    if (!this.#isReady || !this.#ration.take(this.#clock)) return;
    this.#report({ ...finding, time: this.#clock as Micros, number: this.#number });
  }

  #tellNews(news: News | undefined, fact: FlowFact): void {
    if (news === undefined || !this.#isReady || !this.#ration.take(this.#clock)) return;
    const [source, target] = news.about === "server" ? [fact.server, fact.client] : [fact.client, fact.server];
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source,
      ...(news.sort === "served" ? {} : { target }),
      cause: news.cause,
      title: news.title,
      severity: "low",
      score: Math.min(0.9, news.bits / 30),
      why: news.why,
    });
  }

  get #isReady(): boolean {
    return this.#clock - this.#born >= this.#limits.learningMicros;
  }
}
