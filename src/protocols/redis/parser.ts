import type { ByteView } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type Parser, type ParserContext, type Side, type Transaction } from "#contract/parser.ts";
import { readCommand, splitLine } from "./commands.ts";
import { TYPES, textBytesMax, ValueReader, valuesMax } from "./value-reader.ts";

/** Commands that may wait for their replies; those beyond are told without. */
const pendingMax = 256;
const lineBytesMax = 65_536;
const STAR = 0x2a;
/** First words of what comes unasked to who has subscribed, in RESP 2. */
const MESSAGES = new Set(["message", "pmessage", "smessage"]);

interface Exchange {
  readonly txId: number;
  readonly command: Transaction;
}

/** Reads one Redis connection: a `redis` event for each command with its reply, and for each message of a channel. */
export class RedisParser implements Parser {
  readonly #context: ParserContext;
  readonly #readers = [new ValueReader(), new ValueReader()] as const;
  readonly #pending: Exchange[] = [];
  /** Commands told without their reply, which is still to come. */
  #unpaired = 0;
  #transactions = 0;
  /** What `CLIENT REPLY` asked for. */
  #replies: "on" | "off" | "skip" = "on";
  #subscribed = false;
  /** A side that was lost at a gap: a value must begin. */
  readonly #lost: [boolean, boolean] = [false, false];

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const reader = this.#readers[side];
    let at = view.at;
    if (this.#lost[side]) {
      if (TYPES[String.fromCharCode(view.bytes[at] as number)] === undefined) return FAILED;
      this.#lost[side] = false;
    }
    while (at < view.end) {
      if (side === 0 && reader.idle && view.bytes[at] !== STAR) {
        const next = this.#line(view, at);
        if (next === FAILED) return FAILED;
        if (next === at) return at - view.at;
        at = next;
        continue;
      }
      const before = at;
      at = reader.read(view, at);
      if (reader.broken) {
        this.#context.anomaly(side, side === 0 ? "malformed_request" : "malformed_response");
        return FAILED;
      }
      if (reader.complete) this.#value(side, reader);
      else if (at === before) break;
    }
    return at - view.at;
  }

  gap(side: Side, bytes: number): boolean {
    if (this.#readers[side].gap(bytes)) return true;
    this.#lost[side] = true;
    this.end();
    return true;
  }

  end(): void {
    for (const { txId, command } of this.#pending) this.#tell(txId, { cmd: command });
    this.#pending.length = 0;
    this.#unpaired = 0;
  }

  #value(side: Side, reader: ValueReader): void {
    if (side === 1) this.#reply(reader);
    else if (reader.values.length > 0) this.#command(readCommand(reader.values, reader.count), reader.values);
  }

  /** A command in a line of text; returns where it ends, `at` when its end is not there. */
  #line({ bytes, end }: ByteView, at: number): number {
    const feed = bytes.indexOf(10, at);
    if (feed < 0 || feed >= end) return end - at > lineBytesMax ? FAILED : at;
    const stop = feed > at && bytes[feed - 1] === 13 ? feed - 1 : feed;
    const line = looseText(bytes, at, Math.min(stop, at + valuesMax * textBytesMax));
    // Bytes that are no text: another protocol, or a value's middle.
    if (bytes.subarray(at, stop).some((byte) => byte < 0x20 && (byte < 0x09 || byte > 0x0d))) return FAILED;
    const { words, count } = splitLine(line, valuesMax);
    if (words.length > 0) this.#command({ ...readCommand(words, count), inline: true }, words);
    return feed + 1;
  }

  #command(command: Transaction, words: readonly string[]): void {
    const txId = this.#transactions++;
    const name = command["name"] as string;
    const silent = this.#silent(name, words);
    if (name.endsWith("SUBSCRIBE") && !name.includes("UNSUB")) this.#subscribed = true;
    if (silent) this.#tell(txId, { cmd: command });
    else if (this.#pending.length >= pendingMax || this.#unpaired > 0) {
      this.#unpaired++;
      this.#tell(txId, { cmd: command });
    } else this.#pending.push({ txId, command });
  }

  /** Whether the command gets no reply (`CLIENT REPLY`). */
  #silent(name: string, words: readonly string[]): boolean {
    const asked = name === "CLIENT REPLY" ? words[2]?.toUpperCase() : undefined;
    if (asked === "ON") this.#replies = "on";
    else if (asked === "OFF") this.#replies = "off";
    else if (asked === "SKIP" && this.#replies === "on") this.#replies = "skip";
    else {
      const silent = this.#replies !== "on";
      if (this.#replies === "skip") this.#replies = "on";
      return silent;
    }
    return asked !== "ON";
  }

  #reply(reader: ValueReader): void {
    const reply: Transaction = { type: TYPES[reader.mark] };
    const isList = "*%~>".includes(reader.mark);
    if (isList) {
      reply["type"] = reader.mark === ">" ? "array" : TYPES[reader.mark];
      reply["items"] = reader.items;
      if (reader.values.length > 0) reply["values"] = reader.values;
    } else if (reader.mark !== "_") reply["value"] = reader.values[0];
    const push = reader.mark === ">" || (this.#subscribed && reader.mark === "*" && MESSAGES.has(reader.values[0] ?? ""));
    const exchange = push ? undefined : this.#pending.shift();
    if (exchange !== undefined) this.#tell(exchange.txId, { cmd: exchange.command, success: reply["type"] !== "error", reply });
    else if (!push && this.#unpaired > 0) this.#unpaired--;
    else this.#tell(this.#transactions++, push ? { push: true, reply } : { success: reply["type"] !== "error", reply });
  }

  #tell(txId: number, fields: Transaction): void {
    this.#context.emit("redis", 0, txId, fields);
  }
}
