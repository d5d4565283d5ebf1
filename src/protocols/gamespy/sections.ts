import { addPlayer, addTeam, type GameMessage, type Player, setPlayer, setRule } from "#protocols/game-query/message.ts";
import { GameReader } from "#protocols/game-query/reader.ts";

/** Rows of one column; a packet says where its values begin. */
const rowsMax = 512;
const columnsMax = 32;

type Columns = Map<string, string[]>;

/** Sections of version 3: 0 settings, 1 players, 2 teams. What a packet's end cuts, the next packet says again. */
export class Sections {
  readonly rules: [name: string, value: string][] = [];
  readonly players: Columns = new Map();
  readonly teams: Columns = new Map();

  /** One packet's sections. Returns the place behind a section of settings that is followed by no other section. */
  read(bytes: Uint8Array): GameReader | undefined {
    const reader = GameReader.over(bytes);
    while (reader.left > 1) {
      const section = reader.u8();
      if (section === 0) {
        if (!this.#readRules(reader)) return undefined;
        const next = reader.bytes[reader.at];
        if (reader.left > 2 && next !== 1 && next !== 2) return reader;
      } else if (section === 1) readColumns(this.players, reader);
      else if (section === 2) readColumns(this.teams, reader);
      else return undefined;
    }
    return undefined;
  }

  /** Pairs up to an empty name. Returns false when they end with the packet. */
  #readRules(reader: GameReader): boolean {
    while (reader.left > 0) {
      const name = reader.cstring();
      if (name === "") return true;
      const value = reader.cstring();
      const last = this.rules.at(-1);
      if (last !== undefined && last[0] === name) last[1] = value;
      else if (this.rules.length < rowsMax) this.rules.push([name, value]);
    }
    return false;
  }

  fill(message: GameMessage): void {
    for (const [name, value] of this.rules) setRule(message, name, value);
    fillPlayers(message, this.players);
    const names = this.teams.get("team_t") ?? [];
    const scores = this.teams.get("score_t") ?? [];
    for (let i = 0; i < names.length; i++) if (names[i] !== undefined) addTeam(message, names[i] as string, scores[i]);
  }
}

/** A column's name, the row of its first value, values up to an empty one; an empty name ends the section. */
function readColumns(columns: Columns, reader: GameReader): void {
  while (reader.left > 0) {
    const name = reader.cstring();
    if (name === "") return;
    let row = reader.u8();
    let values = columns.get(name);
    if (values === undefined) {
      if (columns.size >= columnsMax) return;
      values = [];
      columns.set(name, values);
    }
    while (reader.left > 0) {
      const value = reader.cstring();
      if (value === "") break;
      // Rows before the first one belong to a packet that is missing.
      while (values.length < row) values.push("");
      if (row < rowsMax) values[row++] = value;
    }
  }
}

export function fillPlayers(message: GameMessage, columns: Columns): void {
  let rows = 0;
  for (const values of columns.values()) rows = Math.max(rows, values.length);
  if (columns.size > 0) message.player_list ??= [];
  for (let row = 0; row < rows; row++) {
    const player: Player = {};
    for (const [name, values] of columns) if (values[row] !== undefined) setPlayer(player, name.replace(/_$/, ""), values[row] as string);
    addPlayer(message, player);
  }
}
