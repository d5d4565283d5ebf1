import type { ByteView } from "#base/bytes.ts";
import type { Side } from "#contract/parser.ts";
import { addPlayer, addRule, answer, type GameMessage, type Player, query, setRule } from "#protocols/game-query/message.ts";
import { GameReader } from "#protocols/game-query/reader.ts";

/** Number of a player behind the last one. */
const NO_PLAYER = 32;

/** Doom 3, Quake 4 and Enemy Territory: Quake Wars. */
export function readDoom(_side: Side, input: ByteView): GameMessage | undefined {
  if (input.length < 10 || input.view.getUint16(input.at) !== 0xffff) return undefined;
  const reader = GameReader.at(input, 2);
  const command = reader.cstring();
  if (command === "getInfo" || command === "getInfoEx") return query(command === "getInfo" ? "doom3" : "etqw", "info");
  if (command === "infoResponse") return readInfo(reader);
  if (command === "infoExResponse") return readWarsInfo(reader);
  return undefined;
}

/** Challenge, version, settings, players. Quake 4 has the players' clans. */
function readInfo(reader: GameReader): GameMessage {
  const message = answer("doom3", "info");
  reader.u32();
  message.protocol_version = reader.u32();
  readSettings(message, reader);
  const hasClans = message.version?.startsWith("Quake4") === true;
  message.player_list = [];
  while (reader.left > 1) {
    const id = reader.u8();
    if (id >= NO_PLAYER) break;
    const ping = reader.u16();
    const rate = reader.u32();
    const player: Player = { name: reader.cstring(), id, ping, fields: [{ name: "rate", value: `${rate}` }] };
    if (hasClans) player.team = reader.cstring();
    if (reader.short) break;
    addPlayer(message, player);
  }
  return counted(message, reader);
}

function counted(message: GameMessage, reader: GameReader): GameMessage {
  message.players = message.player_list?.length ?? 0;
  if (reader.short) message.truncated = true;
  return message;
}

/** Texts in pairs up to an empty pair. */
function readSettings(message: GameMessage, reader: GameReader): void {
  while (reader.left > 0) {
    const name = reader.cstring();
    const value = reader.cstring();
    if (reader.short || (name === "" && value === "")) return;
    setRule(message, name, value);
  }
}

/** Task, challenge, version, size of what follows, settings, players, the match, and what players have done. */
function readWarsInfo(reader: GameReader): GameMessage {
  const message = answer("etqw", "info");
  reader.skip(8);
  message.protocol_version = reader.u32();
  reader.u32();
  readSettings(message, reader);
  const players = new Map<number, Player>();
  message.player_list = [];
  while (reader.left > 0) {
    const id = reader.u8();
    if (id >= NO_PLAYER) break;
    const player: Player = { id, ping: reader.u16(), name: reader.cstring() };
    const place = reader.u8();
    player.fields = [
      { name: "clantag_pos", value: `${place}` },
      { name: "clantag", value: reader.cstring() },
    ];
    player.bot = reader.u8() !== 0;
    if (reader.short) break;
    players.set(id, player);
    addPlayer(message, player);
  }
  addRule(message, "osmask", `${reader.u32()}`);
  addRule(message, "ranked", `${reader.u8()}`);
  addRule(message, "timeleft", `${reader.u32()}`);
  addRule(message, "gamestate", `${reader.u8()}`);
  const type = reader.u8();
  addRule(message, "servertype", `${type}`);
  if (type === 0) addRule(message, "interested_clients", `${reader.u8()}`);
  else {
    addRule(message, "connected_clients", `${reader.u32()}`);
    addRule(message, "max_clients", `${reader.u32()}`);
  }
  readDeeds(players, reader);
  message.bots = message.player_list.filter(({ bot }) => bot === true).length;
  return counted(message, reader);
}

function readDeeds(players: ReadonlyMap<number, Player>, reader: GameReader): void {
  while (reader.left > 0) {
    const id = reader.u8();
    if (id >= NO_PLAYER) return;
    const experience = reader.f32();
    const team = reader.cstring();
    const kills = reader.u32();
    const deaths = reader.u32();
    const player = players.get(id);
    if (player === undefined || reader.short) continue;
    player.team = team;
    player.deaths = deaths;
    player.fields?.push({ name: "total_xp", value: `${experience}` }, { name: "total_kills", value: `${kills}` });
  }
}
