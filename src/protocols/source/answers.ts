import { addPlayer, addRule, answer, type GameMessage } from "#protocols/game-query/message.ts";
import type { GameReader } from "#protocols/game-query/reader.ts";

const SHIP = 2400;
const systems: { readonly [letter: number]: string } = { 108: "linux", 119: "windows", 109: "mac", 111: "mac" };
const serverTypes: { readonly [letter: number]: string } = { 100: "dedicated", 108: "listen", 112: "proxy" };

/** Lower case of an ASCII letter: old servers answer with capitals. */
const lower = (letter: number): number => (letter >= 0x41 && letter <= 0x5a ? letter + 32 : letter);

function serverType(message: GameMessage, reader: GameReader): void {
  const type = serverTypes[lower(reader.u8())];
  if (type !== undefined) message.server_type = type;
  const os = systems[lower(reader.u8())];
  if (os !== undefined) message.os = os;
}

/** `I`: A2S_INFO of the Source engine (and of GoldSrc since 2008). */
export function readInfo(reader: GameReader): GameMessage {
  const message = answer("a2s", "info");
  message.protocol_version = reader.u8();
  message.hostname = reader.cstring();
  message.map = reader.cstring();
  message.game_dir = reader.cstring();
  message.game = reader.cstring();
  if (reader.left < 9) return cut(message);
  message.app_id = reader.u16();
  message.players = reader.u8();
  message.max_players = reader.u8();
  message.bots = reader.u8();
  serverType(message, reader);
  message.password = reader.u8() !== 0;
  message.secure = reader.u8() !== 0;
  if (message.app_id === SHIP) for (const name of ["game_mode", "witness_count", "witness_time"]) addRule(message, name, `${reader.u8()}`);
  if (reader.short) return cut(message);
  message.version = reader.cstring();
  if (reader.short) return cut(message);
  if (reader.left > 0) readExtra(message, reader);
  return reader.short ? cut(message) : message;
}

function readExtra(message: GameMessage, reader: GameReader): void {
  const flags = reader.u8();
  if ((flags & 0x80) !== 0) message.port = reader.u16();
  if ((flags & 0x10) !== 0) message.steam_id = reader.digits64();
  if ((flags & 0x40) !== 0) {
    message.spectator_port = reader.u16();
    message.spectator_name = reader.cstring();
  }
  if ((flags & 0x20) !== 0) message.tags = reader.cstring();
  if ((flags & 0x01) !== 0) {
    message.game_id = reader.digits64();
    // The low 24 bits are the game's whole number, of which the field above holds 16.
    message.app_id = Number(BigInt(message.game_id) & 0xffffffn);
  }
  // Servers with more players than a byte holds say how many in the keywords (Rust).
  const places = /^mp([0-9]{1,5}),cp([0-9]{1,5})(?:,|$)/.exec(message.tags ?? "");
  if (places !== null) {
    message.max_players = Number(places[1]);
    message.players = Number(places[2]);
  }
}

const cut = (message: GameMessage): GameMessage => {
  message.truncated = true;
  return message;
};

/** `m`: the old answer of GoldSrc and of HLTV. */
export function readOldInfo(reader: GameReader): GameMessage {
  const message = answer("goldsrc", "info");
  message.address = reader.cstring();
  message.hostname = reader.cstring();
  message.map = reader.cstring();
  message.game_dir = reader.cstring();
  message.game = reader.cstring();
  if (reader.left < 7) return cut(message);
  message.players = reader.u8();
  message.max_players = reader.u8();
  message.protocol_version = reader.u8();
  serverType(message, reader);
  message.password = reader.u8() !== 0;
  if (reader.u8() !== 0) {
    const url = reader.cstring();
    const download_url = reader.cstring();
    reader.u8();
    message.mod = { url, download_url, version: reader.u32(), size: reader.u32(), type: reader.u8(), dll: reader.u8() };
  }
  message.secure = reader.u8() !== 0;
  if (reader.left > 0) message.bots = reader.u8();
  return reader.short ? cut(message) : message;
}

/**
 * `D`: players. The count is one byte and wraps around, so that the bytes decide. The Ship writes deaths and money of
 * all players behind them.
 */
export function readPlayers(reader: GameReader): GameMessage {
  const message = answer("a2s", "players");
  const count = reader.u8();
  message.player_list = [];
  message.players = count;
  while (reader.left >= 10) {
    const id = reader.u8();
    const name = reader.cstring();
    const score = reader.i32();
    const time = reader.f32();
    if (reader.short) break;
    addPlayer(message, { name, id, score, time });
    if (message.player_list.length === count && reader.left === count * 8) {
      for (const player of message.player_list) {
        player.deaths = reader.u32();
        player.fields = [{ name: "money", value: `${reader.u32()}` }];
      }
      break;
    }
  }
  if (message.player_list.length < count && (reader.left > 0 || reader.short)) return cut(message);
  return message;
}

/** `E`: rules. What some games write as the count is wrong, so that the bytes decide. */
export function readRules(reader: GameReader): GameMessage {
  const message = answer("a2s", "rules");
  reader.u16();
  message.rules = [];
  while (reader.left > 1) {
    const name = reader.cstring();
    if (reader.short) return cut(message);
    const value = reader.cstring();
    addRule(message, name, value);
    if (reader.short) return cut(message);
  }
  return message;
}

/** `I` of Frontlines: Fuel of War, which has another order than A2S. */
export function readFrontlinesInfo(reader: GameReader): GameMessage {
  const message = answer("ffow", "info");
  message.protocol_version = reader.u8();
  message.hostname = reader.cstring();
  message.map = reader.cstring();
  message.game_dir = reader.cstring();
  message.mode = reader.cstring();
  message.game = reader.cstring();
  message.version = reader.cstring();
  if (reader.left < 13) return cut(message);
  message.port = reader.u16();
  message.players = reader.u8();
  message.max_players = reader.u8();
  serverType(message, reader);
  message.password = reader.u8() !== 0;
  message.secure = reader.u8() !== 0;
  for (const name of ["average_fps", "round", "max_rounds"]) addRule(message, name, `${reader.u8()}`);
  addRule(message, "time_left", `${reader.u16()}`);
  return reader.short ? cut(message) : message;
}

/** What an `I` is: 1 as Source writes it, 2 as Frontlines does, 0 neither. Looks at no more than the strings' ends. */
export function infoShape(bytes: Uint8Array, at: number, end: number): 0 | 1 | 2 {
  let i = at + 1;
  for (let texts = 1; texts <= 6; texts++) {
    const zero = bytes.indexOf(0, i);
    if (zero < 0 || zero >= end) return 0;
    i = zero + 1;
    if (texts === 4 && kinds(bytes, i + 5, end) && (bytes[i + 7] as number) <= 1 && (bytes[i + 8] as number) <= 1) return 1;
  }
  return kinds(bytes, i + 4, end) && end - i === 13 ? 2 : 0;
}

/** Letters of server type and system at `at`. Some servers leave the type 0. */
function kinds(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 4 > end) return false;
  const type = bytes[at] as number;
  return (type === 0 || serverTypes[lower(type)] !== undefined) && systems[lower(bytes[at + 1] as number)] !== undefined;
}
