import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side } from "#contract/parser.ts";
import {
  addPlayer,
  addRule,
  answer,
  type GameMessage,
  GameTeller,
  lift,
  type Player,
  query,
  setPlayer,
  wholeNumber,
} from "#protocols/game-query/message.ts";
import { gameText, matches } from "#protocols/game-query/reader.ts";

const GREETINGS = ["TS3\n", "[TS]\n", "[TS]\r\n"];
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const PIPE = 0x7c;
const SPACE = 0x20;
/** Longest line: a list of channels has one for all of them. */
export const lineBytesMax = 524_288;

/** The server greets. A client that comes first says nothing that only this protocol would say. */
export function probeQuery(_side: Side, { bytes, at, end }: ByteView): Probe {
  if (at === end) return Probe.more;
  for (const greeting of GREETINGS) {
    const shown = Math.min(greeting.length, end - at);
    if (matches(bytes, at, end, greeting.slice(0, shown))) return shown === greeting.length ? Probe.yes : Probe.more;
  }
  return Probe.no;
}

/** ServerQuery of TeamSpeak 3, TCPQuery of TeamSpeak 2: commands and what is answered, line by line. */
export class QueryParser implements Parser {
  readonly #teller: GameTeller;
  /** Bytes of each side's unfinished line that have been looked at. */
  readonly #looked: [number, number] = [0, 0];
  #isOld = false;
  #greeted = false;
  #answer: GameMessage | undefined = undefined;
  /** Columns of a table of version 2. */
  #columns: string[] | undefined = undefined;
  readonly #commands: string[] = [];

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, { bytes, at, end }: ByteView): number {
    let from = at;
    for (let look = at + this.#looked[side]; ; ) {
      const newline = bytes.indexOf(NEWLINE, look);
      if (newline < 0 || newline >= end) break;
      let start = from;
      let stop = newline;
      if (bytes[start] === CARRIAGE_RETURN) start++;
      if (stop > start && bytes[stop - 1] === CARRIAGE_RETURN) stop--;
      if (stop > start) this.#line(side, bytes, start, stop);
      from = newline + 1;
      look = from;
    }
    if (end - from > lineBytesMax) return FAILED;
    this.#looked[side] = end - from;
    return from - at;
  }

  gap(side: Side): boolean {
    this.#looked[side] = 0;
    return true;
  }

  end(): void {}

  #line(side: Side, bytes: Uint8Array, at: number, end: number): void {
    if (side === 0) this.#command(gameText(bytes, at, end));
    else if (!this.#greeted) {
      this.#greeted = true;
      this.#isOld = bytes[at] === 0x5b;
      this.#teller.tell(1, answer(this.#protocol, "greeting"));
    } else if (this.#isOld) this.#oldAnswer(gameText(bytes, at, end));
    else if (matches(bytes, at, end, "error id=")) this.#finish(gameText(bytes, at, end));
    else if (matches(bytes, at, end, "notify")) this.#notice(gameText(bytes, at, end));
    else if (!matches(bytes, at, end, "Welcome ")) this.#items(bytes, at, end);
  }

  get #protocol(): string {
    return this.#isOld ? "teamspeak2" : "teamspeak3";
  }

  /** The first word; of a login the name, and not the password. */
  #command(line: string): void {
    const words = line.trim().split(/\s+/, 4);
    const command = words[0] as string;
    if (command === "" || command.length > 64) return;
    if (this.#commands.length < 64) this.#commands.push(command);
    const message: GameMessage = { ...query(this.#protocol, command === "login" || command === "slogin" ? "login" : command), command };
    const name = message.type === "login" ? (words[1]?.split("client_login_name=").pop() ?? "") : "";
    if (name !== "") message.player = unescaped(name);
    this.#teller.tell(0, message);
  }

  get #open(): GameMessage {
    this.#answer ??= answer(this.#protocol, "");
    return this.#answer;
  }

  #tell(): void {
    const message = this.#open;
    this.#answer = undefined;
    const command = this.#commands.shift();
    message.type = command === "login" || command === "slogin" ? "login" : (command ?? "answer");
    if (command !== undefined) message.command = command;
    this.#teller.tell(1, message);
  }

  /** `error id=0 msg=ok`: an answer is over. */
  #finish(line: string): void {
    const message = this.#open;
    const [, id, reason] = /^error id=([0-9]{1,9}) msg=(\S*)/.exec(line) ?? [];
    message.status = wholeNumber(id ?? "") ?? 1;
    if (message.status !== 0 && reason !== undefined) message.reason = unescaped(reason);
    this.#tell();
  }

  #notice(line: string): void {
    const types: { readonly [name: string]: string } = { notifycliententerview: "connect", notifyclientleftview: "disconnect" };
    const name = line.split(" ", 1)[0] as string;
    const message: GameMessage = { protocol: this.#protocol, type: types[name] ?? "event", message: "notice", command: name.slice(0, 64) };
    const player = / client_nickname=(\S+)/.exec(line)?.[1];
    const reason = / reasonmsg=(\S+)/.exec(line)?.[1];
    if (player !== undefined) message.player = unescaped(player);
    if (reason !== undefined) message.reason = unescaped(reason);
    this.#teller.tell(1, message);
  }

  /** Items between `|`, each of pairs between spaces. */
  #items(bytes: Uint8Array, at: number, end: number): void {
    const message = this.#open;
    for (let from = at; from < end; ) {
      const pipe = bytes.indexOf(PIPE, from);
      const stop = pipe < 0 || pipe > end ? end : pipe;
      if (matches(bytes, from, stop, "clid=")) addPlayer(message, clientOf(bytes, from, stop));
      else if (!matches(bytes, from, stop, "cid=")) eachPair(bytes, from, stop, (name, value) => setServer(message, name, value));
      from = stop + 1;
    }
  }

  /** Version 2: `name=value` lines, or a table whose columns are separated by tabs, up to `OK` or `ERROR`. */
  #oldAnswer(line: string): void {
    const message = this.#open;
    if (line === "OK" || line.startsWith("ERROR")) {
      message.status = line === "OK" ? 0 : 1;
      if (line !== "OK") message.reason = line;
      this.#columns = undefined;
      this.#tell();
    } else if (line.includes("\t")) this.#row(message, line.split("\t"));
    else {
      const equals = line.indexOf("=");
      if (equals > 0) setServer(message, line.slice(0, equals), line.slice(equals + 1));
    }
  }

  #row(message: GameMessage, cells: string[]): void {
    if (this.#columns === undefined) {
      this.#columns = cells.slice(0, 64);
      return;
    }
    if (!this.#columns.includes("p_id")) return;
    const player: Player = {};
    for (const [index, name] of this.#columns.entries()) setClient(player, name, cells[index] ?? "");
    addPlayer(message, player);
  }
}

function clientOf(bytes: Uint8Array, at: number, end: number): Player {
  const player: Player = {};
  eachPair(bytes, at, end, (name, value) => setClient(player, name, value));
  return player;
}

function setClient(player: Player, name: string, value: string): void {
  const number = wholeNumber(value);
  if ((name === "clid" || name === "p_id") && number !== undefined) player.id = number;
  else if (name === "client_nickname" || name === "nick") player.name = value.replace(/^"(.*)"$/, "$1");
  else setPlayer(player, name, value);
}

function setServer(message: GameMessage, name: string, value: string): void {
  addRule(message, name, value);
  const plain = name.replace(/^(?:virtual)?server_/, "");
  const number = wholeNumber(value);
  if (plain === "name") message.hostname = value;
  else if (plain === "version") message.version = value;
  else if (plain === "platform") message.os = value.toLowerCase();
  else if (plain === "clientsonline" || plain === "currentusers") lift(message, "numplayers", value);
  else if (plain === "maxclients" || plain === "maxusers") lift(message, "maxplayers", value);
  else if (plain === "port" || plain === "udpport") lift(message, "hostport", value);
  else if (plain === "uptime" && number !== undefined) message.uptime = number;
  else if (plain === "flag_password" || plain === "password") message.password = value === "1";
}

/** `name=value` between spaces; a name may stand alone. */
function eachPair(bytes: Uint8Array, at: number, end: number, tell: (name: string, value: string) => void): void {
  for (let from = at; from < end; ) {
    const space = bytes.indexOf(SPACE, from);
    const stop = space < 0 || space > end ? end : space;
    const text = gameText(bytes, from, stop);
    const equals = text.indexOf("=");
    if (equals > 0) tell(text.slice(0, equals), unescaped(text.slice(equals + 1)));
    else if (text !== "") tell(text, "");
    from = stop + 1;
  }
}

const escapes: { readonly [letter: string]: string } = { s: " ", p: "|", n: "\n", r: "\r", t: "\t", "/": "/", "\\": "\\" };
const unescaped = (text: string): string => text.replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole);
