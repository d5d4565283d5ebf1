import type { ByteView } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type Parser, type ParserContext, type Side, type Transaction } from "#contract/parser.ts";

export const BINARY_BYTES = 24;
const lineBytesMax = 8192;
const keyBytesMax = 250;
const valueBytesMax = 0x4000_0000;

/** Lines of clients and servers (memcached `protocol.txt`). */
export const COMMANDS =
  /^(?:gets? \S|gats? \d+ \S|(?:set|add|replace|append|prepend|cas) \S{1,250} \d+ -?\d+ \d+(?= |$)|delete \S|(?:incr|decr) \S{1,250} \d+|touch \S{1,250} -?\d+|stats\b|version$|verbosity \d|flush_all\b|quit$)/;
export const REPLIES =
  /^(?:VALUE \S{1,250} \d+ \d+(?= |$)|END$|STORED$|NOT_STORED$|EXISTS$|NOT_FOUND$|DELETED$|TOUCHED$|OK$|ERROR$|CLIENT_ERROR |SERVER_ERROR |STAT \S+ |VERSION \S|RESET$)/;
const BINARY =
  "get set add replace delete increment decrement quit flush getq noop version getk getkq append prepend stat setq addq replaceq deleteq incrementq decrementq quitq flushq appendq prependq verbosity touch gat gatq".split(
    " ",
  );

/** A length that is told as text: never more than a value may have, 0 when it is none. */
const lengthIn = (text: string | undefined): number => Math.min(Number.parseInt(text ?? "", 10) || 0, valueBytesMax);

/** Reads one connection or flow of datagrams: a `memcached` event for each command and for the first line of each answer. */
export class MemcachedParser implements Parser {
  readonly #context: ParserContext;
  /** Bytes in front of the text of a datagram. */
  readonly #prefix: number;
  /** Bytes of values still to come. */
  readonly #skip: [number, number] = [0, 0];
  /** Word of the list of statistics or values that is under way: its further lines are not told. */
  #listed = "";
  #transactions = 0;

  constructor(context: ParserContext, prefix: number) {
    this.#context = context;
    this.#prefix = prefix;
  }

  data(side: Side, view: ByteView): number {
    const datagram = this.#prefix > 0;
    if (datagram && view.length <= this.#prefix) return FAILED;
    if (datagram) this.#skip.fill(0);
    let at = view.at + this.#prefix;
    for (;;) {
      const skipped = Math.min(this.#skip[side], view.end - at);
      this.#skip[side] -= skipped;
      at += skipped;
      if (at >= view.end) break;
      const next = (view.bytes[at] as number) >= 0x80 ? this.#binary(side, view, at) : this.#line(side, view, at);
      if (next === FAILED) return FAILED;
      if (next === at) break;
      at = next;
    }
    return datagram ? view.length : at - view.at;
  }

  gap(side: Side, bytes: number): boolean {
    if (bytes > this.#skip[side]) return false;
    this.#skip[side] -= bytes;
    return true;
  }

  end(): void {}

  #line(side: Side, { bytes, end }: ByteView, at: number): number {
    const feed = bytes.indexOf(10, at);
    if (feed < 0 || feed >= end) return end - at > lineBytesMax ? FAILED : at;
    const line = looseText(bytes, at, Math.min(feed, at + lineBytesMax)).replace(/\r$/, "");
    if (side === 0) this.#command(line);
    else if (!this.#reply(line)) return FAILED;
    return feed + 1;
  }

  #command(line: string): void {
    const words = line.split(" ");
    const command = words[0] as string;
    if (!COMMANDS.test(line)) {
      // Meta commands, and what the server will refuse.
      this.#tell(0, { command: command.slice(0, 32) });
      return;
    }
    const told: Transaction = { command };
    const isGet = /^ga?ts?$|^gets?$/.test(command);
    const first = /^gats?$/.test(command) ? 2 : 1;
    if (words[first] !== undefined && !/^(?:stats|verbosity|flush_all)$/.test(command)) told["key"] = words[first].slice(0, keyBytesMax);
    if (isGet && words.length > first + 1) told["keys"] = words.length - first;
    if (/^(?:set|add|replace|append|prepend|cas)$/.test(command)) {
      const length = lengthIn(words[4]);
      told["value_bytes"] = length;
      this.#skip[0] = length + 2;
    }
    this.#tell(0, told);
  }

  /** Returns false when the line is no answer. */
  #reply(line: string): boolean {
    const words = line.split(" ");
    const word = words[0] as string;
    if (!REPLIES.test(line)) return /^(?:\d+ *|[A-Z]{2}\b.*)$/.test(line);
    if (word === "END" && this.#listed !== "") {
      this.#listed = "";
      return true;
    }
    const told: Transaction = { reply: word };
    if (word === "VALUE") {
      told["key"] = words[1];
      told["value_bytes"] = lengthIn(words[3]);
      this.#skip[1] = (told["value_bytes"] as number) + 2;
    }
    const more = word === "STAT" && this.#listed === "STAT";
    this.#listed = word === "STAT" || word === "VALUE" ? word : "";
    if (!more) this.#tell(1, told);
    return true;
  }

  #binary(side: Side, { bytes, view, end }: ByteView, at: number): number {
    if (bytes[at] !== (side === 0 ? 0x80 : 0x81)) return FAILED;
    if (end - at < BINARY_BYTES) return at;
    const keyBytes = view.getUint16(at + 2);
    const extras = bytes[at + 4] as number;
    const body = view.getUint32(at + 8);
    if (keyBytes + extras > body || body > valueBytesMax || keyBytes > keyBytesMax) return FAILED;
    const head = BINARY_BYTES + extras + keyBytes;
    if (end - at < head) return at;
    const told: Transaction = { binary: true, command: BINARY[bytes[at + 1] as number] ?? `${bytes[at + 1]}` };
    if (keyBytes > 0) told["key"] = looseText(bytes, at + BINARY_BYTES + extras, at + head);
    told["value_bytes"] = body - keyBytes - extras;
    if (side === 1) told["reply"] = `${view.getUint16(at + 6)}`;
    this.#skip[side] = body - keyBytes - extras;
    this.#tell(side, told);
    return at + head;
  }

  #tell(side: Side, told: Transaction): void {
    this.#context.emit("memcached", side, this.#transactions++, told);
  }
}
