import type { Detector, Finding, FlowFact, TransactionFact } from "#contract/detector.ts";
import { AlertBudget } from "#engine/learn/budget.ts";
import { MarkovModel, type SequenceVerdict } from "#engine/learn/markov.ts";
import { PeaksOverThreshold } from "#engine/learn/threshold.ts";
import { messageName, namePaths } from "./message-name.ts";

export interface SequenceLimits {
  readonly learningMicros: number;
  /** Sequences of a channel before its sequences are judged. */
  readonly sequencesMin: number;
  readonly deviationsMin: number;
  /** Surprise of the rarest step, bits. */
  readonly rarestBitsMin: number;
  readonly alertsPerDay: number;
}

/** Flows' sides that are followed; the one that was begun first is judged as far as it came. */
const sidesMax = 20_000;
/** Messages of a side that are judged together; what follows is the next sequence. */
const messagesMax = 32;
/** Shorter ones say little. */
const messagesMin = 3;
const savedVersion = 1;
/** Some 2 MB when saved. */
const model = { order: 1, channelsMax: 64, stepsMax: 2048, namesMax: 200 } as const;

interface Running {
  readonly channel: string;
  readonly names: string[];
  client: string;
  server: string;
}

/**
 * Orders of messages that are unlike all before: for each protocol and direction it learns which message follows which.
 * A sequence is told when its steps are so improbable that what is usual would not be within the budget of alerts.
 */
export class Sequences implements Detector {
  readonly #limits: SequenceLimits;
  readonly #report: (finding: Finding) => void;
  #model: MarkovModel;
  #calibration = new PeaksOverThreshold();
  #budget: AlertBudget;
  /** By flow and side, in the order of their first message. */
  readonly #running = new Map<number, Running>();
  #born = 0;

  constructor(limits: SequenceLimits, report: (finding: Finding) => void, saved: unknown) {
    this.#limits = limits;
    this.#report = report;
    this.#model = new MarkovModel(this.#options);
    this.#budget = new AlertBudget({ alertsPerDayMax: limits.alertsPerDay, scoresPerDay: 5000 }, this.#calibration);
    this.#restore(saved);
  }

  onTransaction(fact: TransactionFact): void {
    const paths = namePaths.get(fact.kind);
    const name = paths === undefined ? undefined : messageName(fact.fields, paths);
    if (name === undefined) return;
    if (this.#born === 0) this.#born = fact.time;
    const key = fact.flowId * 2 + fact.side;
    let running = this.#running.get(key);
    if (running === undefined) {
      if (this.#running.size >= sidesMax) this.#forgetFirst(fact);
      running = {
        channel: `${fact.kind} ${fact.side === 0 ? "to server" : "to client"}`,
        names: [],
        client: fact.client,
        server: fact.server,
      };
      this.#running.set(key, running);
    }
    running.names.push(name);
    if (running.names.length < messagesMax) return;
    this.#judge(running, fact);
    running.names.length = 0;
  }

  onFlowEnd(fact: FlowFact): void {
    if (this.#running.size === 0) return;
    this.#end(fact.flowId * 2, fact);
    this.#end(fact.flowId * 2 + 1, fact);
  }

  #end(key: number, fact: FlowFact): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    this.#running.delete(key);
    this.#judge(running, fact);
  }

  save(): unknown {
    return {
      version: savedVersion,
      born: this.#born,
      model: this.#model.state(),
      calibration: this.#calibration.state(),
      budget: this.#budget.state(),
    };
  }

  get #options(): ConstructorParameters<typeof MarkovModel>[0] {
    return { ...model, sequencesMin: this.#limits.sequencesMin };
  }

  /** What cannot be used is learnt anew. */
  #restore(saved: unknown): void {
    if (typeof saved !== "object" || saved === null) return;
    const { version, born, model: known, calibration, budget } = saved as Readonly<Record<string, unknown>>;
    if (version !== savedVersion || typeof born !== "number") return;
    const options = { alertsPerDayMax: this.#limits.alertsPerDay, scoresPerDay: 5000 };
    try {
      const restored = MarkovModel.from(known, this.#options);
      const peaks = PeaksOverThreshold.from(calibration);
      this.#budget = AlertBudget.from(budget, options, peaks);
      [this.#model, this.#calibration, this.#born] = [restored, peaks, born];
    } catch {
      this.#born = 0;
    }
  }

  #forgetFirst(fact: FlowFact): void {
    for (const [key, running] of this.#running) {
      this.#running.delete(key);
      this.#judge(running, fact);
      return;
    }
  }

  #judge(running: Running, fact: FlowFact): void {
    const { channel, names } = running;
    if (names.length < messagesMin) return;
    const verdict = this.#model.observe(channel, names);
    if (verdict === undefined) return;
    const { deviationsMin, rarestBitsMin, learningMicros } = this.#limits;
    const isOld = fact.time - this.#born >= learningMicros;
    const standsOut = verdict.z >= deviationsMin && verdict.rarest.bits >= rarestBitsMin;
    if (!isOld || !standsOut) {
      // What is within the limits only teaches what is usual.
      this.#calibration.learn(Math.min(verdict.z, deviationsMin));
      return;
    }
    if (this.#budget.judge(verdict.z, fact.time)) this.#tell(running, verdict, fact);
  }

  #tell({ channel, names, client, server }: Running, verdict: SequenceVerdict, fact: FlowFact): void {
    const { rarest, z, bits, sequences } = verdict;
    const before = rarest.after.at(-1);
    const [kind, ...direction] = channel.split(" ");
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: direction.join(" ") === "to client" ? server : client,
      target: direction.join(" ") === "to client" ? client : server,
      cause: `${channel} ${before ?? ""}>${rarest.name} ${client}`,
      title: `${client} and ${server}: ${kind} messages in an order that is unlike ${sequences} before: ${rarest.name} ${before === undefined ? "at the beginning" : `after ${before}`}`,
      severity: "low",
      score: Math.min(0.9, 0.3 + z / 50),
      why: [
        { feature: "surprise of the sequence, bits a message", value: bits, sample: names.length },
        { feature: "deviations above the usual sequence", value: z, threshold: this.#limits.deviationsMin, sample: sequences },
        { feature: `surprise of ${rarest.name}, bits`, value: rarest.bits, threshold: this.#limits.rarestBitsMin },
        { feature: "messages", value: names.slice(0, 12).join(" ") },
      ],
    });
  }
}
