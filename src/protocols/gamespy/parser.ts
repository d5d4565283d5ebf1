import type { ByteView } from "#base/bytes.ts";
import type { Parser, ParserContext, Side } from "#contract/parser.ts";
import { Assemblies } from "#protocols/game-query/assembly.ts";
import {
  addPlayer,
  addTeam,
  answer,
  type GameMessage,
  GameTeller,
  type Player,
  query,
  setPlayer,
  setRule,
} from "#protocols/game-query/message.ts";
import { GameReader, gameText, matches } from "#protocols/game-query/reader.ts";
import { readMaster } from "./presence.ts";
import { isAvailable, questions } from "./probe.ts";
import { fillPlayers, Sections } from "./sections.ts";

/** GameSpy's three versions. Parts of an answer are put together. */
export class GamespyParser implements Parser {
  readonly #teller: GameTeller;
  readonly #assemblies = new Assemblies();
  /** Parts of version 1 have no number when the game leaves it out: they count in their order. */
  #unnumbered = 0;
  /** Minecraft was asked for its short answer, which has no names. */
  #short = false;

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, input: ByteView): number {
    const { bytes, at, end } = input;
    const first = bytes[at];
    if (first === 0x5c) this.#text(side, bytes, at, end);
    else if (first === 0xfe && end - at >= 7) this.#query(side, bytes, at, end);
    else if ((first === 0x03 && end - at > 14) || (first === 0x09 && isAvailable(bytes, at, end)))
      this.#master(side, GameReader.at(input, 0));
    else if (first === 0x09 && end - at >= 7) this.#teller.tell(side, answer("gamespy3", "challenge"));
    else if (first === 0x00 && end - at >= 7) this.#answer(side, bytes, at, end);
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}

  #master(side: Side, reader: GameReader): void {
    this.#teller.tell(side, readMaster(reader));
  }

  #query(side: Side, bytes: Uint8Array, at: number, end: number): void {
    if (bytes[at + 2] === 0x09) this.#teller.tell(side, query("gamespy3", "challenge"));
    else {
      this.#short = end - at === 11;
      this.#teller.tell(side, query(end - at === 10 ? "gamespy2" : "gamespy3", "status"));
    }
  }

  #text(side: Side, bytes: Uint8Array, at: number, end: number): void {
    const asked = questions.find((word) => matches(bytes, at + 1, end, word) && bytes[at + 1 + word.length] === 0x5c);
    if (asked !== undefined && end - at <= asked.length + 40) {
      this.#teller.tell(side, query("gamespy1", asked === "packets" ? "status" : asked));
      return;
    }
    const tail = gameText(bytes, Math.max(at, end - 48), end);
    const id = /\\queryid\\([0-9]{1,10})(?:\.([0-9]{1,3}))?(?:\\final\\)?$/.exec(tail);
    const last = tail.includes("\\final\\");
    const index = id?.[2] === undefined ? this.#unnumbered : Number(id[2]) - 1;
    if (index < 0) return;
    this.#unnumbered = last ? 0 : index + 1;
    const parts = this.#assemblies.add(`${side}`, index, last ? index + 1 : 0, bytes, at, end);
    if (parts !== undefined) this.#teller.tell(side, readText(parts));
  }

  /** Version 3 says `splitnum`, the number with the highest bit for the last part; version 2 begins at once. */
  #answer(side: Side, bytes: Uint8Array, at: number, end: number): void {
    if (!matches(bytes, at + 5, end, "splitnum\0")) {
      const reader = new GameReader(bytes, new DataView(bytes.buffer, bytes.byteOffset), at + 5, end);
      this.#teller.tell(side, this.#short ? readShort(reader) : readPlain(reader));
      return;
    }
    if (end - at < 16) return;
    const number = bytes[at + 14] as number;
    const isLast = (number & 0x80) !== 0;
    if (number === 0) {
      // Just Cause 2 sends one part without that bit, and its own list of players behind the settings.
      const message = readJustCause(bytes.slice(at + 15, end));
      if (message !== undefined) {
        this.#teller.tell(side, message);
        return;
      }
    }
    const index = number & 0x7f;
    const parts = this.#assemblies.add(`${side}`, index, isLast ? index + 1 : 0, bytes, at + 15, end);
    if (parts === undefined) return;
    const message = answer("gamespy3", "status");
    const sections = new Sections();
    for (const part of parts) sections.read(part);
    sections.fill(message);
    this.#teller.tell(side, message);
  }
}

/** `\name\value…`: names that end with `_` and a number tell of a player or a team. */
function readText(parts: readonly Uint8Array[]): GameMessage {
  const message = answer("gamespy1", "status");
  const players = new Map<string, Player>();
  for (const part of parts) {
    // A text of its own for each value: the whole may be longer than what a text holds.
    const reader = GameReader.over(part, 1);
    while (reader.left > 0) {
      const name = reader.until(0x5c);
      const value = reader.left > 0 ? reader.until(0x5c) : "";
      if (name === "queryid" || name === "" || name === "final") continue;
      const indexed = /^(.*)_([0-9]{1,3})$/.exec(name);
      if (indexed === null) setRule(message, name, value);
      else if (indexed[1] === "teamname") addTeam(message, value);
      else setPlayer(playerOf(message, players, indexed[2] as string), indexed[1] as string, value);
    }
  }
  return message;
}

function playerOf(message: GameMessage, players: Map<string, Player>, number: string): Player {
  let player = players.get(number);
  if (player === undefined) {
    player = {};
    players.set(number, player);
    addPlayer(message, player);
  }
  return player;
}

function readShort(reader: GameReader): GameMessage {
  const message = answer("gamespy3", "status");
  for (const name of ["hostname", "gametype", "map", "numplayers", "maxplayers"]) setRule(message, name, reader.cstring());
  message.port = reader.u16();
  message.address = reader.cstring();
  if (reader.short) message.truncated = true;
  return message;
}

/** Names and values up to an empty name. */
function readSettings(message: GameMessage, reader: GameReader): void {
  while (reader.left > 0) {
    const name = reader.cstring();
    if (name === "") return;
    setRule(message, name, reader.cstring());
  }
}

/** Version 2: settings, then a count, columns' names and rows, of players and of teams. */
function readPlain(reader: GameReader): GameMessage {
  const message = answer("gamespy2", "status");
  const isList = reader.bytes[reader.at] === 0;
  if (!isList) readSettings(message, reader);
  if (reader.left > 3) {
    if (isList || reader.bytes[reader.at] === 0) reader.u8();
    readTable(message, reader, false);
    if (reader.left > 3) {
      reader.u8();
      readTable(message, reader, true);
    }
  }
  return message;
}

function readTable(message: GameMessage, reader: GameReader, ofTeams: boolean): void {
  const count = reader.u8();
  const names: string[] = [];
  for (let name = reader.cstring(); name !== "" && names.length < 32; name = reader.cstring()) names.push(name);
  const columns = new Map<string, string[]>(names.map((name) => [name, []]));
  for (let row = 0; row < count && reader.left > 0; row++) for (const name of names) columns.get(name)?.push(reader.cstring());
  if (!ofTeams) {
    if (names.length > 0) fillPlayers(message, columns);
    return;
  }
  const scores = columns.get("score_t") ?? [];
  for (const [row, name] of (columns.get("team_t") ?? []).entries()) addTeam(message, name, scores[row]);
}

/** Settings, how many players, then of each: name, Steam number, ping. */
function readJustCause(bytes: Uint8Array): GameMessage | undefined {
  const sections = new Sections();
  const reader = sections.read(bytes);
  if (reader === undefined) return undefined;
  const message = answer("gamespy3", "status");
  sections.fill(message);
  message.player_list = [];
  const count = reader.u16(false);
  for (let i = 0; i < count && reader.left > 3; i++) {
    const player: Player = { name: reader.cstring(), fields: [{ name: "steamid", value: reader.cstring() }] };
    player.ping = reader.u16(false);
    if (reader.short) break;
    addPlayer(message, player);
  }
  if (message.player_list.length < count) message.truncated = true;
  return message;
}
