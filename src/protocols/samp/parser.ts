import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { addPlayer, addRule, answer, type GameMessage, query, setRule } from "#protocols/game-query/message.ts";
import { GameReader, matches } from "#protocols/game-query/reader.ts";

/** `SAMP`, the server's address and port, a letter. */
const HEADER_BYTES = 11;
const types: { readonly [letter: string]: string } = {
  i: "info",
  r: "rules",
  c: "players",
  d: "players",
  p: "ping",
  x: "rcon",
  o: "extra",
};

export function probe(_side: Side, { bytes, at, end }: ByteView): Probe {
  if (bytes[at] !== 0x53 || end - at < HEADER_BYTES || !matches(bytes, at, end, "SAMP")) return Probe.no;
  return types[String.fromCharCode(bytes[at + 10] as number)] === undefined ? Probe.no : Probe.yes;
}

/** A question is no longer than its header, but for pings and commands; an answer repeats the header. */
export function readDatagram(side: Side, input: ByteView): GameMessage | undefined {
  if (probe(side, input) === Probe.no) return undefined;
  const reader = GameReader.at(input, 4);
  const address = `${reader.u8()}.${reader.u8()}.${reader.u8()}.${reader.u8()}`;
  const port = reader.u16();
  const letter = String.fromCharCode(reader.u8());
  const type = types[letter] as string;
  const isQuery = letter === "p" || letter === "x" ? side === 0 : reader.left === 0;
  const message: GameMessage = { ...(isQuery ? query("samp", type) : answer("samp", type)), address, port };
  if (isQuery) return letter === "x" ? readCommand(message, reader) : message;
  if (letter === "i") readInfo(message, reader);
  else if (letter === "r") readRules(message, reader);
  else if (letter === "c" || letter === "d") readPlayers(message, reader, letter === "d");
  if (reader.short) message.truncated = true;
  return message;
}

function readInfo(message: GameMessage, reader: GameReader): void {
  message.password = reader.u8() !== 0;
  message.players = reader.u16();
  message.max_players = reader.u16();
  message.hostname = reader.text(reader.u32());
  message.mode = reader.text(reader.u32());
  addRule(message, "language", reader.text(reader.u32()));
}

function readRules(message: GameMessage, reader: GameReader): void {
  const count = reader.u16();
  message.rules = [];
  for (let i = 0; i < count && !reader.short; i++) {
    const name = reader.text(reader.u8());
    const value = reader.text(reader.u8());
    if (reader.short) return;
    setRule(message, name, value);
    if (name === "weburl") message.url = value;
  }
}

/** With details there are a number and the ping of each. */
function readPlayers(message: GameMessage, reader: GameReader, isDetailed: boolean): void {
  const count = reader.u16();
  message.players = count;
  message.player_list = [];
  for (let i = 0; i < count && !reader.short; i++) {
    const id = isDetailed ? reader.u8() : i;
    const name = reader.text(reader.u8());
    const score = reader.i32();
    const ping = isDetailed ? reader.i32() : undefined;
    if (reader.short) return;
    addPlayer(message, { name, id, score, ...(ping === undefined ? {} : { ping }) });
  }
}

/** Password and command, each behind its length: the password is not told. */
function readCommand(message: GameMessage, reader: GameReader): GameMessage {
  reader.skip(reader.u16());
  const [command] = reader.text(reader.u16()).trim().split(/\s/, 1);
  if (!reader.short && command !== undefined) message.command = command;
  return message;
}
