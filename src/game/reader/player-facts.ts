import type { PluginPlayer } from "#contract/game-plugin.ts";
import type { Side } from "#contract/parser.ts";

/** What packets tell of their player. Members come as the game tells them. */
export interface PlayerFacts {
  /** The number or text that the game knows the player by. */
  id?: string;
  name?: string;
  level?: number;
  x?: number;
  y?: number;
  z?: number;
  map?: string;
  health?: number;
  healthMost?: number;
}

export type FactName = keyof PlayerFacts;

/** A field that tells a fact: its path in the packet's fields. */
export interface FactField {
  readonly path: readonly string[];
  readonly fact: FactName;
  /** Of several that tell the same, the one with the highest rank is believed. */
  readonly rank: number;
}

const idNames = ["player_id", "playerid", "character_id", "char_id", "account_id", "account", "user_id", "guid", "id"];
const nameNames = ["name", "player_name", "playername", "character_name", "character", "char_name", "account_name", "username", "user"];
const levelNames = ["level", "lvl"];
const healthNames = ["hp", "health", "cur_hp", "hp_now"];
const healthMostNames = ["hp_max", "max_hp", "hpmax", "health_max", "max_health"];
const mapNames = ["map", "map_name", "zone", "map_id", "zone_id"];

/** Packets that say who the player is. */
const identifying = /LOGIN|LOGON|AUTH|WELCOME|ENTER|JOIN|CHARACTER|SELF|HANDSHAKE/i;
/** Packets from the server that tell the state of the player that gets them. */
const own = /STAT|LEVEL|SELF|HEALTH|(^|_)HP(_|$)|WELCOME|ENTER|LOGIN/i;
/** A packet with one of these is about somebody else. */
const others = new Set(["target", "sender", "target_id", "sender_id", "entity", "entity_id", "caster"]);
/** Packets from the client that say where it is. */
const moving = /MOVE|POS|WALK|RUN|JUMP|STEP/i;

/**
 * Which fields of an opcode tell who the player is and how it stands, by the names that games give them. Found once
 * for each opcode; a plugin that tracks players knows better and is asked as well.
 */
export function factFields(opcode: string, side: Side, fields: Readonly<Record<string, unknown>>): readonly FactField[] {
  const paths = numbersAndTexts(fields);
  if (paths.some(([last]) => others.has(last ?? ""))) return [];
  const found: FactField[] = [];
  const add = (fact: FactName, names: readonly string[]): void => {
    for (const path of paths) {
      const at = names.indexOf((path.at(-1) ?? "").toLowerCase());
      if (at >= 0) found.push({ path, fact, rank: names.length - at });
    }
  };
  const says = identifying.test(opcode);
  if (says) {
    add("id", idNames);
    add("name", nameNames);
  }
  const state = side === 1 && own.test(opcode);
  if (state) {
    add("level", levelNames);
    add("health", healthNames);
    add("healthMost", healthMostNames);
    add("map", mapNames);
  }
  if (state || (side === 0 && moving.test(opcode))) for (const axis of ["x", "y", "z"] as const) add(axis, [axis, `pos_${axis}`]);
  return best(found);
}

/** Of several fields for a fact, the one with the best name. */
const best = (found: readonly FactField[]): readonly FactField[] =>
  found.filter((field) => !found.some((other) => other.fact === field.fact && other.rank > field.rank));

/** Paths of fields with one value, at most two deep. */
function numbersAndTexts(fields: Readonly<Record<string, unknown>>): string[][] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (typeof value === "number" || typeof value === "string") return [[name]];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return Object.entries(value).flatMap(([inner, one]) => (typeof one === "number" || typeof one === "string" ? [[name, inner]] : []));
  });
}

/** Texts are cut here, characters. */
const textMax = 64;

/** Takes what a packet tells. */
export function takeFacts(facts: PlayerFacts, from: readonly FactField[], fields: Readonly<Record<string, unknown>>): void {
  for (const { path, fact } of from) {
    const value = valueAt(fields, path);
    if (fact === "id" || fact === "name" || fact === "map") {
      const text = (typeof value === "number" ? value.toString() : typeof value === "string" ? value : "").slice(0, textMax);
      if (text !== "" && text !== "0") facts[fact] = text;
    } else if (typeof value === "number" && Number.isFinite(value)) facts[fact] = value;
  }
}

/** Takes what a plugin knows of its player; texts are cut and what is no number is left out, as plugins may be wrong. */
export function takePlayer(facts: PlayerFacts, told: PluginPlayer): void {
  const { position, health } = told;
  const texts = { name: told.name, id: told.id, map: position?.map };
  for (const [fact, text] of Object.entries(texts) as [keyof typeof texts, unknown][])
    if (typeof text === "string" && text !== "") facts[fact] = text.slice(0, textMax);
  const numbers = { level: told.level, x: position?.x, y: position?.y, z: position?.z, health: health?.now, healthMost: health?.most };
  for (const [fact, value] of Object.entries(numbers) as [keyof typeof numbers, unknown][])
    if (typeof value === "number" && Number.isFinite(value)) facts[fact] = value;
}

export function valueAt(fields: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  const [first = "", second] = path;
  const value = fields[first];
  if (second === undefined) return value;
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[second] : undefined;
}
