import type { ByteView } from "#base/bytes.ts";
import { FAILED, otherSide, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { giveText } from "#contract/rule-values.ts";
import { answerEvent, queryEvent } from "./events.ts";
import * as header from "./header.ts";
import type { Message, MessageReader, Variant } from "./message-reader.ts";
import { PendingQueries } from "./pending-queries.ts";
import { StreamFrames } from "./stream-frames.ts";

/**
 * Reads one flow of DNS, mDNS, LLMNR or NetBIOS names: a `dns` event for each question and for each answer. Query and
 * answer share a transaction number when side and id fit; mDNS has no ids, so there every message has its own.
 */
export class DnsParser implements Parser {
  readonly #context: ParserContext;
  readonly #reader: MessageReader;
  readonly #variant: Variant | undefined;
  readonly #pending = new PendingQueries();
  readonly #frames: StreamFrames | undefined;
  #transactions = 0;

  constructor(context: ParserContext, reader: MessageReader, variant: Variant | undefined) {
    this.#context = context;
    this.#reader = reader;
    this.#variant = variant;
    this.#frames = context.transport === "tcp" ? new StreamFrames() : undefined;
  }

  data(side: Side, view: ByteView): number {
    if (this.#frames !== undefined) return this.#stream(this.#frames, side, view);
    return this.#message(side, view, view.at, view.end) ? view.length : FAILED;
  }

  gap(side: Side, bytes: number): boolean {
    this.#frames?.gap(side, bytes);
    return true;
  }

  end(): void {}

  #stream(frames: StreamFrames, side: Side, view: ByteView): number {
    let at = view.at;
    for (;;) {
      at = frames.next(side, view, at);
      if (frames.lost) return FAILED;
      if (frames.messageEnd < 0) return at - view.at;
      // A message that can't be read spoils nothing: the next one's beginning is known.
      this.#message(side, view, at + 2, frames.messageEnd);
      at = frames.messageEnd;
    }
  }

  /** False when nothing could be told of it. */
  #message(side: Side, view: ByteView, at: number, end: number): boolean {
    const message = this.#reader.read(view.bytes, view.view, at, end, this.#variant);
    if (message === undefined) {
      this.#context.anomaly(side, "malformed_data", `${end - at} bytes are too few for a message`);
      return false;
    }
    this.#context.rules?.frame("frame:dns.pdu", side, view.bytes, at, end, end - at);
    const isAnswer = (message.flags & header.Flag.response) !== 0;
    const empty = message.questions.length === 0 && message.answers.length === 0 && message.authorities.length === 0;
    if (empty && message.trouble !== undefined) {
      this.#context.anomaly(side, message.trouble);
      return false;
    }
    if (isAnswer) this.#answer(side, message);
    else this.#query(side, message);
    this.#judge(side, message);
    return true;
  }

  #query(side: Side, message: Message): void {
    const txId = this.#transactions++;
    if (this.#variant !== "mdns") this.#pending.add(side, message.id, txId);
    const { questions } = message;
    if (questions.length === 0) this.#context.emit("dns", side, txId, queryEvent(message, undefined, true, txId, this.#variant));
    for (let i = 0; i < questions.length; i++)
      this.#context.emit("dns", side, txId, queryEvent(message, questions[i], i === 0, txId, this.#variant));
  }

  #answer(side: Side, message: Message): void {
    const known = this.#variant === "mdns" ? -1 : this.#pending.take(otherSide(side), message.id);
    const txId = known < 0 ? this.#transactions++ : known;
    if (this.#context.rules !== undefined) this.#giveNames(side, txId, message);
    this.#context.emit("dns", side, txId, answerEvent(message, this.#variant));
  }

  /** What rules look for in names of all sections: those asked for, those of records, and those that they point to. */
  #giveNames(side: Side, txId: number, message: Message): void {
    const { rules } = this.#context;
    const word = `${this.#variant ?? "dns"}.response.rrname`;
    if (rules === undefined || !rules.wants(word)) return;
    const give = (name: string | undefined): void => giveText(rules, word, side, txId, name, this.#variant === undefined);
    for (const { rrname } of message.questions) give(rrname);
    for (const record of [...message.answers, ...message.authorities, ...message.additionals]) {
      give(record.rrname);
      if (POINTING.has(record.rrtype)) give(record.rdata ?? record.soa?.mname);
    }
  }

  #judge(side: Side, message: Message): void {
    if (message.trouble !== undefined) this.#context.anomaly(side, message.trouble);
    if (this.#variant === "nbns") return;
    if ((message.flags & header.Z) !== 0) this.#context.anomaly(side, "z_flag_set");
    const opcode = header.opcode(message.flags);
    if (opcode > header.Opcode.stateful) this.#context.anomaly(side, "invalid_opcode", `opcode ${opcode}`);
  }
}

/** Types whose data is a name. */
const POINTING: ReadonlySet<string> = new Set(["CNAME", "PTR", "MX", "NS", "SOA"]);
