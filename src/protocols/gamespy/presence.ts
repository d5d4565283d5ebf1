import { type ByteView, latin1 } from "#base/bytes.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Probe, type Side } from "#contract/parser.ts";
import { addRule, type GameMessage, GameTeller, notice, query, wholeNumber } from "#protocols/game-query/message.ts";
import { GameReader, matches } from "#protocols/game-query/reader.ts";

const FINAL = "\\final\\";
/** Longest message; real ones have some hundred bytes. */
export const messageBytesMax = 16_384;
const commandBytesMax = 16;

/** First names of messages: what each is about, and who says it. */
const commands: { readonly [name: string]: readonly [type: string, message: "query" | "answer" | "notice"] } = {
  lc: ["login", "answer"],
  login: ["login", "query"],
  error: ["error", "answer"],
  logout: ["disconnect", "notice"],
  ka: ["ping", "notice"],
  status: ["status", "notice"],
  statechanged: ["status", "notice"],
  newuser: ["register", "query"],
  nur: ["register", "answer"],
  nicks: ["nicks", "query"],
  nr: ["nicks", "answer"],
  check: ["check", "query"],
  cur: ["check", "answer"],
  valid: ["valid", "query"],
  vr: ["valid", "answer"],
  search: ["search", "query"],
  bsr: ["search", "answer"],
  getprofile: ["profile", "query"],
  pi: ["profile", "answer"],
  updatepro: ["profile", "notice"],
  inviteto: ["invite", "notice"],
  bdy: ["buddies", "notice"],
  bm: ["buddy-message", "notice"],
};

/** What may be told of a message. Passwords, responses and challenges are not in it. */
const told: ReadonlySet<string> = new Set([
  "email",
  "gamename",
  "productid",
  "partnerid",
  "namespaceid",
  "profileid",
  "userid",
  "pid",
  "statstring",
  "locstring",
  "products",
]);

export function probePresence(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  if (end === at) return Probe.more;
  if (bytes[at] !== 0x5c) return probeList(view, at, end);
  const stop = bytes.indexOf(0x5c, at + 1);
  if (stop < 0 || stop >= end) return end - at <= commandBytesMax && isWord(bytes, at + 1, end) ? Probe.more : Probe.no;
  if (stop > at + commandBytesMax || commands[latin1(bytes, at + 1, stop)] === undefined) return Probe.no;
  if (finalIn(bytes, at, end) > 0) return Probe.yes;
  return end - at < 2048 ? Probe.more : Probe.no;
}

function isWord(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if ((bytes[i] as number) < 0x61 || (bytes[i] as number) > 0x7a) return false;
  return true;
}

/** Place behind the first end of a message, 0 when there is none. */
function finalIn(bytes: Uint8Array, at: number, end: number): number {
  for (let i = bytes.indexOf(0x5c, at); i >= 0 && i < end; i = bytes.indexOf(0x5c, i + 1))
    if (matches(bytes, i, end, FINAL)) return i + FINAL.length;
  return 0;
}

/** A list of servers is asked for: length, kind 0, protocol 1, encoding 3, version 0. */
function probeList(view: DataView, at: number, end: number): Probe {
  const head = [0, 1, 3, 0, 0, 0, 0];
  for (let i = 0; i < Math.min(head.length, end - at - 2); i++) if (view.getUint8(at + 2 + i) !== head[i]) return Probe.no;
  if (view.getUint8(at) > 4) return Probe.no;
  if (end - at < 9) return Probe.more;
  const length = view.getUint16(at);
  return length > 20 && end - at <= length ? Probe.yes : Probe.no;
}

/** GameSpy's logins and profiles (`\name\value…\final\`), and its lists of servers, whose answers are encrypted. */
export class PresenceParser implements Parser {
  readonly #teller: GameTeller;
  /** Bytes of each side's unfinished message that have been looked at. */
  readonly #looked: [number, number] = [0, 0];

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, input: ByteView): number {
    const { bytes, view, at, end } = input;
    if (bytes[at] !== 0x5c) return side === 0 ? this.#list(input) : FAILED;
    let from = at;
    for (let look = Math.max(at, at + this.#looked[side] - FINAL.length); ; look = from) {
      const stop = finalIn(bytes, look, end);
      if (stop === 0) break;
      if (bytes[from] !== 0x5c || stop - from > messageBytesMax) return FAILED;
      this.#message(side, new GameReader(bytes, view, from + 1, stop));
      from = stop;
    }
    if (end - from > messageBytesMax) return FAILED;
    this.#looked[side] = end - from;
    return from - at;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}

  #message(side: Side, reader: GameReader): void {
    const first = reader.until(0x5c);
    const value = reader.until(0x5c);
    const [type, kind] = commands[first] ?? ["other", side === 0 ? "query" : "answer"];
    const message: GameMessage = { protocol: "gamespy-presence", type, message: kind };
    // The first answer of the connection is a challenge, the second the login's.
    if (first === "lc" && value === "1") message.type = "challenge";
    if (type === "other") message.command = first.slice(0, 64);
    while (reader.left > 0) this.#pair(message, reader.until(0x5c), reader.until(0x5c));
    if (type === "disconnect") message.reason = side === 0 ? "the client left" : "the server closed it";
    this.#teller.tell(side, message);
  }

  #pair(message: GameMessage, name: string, value: string): void {
    if (name === "uniquenick" || name === "nick" || name === "user") {
      if (value !== "") message.player ??= value;
    } else if (name === "err") message.status = wholeNumber(value) ?? 1;
    else if (name === "errmsg") message.reason = value;
    else if (told.has(name)) addRule(message, name, value);
  }

  #list({ bytes, view, at, end }: ByteView): number {
    if (end - at < 2) return 0;
    const length = view.getUint16(at);
    if (length < 12) return FAILED;
    if (end - at < length) return 0;
    const message = query("gamespy-list", "servers");
    const reader = new GameReader(bytes, view, at + 9, at + length);
    message.game = reader.cstring();
    reader.cstring();
    reader.skip(8);
    addRule(message, "filter", reader.cstring());
    if (!reader.short) addRule(message, "fields", reader.cstring());
    this.#teller.tell(0, message);
    return FINISHED;
  }
}

/** A server that registers, and a client that asks whether the service is there: a letter, a number, texts. */
export function readMaster(reader: GameReader): GameMessage {
  const letter = reader.u8();
  if (letter === 0x09) {
    reader.u32();
    return { ...query("gamespy-list", "available"), game: reader.cstring() };
  }
  reader.u32();
  const message = notice("gamespy-list", "heartbeat");
  while (reader.left > 1) {
    const name = reader.cstring();
    if (name === "") break;
    const value = reader.cstring();
    if (!reader.short) addRule(message, name, value);
  }
  return message;
}
