import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side } from "#contract/parser.ts";
import {
  addPlayer,
  addRule,
  addTeam,
  answer,
  type GameMessage,
  GameTeller,
  lift,
  notice,
  type Player,
  query,
  setPlayer,
  wholeNumber,
} from "#protocols/game-query/message.ts";
import { gameText } from "#protocols/game-query/reader.ts";

/** Sequence number with two flags, size, number of words; each word: length, bytes, a zero. */
const HEADER_BYTES = 12;
const RESPONSE = 0x40000000;
const FROM_SERVER = 0x80000000;
export const packetBytesMax = 131_072;
export const wordsMax = 16_384;
/** Commands that wait for their answers. */
export const pendingMax = 64;

/** A packet whose words fill it. The beginning of a longer one must begin with a word of letters. */
export function probe(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  if (end - at < HEADER_BYTES) return end - at >= 8 && !plausible(view.getUint32(at + 4, true)) ? Probe.no : Probe.more;
  const size = view.getUint32(at + 4, true);
  const count = view.getUint32(at + 8, true);
  if (!plausible(size) || count === 0 || count > wordsMax || HEADER_BYTES + count * 5 > size) return Probe.no;
  let i = at + HEADER_BYTES;
  for (let word = 0; word < count; word++) {
    if (end - i < 4) return Probe.more;
    const length = view.getUint32(i, true);
    const next = i + 5 + length;
    if (length > size || next > at + size) return Probe.no;
    if (word === 0) for (let j = i + 4; j < Math.min(next - 1, end); j++) if (!isLetter(bytes[j] as number)) return Probe.no;
    if (word === 0 && length < 2) return Probe.no;
    if (next > end) return word > 2 ? Probe.yes : Probe.more;
    if (bytes[next - 1] !== 0) return Probe.no;
    i = next;
  }
  return i === at + size ? Probe.yes : Probe.no;
}

const plausible = (size: number): boolean => size >= HEADER_BYTES + 5 && size <= packetBytesMax;
/** Letters, digits, dot: what commands are made of. */
const isLetter = (byte: number): boolean =>
  byte === 0x2e || (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);

/** Remote administration of Frostbite servers. */
export class FrostbiteParser implements Parser {
  readonly #teller: GameTeller;
  /** Commands by their number, client's and server's apart. */
  readonly #pending = new Map<number, string>();

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, { bytes, view, at, end }: ByteView): number {
    let from = at;
    while (end - from >= HEADER_BYTES) {
      const size = view.getUint32(from + 4, true);
      if (!plausible(size) && size !== HEADER_BYTES) return FAILED;
      if (end - from < size) break;
      const words = readWords(bytes, view, from + 8, from + size);
      if (words === undefined) return FAILED;
      if (words.length > 0) this.#packet(side, view.getUint32(from, true), words);
      from += size;
    }
    return from - at;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}

  #packet(side: Side, sequence: number, words: readonly string[]): void {
    // Number and origin name the command; the other flag tells the answer.
    const key = sequence & ~RESPONSE;
    const [first] = words as [string];
    if ((sequence & RESPONSE) === 0) {
      if (this.#pending.size < pendingMax) this.#pending.set(key, first);
      this.#teller.tell(side, (sequence & FROM_SERVER) !== 0 ? readEvent(words) : { ...query("frostbite", typeOf(first)), command: first });
      return;
    }
    const command = this.#pending.get(key);
    this.#pending.delete(key);
    // The answers to the server's own events are empty.
    if ((sequence & FROM_SERVER) !== 0) return;
    this.#teller.tell(side, readAnswer(command ?? guess(words), words));
  }
}

function readWords(bytes: Uint8Array, view: DataView, at: number, end: number): string[] | undefined {
  const count = view.getUint32(at, true);
  if (count > wordsMax) return undefined;
  const words: string[] = [];
  let i = at + 4;
  for (let word = 0; word < count; word++) {
    if (end - i < 5) return undefined;
    const length = view.getUint32(i, true);
    if (length > end - i - 5) return undefined;
    words.push(gameText(bytes, i + 4, i + 4 + length));
    i += 5 + length;
  }
  return words;
}

function typeOf(command: string): string {
  const name = command.toLowerCase();
  if (name === "serverinfo") return "info";
  if (name === "version") return "version";
  if (name.endsWith("listplayers")) return "players";
  return name.startsWith("login") ? "login" : "command";
}

/** Which command an answer without a question belongs to. */
function guess(words: readonly string[]): string {
  if (words.length === 3 && /^[A-Z0-9]+$/.test(words[1] ?? "") && /^[0-9]+$/.test(words[2] ?? "")) return "version";
  const columns = Number(words[1]);
  if (words.slice(2, 2 + columns).includes("name") && columns < 32) return "listPlayers";
  return words.length >= 12 && wholeNumber(words[2] ?? "") !== undefined && wholeNumber(words[3] ?? "") !== undefined ? "serverInfo" : "";
}

/** `player.onJoin` and the like: who, and for some of them why. */
function readEvent(words: readonly string[]): GameMessage {
  const [name, player, more] = words;
  const types: { readonly [name: string]: string } = {
    "player.onJoin": "connect",
    "player.onLeave": "disconnect",
    "player.onKicked": "disconnect",
    "player.onDisconnect": "disconnect",
  };
  const message = notice("frostbite", types[name as string] ?? "event");
  message.command = name as string;
  if (name?.startsWith("player.") === true && player !== undefined && player !== "") message.player = player;
  if ((name === "player.onKicked" || name === "player.onDisconnect") && more !== undefined) message.reason = more;
  return message;
}

function readAnswer(command: string, words: readonly string[]): GameMessage {
  const message = answer("frostbite", typeOf(command));
  const isGood = words[0] === "OK";
  message.status = isGood ? 0 : 1;
  if (!isGood) message.reason = words[0] as string;
  else if (message.type === "version") {
    if (words[1] !== undefined) message.game = words[1];
    if (words[2] !== undefined) message.version = words[2];
  } else if (message.type === "info") readInfo(message, words);
  else if (message.type === "players") readPlayers(message, words);
  return message;
}

/** What Bad Company 2 says behind the state, then what the later games say. */
const oldNames = [
  "ranked",
  "punkbuster",
  "password",
  "uptime",
  "roundtime",
  "mod",
  "",
  "ip_port",
  "punkbuster_version",
  "join_queue",
  "region",
];
const names = [
  "ranked",
  "punkbuster",
  "password",
  "uptime",
  "roundtime",
  "ip_port",
  "punkbuster_version",
  "join_queue",
  "region",
  "pingsite",
  "country",
];

function readInfo(message: GameMessage, words: readonly string[]): void {
  const word = (index: number): string => words[index] ?? "";
  message.hostname = word(1);
  lift(message, "numplayers", word(2));
  lift(message, "maxplayers", word(3));
  message.mode = word(4);
  message.map = word(5);
  addRule(message, "roundsplayed", word(6));
  addRule(message, "roundstotal", word(7));
  const teams = Math.min(64, Math.max(0, wholeNumber(word(8)) ?? 0));
  for (let team = 0; team < teams; team++) addTeam(message, `${team + 1}`, word(9 + team));
  const next = 9 + teams;
  addRule(message, "targetscore", word(next));
  addRule(message, "online", word(next + 1));
  const isOld = !word(next + 7).includes(":") && word(next + 9).includes(":");
  const list = isOld ? oldNames : names;
  for (const [index, name] of list.entries()) {
    const value = words[next + 2 + index];
    if (value !== undefined && name !== "") tell(message, name, value);
  }
  const rest = words.slice(next + 2 + list.length);
  if (rest[0] !== undefined) addRule(message, rest.length > 1 ? "blaze_player_count" : "quickmatch", rest[0]);
  if (rest[1] !== undefined) addRule(message, "blaze_game_state", rest[1]);
}

function tell(message: GameMessage, name: string, value: string): void {
  const seconds = wholeNumber(value);
  if (name === "password") message.password = value === "true";
  else if (name === "punkbuster") message.secure = value === "true";
  else if (name === "uptime" && seconds !== undefined) message.uptime = seconds;
  else if (name === "ip_port") message.address = value;
  else if (name === "mod") message.game = value;
  else addRule(message, name, value);
}

/** How many columns, their names, how many players, their values. */
function readPlayers(message: GameMessage, words: readonly string[]): void {
  const columns = wholeNumber(words[1] ?? "") ?? 0;
  message.player_list = [];
  if (columns <= 0 || columns > 32) return;
  const columnNames = words.slice(2, 2 + columns);
  const first = 3 + columns;
  for (let at = first; at + columns <= words.length; at += columns) {
    const player: Player = {};
    for (const [index, name] of columnNames.entries()) setPlayer(player, name === "teamId" ? "team" : name, words[at + index] as string);
    addPlayer(message, player);
  }
  const count = wholeNumber(words[2 + columns] ?? "");
  if (count !== undefined) message.players = count;
}
