import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { addPlayer, addRule, answer, type GameMessage, type Player, query, setPlayer, setRule } from "#protocols/game-query/message.ts";
import { GameReader, matches } from "#protocols/game-query/reader.ts";

/** A text behind its length, which counts itself. */
function counted(reader: GameReader): string {
  const length = reader.u8();
  if (length > 0) return reader.text(length - 1);
  reader.short = true;
  return "";
}

const finished = (message: GameMessage, reader: GameReader): GameMessage => (reader.short ? { ...message, truncated: true } : message);

/** All-Seeing Eye: Multi Theft Auto and others. What is asked is one letter, which says nothing. */
export const probeEye = (_side: Side, { bytes, at, end }: ByteView): Probe =>
  bytes[at] === 0x45 && matches(bytes, at, end, "EYE1") && end - at > 16 ? Probe.yes : Probe.no;

export function readEye(_side: Side, input: ByteView): GameMessage | undefined {
  if (probeEye(0, input) === Probe.no) return undefined;
  const message = answer("ase", "status");
  const reader = GameReader.at(input, 4);
  for (const name of ["gamename", "hostport", "hostname", "gametype", "map", "version", "password", "numplayers", "maxplayers"])
    setRule(message, name, counted(reader));
  while (reader.left > 1 && !reader.short) {
    const name = counted(reader);
    if (name === "") break;
    setRule(message, name, counted(reader));
  }
  message.player_list = [];
  while (reader.left > 1 && !reader.short) {
    const flags = reader.u8();
    const player: Player = {};
    for (const [bit, name] of ["name", "team", "skin", "score", "ping", "time"].entries()) {
      if ((flags & (1 << bit)) === 0) continue;
      const value = counted(reader);
      if (value !== "") setPlayer(player, name, value);
    }
    if (!reader.short) addPlayer(message, player);
  }
  return finished(message, reader);
}

/** Mafia 2 Multiplayer. */
export const probeMafia2 = (_side: Side, { bytes, at, end }: ByteView): Probe =>
  bytes[at] === 0x4d && matches(bytes, at, end, "M2MP") && (end - at === 4 || (bytes[at + 4] as number) < end - at) ? Probe.yes : Probe.no;

export function readMafia2(_side: Side, input: ByteView): GameMessage | undefined {
  if (probeMafia2(0, input) === Probe.no) return undefined;
  if (input.length === 4) return query("m2mp", "status");
  const message = answer("m2mp", "status");
  const reader = GameReader.at(input, 4);
  for (const name of ["hostname", "numplayers", "maxplayers", "gametype"]) setRule(message, name, counted(reader));
  message.password = reader.u8() !== 0;
  message.player_list = [];
  while (reader.left > 1 && !reader.short) {
    const name = counted(reader);
    if (name === "") break;
    addPlayer(message, { name });
  }
  return finished(message, reader);
}

/** Lost Heaven Multiplayer: `o` tells of the server, `p` of the players. */
export function probeLostHeaven(_side: Side, { bytes, at, end }: ByteView): Probe {
  if (bytes[at] !== 0x4c || end - at < 5 || !matches(bytes, at, end, "LHMP")) return Probe.no;
  return bytes[at + 4] === 0x6f || bytes[at + 4] === 0x70 ? Probe.yes : Probe.no;
}

export function readLostHeaven(_side: Side, input: ByteView): GameMessage | undefined {
  if (probeLostHeaven(0, input) === Probe.no) return undefined;
  const reader = GameReader.at(input, 4);
  const type = reader.u8() === 0x6f ? "info" : "players";
  if (reader.left === 0) return query("lhmp", type);
  const message = answer("lhmp", type);
  if (type === "players") return finished({ ...message, players: reader.u16() }, reader);
  message.protocol_version = reader.u8();
  message.password = reader.u8() !== 0;
  message.players = reader.u16();
  message.max_players = reader.u16();
  message.hostname = reader.text(reader.u8());
  message.mode = reader.text(reader.u8());
  message.url = reader.text(reader.u8());
  message.map = reader.text(reader.u8());
  return finished(message, reader);
}

/** Counter-Strike 2D: behind `01 00 fb`, 1 tells of the server, 5 of the players. */
export function probeStrike2d(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  if (bytes[at] !== 0x01 || end - at < 4 || (view.getUint32(at) !== 0x0100fb01 && view.getUint32(at) !== 0x0100fb05)) return Probe.no;
  return end - at === 4 || end - at > 6 ? Probe.yes : Probe.maybe;
}

const strikeFlags = ["password", "registered_only", "fog_of_war", "friendly_fire", "", "bots_enabled", "lua_scripts"];

export function readStrike2d(_side: Side, input: ByteView): GameMessage | undefined {
  if (probeStrike2d(0, input) === Probe.no) return undefined;
  const reader = GameReader.at(input, 3);
  const type = reader.u8() === 1 ? "info" : "players";
  if (reader.left === 0) return query("cs2d", type);
  const message = answer("cs2d", type);
  if (type === "info") {
    const flags = reader.u8();
    message.password = (flags & 1) !== 0;
    for (const [bit, name] of strikeFlags.entries()) if (bit > 0 && name !== "") addRule(message, name, `${(flags >> bit) & 1}`);
    message.hostname = reader.text(reader.u8());
    message.map = reader.text(reader.u8());
    message.players = reader.u8();
    message.max_players = reader.u8();
    const mode = reader.u8();
    if (reader.left > 0) message.bots = reader.u8();
    message.mode = `${mode}`;
    return finished(message, reader);
  }
  const count = reader.u8();
  message.players = count;
  message.player_list = [];
  for (let i = 0; i < count && !reader.short; i++) {
    const id = reader.u8();
    const name = reader.text(reader.u8());
    const player: Player = { id, name, team: `${reader.u8()}`, score: reader.i32(), deaths: reader.i32() };
    if (!reader.short) addPlayer(message, player);
  }
  return finished(message, reader);
}

const OPENTTD_BYTES_MIN = 30;

/** OpenTTD: own length, kind, and for an answer the version of its layout. */
export function probeOpenttd(_side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  if (end - at < 3 || view.getUint16(at, true) !== end - at) return Probe.no;
  const kind = bytes[at + 2] as number;
  if (end - at === 3) return kind === 0 ? (usualPort ? Probe.yes : Probe.maybe) : Probe.no;
  const version = bytes[at + 3] as number;
  if (kind !== 1 || version < 1 || version > 7 || end - at < OPENTTD_BYTES_MIN) return Probe.no;
  const message = readOpenttd(0, { bytes, view, at, end, length: end - at });
  return message?.truncated === true || message?.hostname === "" || (message?.players ?? 0) > (message?.max_players ?? 0)
    ? Probe.no
    : Probe.yes;
}

export function readOpenttd(_side: Side, input: Pick<ByteView, "bytes" | "view" | "at" | "end" | "length">): GameMessage | undefined {
  const reader = new GameReader(input.bytes, input.view, input.at + 2, input.end);
  const kind = reader.u8();
  if (kind === 0 && reader.left === 0) return query("openttd", "info");
  if (kind !== 1) return undefined;
  const message = answer("openttd", "info");
  const version = reader.u8();
  message.protocol_version = version;
  // From version 7 on there are texts where older ones have numbers: only the version is told.
  if (version > 6) return message;
  if (version >= 6) reader.u8();
  if (version >= 4) {
    const sets = reader.u8();
    addRule(message, "num_grfs", `${sets}`);
    for (let i = 0; i < sets && !reader.short; i++) {
      reader.skip(20);
      if (version >= 6) reader.cstring();
    }
  }
  if (version >= 3) for (const name of ["game_date", "start_date"]) addRule(message, name, `${reader.u32()}`);
  if (version >= 2) for (const name of ["companies_max", "companies_on", "spectators_max"]) addRule(message, name, `${reader.u8()}`);
  message.hostname = reader.cstring();
  message.version = reader.cstring();
  addRule(message, "language", `${reader.u8()}`);
  message.password = reader.u8() !== 0;
  message.max_players = reader.u8();
  message.players = reader.u8();
  addRule(message, "spectators", `${reader.u8()}`);
  if (version < 3) reader.skip(4);
  message.map = reader.cstring();
  addRule(message, "map_width", `${reader.u16()}`);
  addRule(message, "map_height", `${reader.u16()}`);
  addRule(message, "map_type", `${reader.u8()}`);
  message.server_type = reader.u8() !== 0 ? "dedicated" : "listen";
  return finished(message, reader);
}
