import type { DeliveryRow } from "#schema/delivery.ts";
import { DiskQueue, type DiskQueueOptions } from "./disk-queue.ts";
import { Grouping } from "./grouping.ts";
import { HttpPost } from "./http-post.ts";
import { noticesToldMax, templates } from "./message.ts";
import { type Notice, rankOf } from "./notice.ts";
import { SyslogDatagrams, SyslogStream, syslogLine } from "./syslog.ts";
import type { Target } from "./target.ts";
import type { Outcome, Transport } from "./transport.ts";

/** Notices are gathered this long, so that a flood is few messages, ms. */
const gatherUsualMs = 1000;
/** Lines for syslog in that time; more are given up. */
const linesMax = 1000;
/** Waits between attempts, each twice as long as the one before, ms. */
const waitMsMin = 1000;
const waitMsMax = 300_000;
/** At the end of the program, what waits is tried for so long; the rest stays on the disk, ms. */
const farewellMs = 3000;

export interface CourierOptions extends DiskQueueOptions {
  /** Directory of the queue. */
  readonly directory: string;
  /** Messages older than this are given up, ms. */
  readonly ageMsMax: number;
  readonly log: (text: string) => void;
  /** How long notices are gathered, longest wait for an answer, and shortest between attempts, ms; the usual ones when absent. */
  readonly gatherMs?: number;
  readonly answerMs?: number;
  readonly waitMs?: number;
}

/** The way to one target. */
export const transportOf = (target: Target, answerMs?: number): Transport => {
  if (target.kind === "webhook") return new HttpPost(target, answerMs);
  return target.url.protocol === "udp:" ? new SyslogDatagrams(target) : new SyslogStream(target);
};

/**
 * Brings notices to one target:
 *
 *     take ──▶ filter, severity ──▶ grouping ──▶ gathered for a second ──▶ disk queue ──▶ one attempt at a time
 *
 * An attempt that fails is made again, later and later; a message leaves the queue when it was taken, when the receiver will
 * never take it, or when it is too old. Nobody waits for any of it.
 */
export class Courier {
  readonly target: Target;
  readonly #options: CourierOptions;
  readonly #queue: DiskQueue;
  readonly #grouping: Grouping;
  readonly #transport: Transport;
  readonly #ended = new AbortController();
  #gathered: Notice[] = [];
  #more = 0;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #failures = 0;
  #counts = { sent: 0, failed: 0, refused: 0, tooOld: 0, unwritten: 0 };
  #trouble: string | undefined;

  constructor(target: Target, options: CourierOptions) {
    this.target = target;
    this.#options = options;
    this.#queue = new DiskQueue(options.directory, options);
    this.#grouping = new Grouping(target.cooldownMs);
    this.#transport = transportOf(target, options.answerMs);
  }

  /** Goes on with what an earlier run has left. Throws when the directory cannot be used. */
  start(): void {
    this.#queue.start();
    this.#timer = setInterval(() => this.#gather(performance.now()), this.#options.gatherMs ?? gatherUsualMs).unref();
    this.#work();
  }

  take(notice: Notice): void {
    if (rankOf(notice.severity) < rankOf(this.target.severityMin) || !this.target.wants(notice.event)) return;
    if (this.#grouping.take(notice, performance.now())) this.#keep(notice);
  }

  get state(): DeliveryRow {
    const { name, kind, format, url } = this.target;
    const { sent, failed, refused, tooOld, unwritten } = this.#counts;
    return {
      name,
      kind,
      format,
      host: url.host,
      queued: this.#queue.length,
      sent,
      failed,
      refused,
      dropped: this.#queue.dropped + tooOld + unwritten,
      grouped: this.#grouping.grouped,
      ...(this.#trouble !== undefined && { trouble: this.#trouble }),
    };
  }

  /** Writes what was gathered, tries for a moment to send what waits, and leaves the rest on the disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#gather(Number.POSITIVE_INFINITY);
    const farewell = setTimeout(() => this.#end(), farewellMs);
    // Who has to wait long before the next attempt does not wait here.
    if (this.#failures > 0) this.#end();
    await this.#working;
    clearTimeout(farewell);
    this.#end();
    this.#transport.end();
  }

  #end(): void {
    this.#ended.abort();
    this.#wake?.();
  }

  #keep(notice: Notice): void {
    if (this.#gathered.length < (this.target.kind === "syslog" ? linesMax : noticesToldMax)) this.#gathered.push(notice);
    else if (this.target.kind === "syslog") this.#counts.unwritten++;
    else this.#more++;
  }

  /** Puts what came since the last time into the queue. */
  #gather(now: number): void {
    for (const notice of this.#grouping.due(now)) this.#keep(notice);
    if (this.#gathered.length === 0) return;
    const [notices, more] = [this.#gathered, this.#more];
    this.#gathered = [];
    this.#more = 0;
    const { format, facility } = this.target;
    const bodies = format === "rfc5424" ? notices.map((notice) => syslogLine(notice, facility)) : [templates[format](notices, more)];
    try {
      for (const body of bodies) this.#queue.add(body, Date.now());
    } catch (error) {
      this.#counts.unwritten += bodies.length;
      this.#say(`the queue cannot be written (${(error as NodeJS.ErrnoException).code ?? "no reason given"})`);
    }
    this.#work();
  }

  #work(): void {
    this.#working ??= this.#deliver().finally(() => {
      this.#working = undefined;
    });
  }

  async #deliver(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      const message = this.#queue.first();
      if (message === undefined) return;
      if (Date.now() - message.at > this.#options.ageMsMax) {
        this.#counts.tooOld++;
        this.#queue.remove();
        continue;
      }
      const outcome = await this.#transport.send(message, this.#ended.signal);
      if (outcome.result === "again") await this.#again(outcome);
      else {
        this.#queue.remove();
        this.#taken(outcome);
      }
    }
  }

  #taken(outcome: Exclude<Outcome, { result: "again" }>): void {
    if (outcome.result === "refused") {
      this.#counts.refused++;
      this.#say(`a message was refused: ${outcome.cause}`);
      return;
    }
    this.#counts.sent++;
    if (this.#failures > 0) this.#options.log(`${this.target.kind} ${this.target.name}: messages are taken again`);
    this.#failures = 0;
    this.#trouble = undefined;
  }

  async #again({ cause, waitMs }: Extract<Outcome, { result: "again" }>): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#counts.failed++;
    this.#failures++;
    this.#say(`${cause}; it is tried again, ${this.#queue.length} messages wait on the disk`, cause);
    const grown = Math.min(waitMsMax, (this.#options.waitMs ?? waitMsMin) * 2 ** Math.min(this.#failures - 1, 20));
    // Half of it by chance, so that many who failed together do not come back together.
    const wait = waitMs ?? grown * (0.5 + Math.random() / 2);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  /** Each trouble once in a row. */
  #say(text: string, trouble = text): void {
    if (trouble !== this.#trouble) this.#options.log(`${this.target.kind} ${this.target.name}: ${text}`);
    this.#trouble = trouble;
  }
}
