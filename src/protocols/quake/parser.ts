import type { ByteView } from "#base/bytes.ts";
import type { Side } from "#contract/parser.ts";
import {
  addPlayer,
  addRule,
  answer,
  type GameMessage,
  notice,
  type Player,
  query,
  setRule,
  wholeNumber,
} from "#protocols/game-query/message.ts";
import { GameReader } from "#protocols/game-query/reader.ts";
import { commandAt, commands, isControl } from "./probe.ts";

const NEWLINE = 10;
const BACKSLASH = 0x5c;
/** Commands that later engines write otherwise. */
const quake2Words: ReadonlySet<string> = new Set(["status", "info", "challenge", "client_connect"]);

/** One datagram of Quake and what came of it; those inside of the connection say nothing that is told. */
export function readDatagram(_side: Side, input: ByteView): GameMessage | undefined {
  const { bytes, view, at, end } = input;
  if (isControl(bytes, view, at, end)) return readControl(GameReader.at(input, 4));
  if (end - at < 6 || view.getUint32(at) !== 0xffffffff) return undefined;
  const reader = GameReader.at(input, 4);
  if (bytes[at + 4] === 0x6e) {
    reader.u8();
    return bytes[at + 5] === BACKSLASH ? readStatus(answer("quakeworld", "status"), reader) : undefined;
  }
  const command = commandAt(bytes, at + 4, end);
  const known = commands[command];
  if (known === undefined) return undefined;
  reader.skip(command.length + (at + 4 + command.length < end ? 1 : 0));
  const protocol = quake2Words.has(command) ? "quake2" : "quake3";
  return readCommand(command, { protocol, type: known[0], message: known[1] }, reader);
}

function readCommand(command: string, message: GameMessage, reader: GameReader): GameMessage {
  switch (command) {
    case "inforesponse":
    case "statusresponse":
      return readStatus(message, reader);
    case "print":
      // Quake 2 answers with its status as a text.
      if (reader.bytes[reader.at] === BACKSLASH && reader.left > 0) return readStatus(answer("quake2", "status"), reader);
      message.reason = reader.cstring().trim();
      return message;
    case "error":
    case "disconnect":
      if (reader.left > 0) message.reason = reader.cstring().trim();
      return message;
    case "info":
      // Quake 2 answers `info` with `info` and one line.
      if (reader.left < 10) return message;
      return { ...answer("quake2", "info"), hostname: reader.cstring().trim() };
    case "motd":
      readPairs(message, reader.cstring());
      return message;
    case "connect":
      return readConnect(message, reader.cstring());
    case "rcon": {
      const words = /^(?:"[^"]*"|\S+)\s+(?:"([^"\s]+)|(\S+))/.exec(reader.cstring());
      const name = words?.[1] ?? words?.[2];
      return name === undefined ? message : { ...message, command: name };
    }
    case "getservers":
    case "getserversext":
      addRule(message, "filter", reader.cstring().trim());
      return message;
    case "getserversresponse":
      return readServers(message, reader);
    case "heartbeat":
      message.game = reader.cstring().trim();
      return message;
    default:
      return message;
  }
}

/** `\name\value\…`, then a line for each player. */
function readStatus(message: GameMessage, reader: GameReader): GameMessage {
  readPairs(message, longText(reader));
  const isStatus = message.type === "status";
  if (isStatus) message.player_list = [];
  while (reader.left > 1) {
    const line = reader.until(NEWLINE);
    const player = message.protocol === "quakeworld" ? worldPlayer(line) : linePlayer(line);
    if (player !== undefined) addPlayer(message, player);
  }
  if (isStatus) message.players = message.player_list?.length ?? 0;
  return message;
}

/** The line of settings, which may be longer than a text. */
function longText(reader: GameReader): string {
  const { bytes, at, end } = reader;
  const newline = bytes.indexOf(NEWLINE, at);
  const stop = newline < 0 || newline >= end ? end : newline;
  let text = "";
  let from = at;
  // Pieces end at a backslash, so that no letter is cut in two.
  while (from < stop) {
    let to = Math.min(stop, from + 1024);
    while (to < stop && to > from + 1 && bytes[to] !== BACKSLASH) to--;
    if (to <= from + 1) to = Math.min(stop, from + 1024);
    text += new GameReader(bytes, reader.view, from, to).text(to - from);
    from = to;
  }
  reader.skip(Math.min(stop + 1, end) - at);
  return text;
}

function readPairs(message: GameMessage, text: string): void {
  const parts = text.split("\\");
  for (let i = parts[0] === "" ? 1 : 0; i < parts.length; i += 2) {
    const name = parts[i] as string;
    const value = parts[i + 1];
    if (value !== undefined && name !== "") setRule(message, name, value.trim());
  }
}

/** Frags, ping, name in quotes, and in Quake 2 an address. Some games have a team before or behind the name. */
function linePlayer(line: string): Player | undefined {
  const parts = /^\s*(-?[0-9]+) (-?[0-9]+)((?: -?[0-9]+)*) "(.*)"(?: "([^"]*)")?((?: -?[0-9]+)*)\s*$/.exec(line);
  if (parts === null) return undefined;
  const player: Player = { name: (parts[4] as string).trim() };
  const score = wholeNumber(parts[1] as string);
  const ping = wholeNumber(parts[2] as string);
  if (score !== undefined) player.score = score;
  if (ping !== undefined) player.ping = ping;
  const team = (parts[3] || parts[6] || "").trim();
  if (team !== "") player.team = team;
  // `"name" "address"` is one long name to the expression above.
  const both = /^(.*)" "([^"]*)$/.exec(player.name ?? "");
  const address = parts[5] ?? both?.[2];
  if (both !== null && parts[5] === undefined) player.name = (both[1] as string).trim();
  if (address !== undefined && address !== "") player.fields = [{ name: "address", value: address }];
  return player;
}

/** QuakeWorld: number, frags, minutes, ping, name, skin, two colours. */
function worldPlayer(line: string): Player | undefined {
  const parts = /^(-?[0-9]{1,9}) (-?[0-9]{1,9}) (-?[0-9]{1,9}) (-?[0-9]{1,9}) "(.*)" "([^"]*)" /.exec(line);
  if (parts === null) return undefined;
  const [, id, score, minutes, ping, name, skin] = parts as unknown as string[];
  return {
    name: name as string,
    id: Number(id),
    score: Number(score),
    ping: Number(ping),
    time: Number(minutes) * 60,
    fields: [{ name: "skin", value: skin as string }],
  };
}

/** Quake 2 and others write the user's settings; Quake 3 packs them, and then only the join is told. */
function readConnect(message: GameMessage, text: string): GameMessage {
  const version = /^([0-9]{1,5}) /.exec(text)?.[1] ?? /\\protocol\\([0-9]{1,5})/.exec(text)?.[1];
  if (version !== undefined) message.protocol_version = Number(version);
  const name = /\\name\\([^\\"]*)/.exec(text)?.[1];
  if (name !== undefined) message.player = name;
  if (/^[0-9]/.test(text)) message.protocol = "quake2";
  return message;
}

/** `\` and six bytes for each server, ended by `\EOT`. */
function readServers(message: GameMessage, reader: GameReader): GameMessage {
  let first = reader.bytes[reader.at - 1] === BACKSLASH;
  while (reader.left >= 6) {
    if (!first && reader.u8() !== BACKSLASH) break;
    first = false;
    if (reader.left < 6 || reader.passes("EOT")) break;
    addRule(message, "server", `${reader.u8()}.${reader.u8()}.${reader.u8()}.${reader.u8()}:${reader.u16(false)}`);
  }
  return message;
}

/** Control messages of NetQuake, behind flag and length. */
function readControl(reader: GameReader): GameMessage | undefined {
  const command = reader.u8();
  if (command === 0x01 || command === 0x02) {
    const message = query("netquake", command === 0x01 ? "connect" : "info");
    message.game = reader.cstring();
    message.protocol_version = reader.u8();
    return message;
  }
  if (command === 0x81) return { ...answer("netquake", "connect"), port: reader.u32() & 0xffff };
  if (command === 0x82) return { ...notice("netquake", "refused"), reason: reader.cstring().trim() };
  if (command !== 0x83) return undefined;
  const message = answer("netquake", "info");
  message.address = reader.cstring();
  message.hostname = reader.cstring();
  message.map = reader.cstring();
  message.players = reader.u8();
  message.max_players = reader.u8();
  message.protocol_version = reader.u8();
  if (reader.short) message.truncated = true;
  return message;
}
