import { latin1 } from "#base/bytes.ts";
import { utf8Text } from "#base/loose-text.ts";
import { addPlayer, addRule, answer, type GameMessage, lift } from "#protocols/game-query/message.ts";

/** Letters of a text component that are told, and how deep it is looked into. */
const letters = 2048;
const depthMax = 8;

type Json = { readonly [name: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const cut = (text: string): string => text.slice(0, letters).toWellFormed();

/** Text of a component: a string, or an object whose `extra` go on; translations have a key. */
export function componentText(value: unknown, depth = 0): string {
  if (typeof value === "string") return cut(value);
  if (depth > depthMax) return "";
  if (Array.isArray(value)) return joinedText(value, depth);
  if (!isObject(value)) return "";
  const own = typeof value["text"] === "string" ? value["text"] : typeof value["translate"] === "string" ? value["translate"] : "";
  const extra = value["extra"];
  return cut(Array.isArray(extra) ? own + joinedText(extra, depth) : own);
}

function joinedText(values: readonly unknown[], depth: number): string {
  let text = "";
  for (const value of values) {
    if (text.length >= letters) break;
    text += componentText(value, depth + 1);
  }
  return cut(text);
}

/** JSON in `bytes[at..end)`; `undefined` when it is none. */
export function readJson(bytes: Uint8Array, at: number, end: number): unknown {
  try {
    return JSON.parse(utf8Text(latin1(bytes, at, end)));
  } catch {
    return undefined;
  }
}

/** What a server says of itself: version, players, description, mods. */
export function readStatus(json: unknown): GameMessage {
  const message = answer("minecraft", "status");
  if (!isObject(json)) return { ...message, truncated: true };
  const version = json["version"];
  if (isObject(version)) {
    if (typeof version["name"] === "string") message.version = cut(version["name"]);
    if (Number.isInteger(version["protocol"])) message.protocol_version = version["protocol"] as number;
  }
  const hostname = componentText(json["description"]);
  if (hostname !== "") message.hostname = hostname;
  const players = json["players"];
  if (isObject(players)) {
    lift(message, "numplayers", String(players["online"]));
    lift(message, "maxplayers", String(players["max"]));
    const sample = players["sample"];
    if (Array.isArray(sample)) for (const one of sample) readPlayer(message, one);
  }
  readMods(message, json);
  return message;
}

function readPlayer(message: GameMessage, player: unknown): void {
  if (!isObject(player) || typeof player["name"] !== "string") return;
  const { id } = player as { id?: unknown };
  addPlayer(message, {
    name: cut(player["name"]),
    ...(typeof id === "string" ? { fields: [{ name: "uuid", value: cut(id) }] } : {}),
  });
}

/** Forge's list, of both its shapes. */
function readMods(message: GameMessage, json: Json): void {
  const old = json["modinfo"];
  const forge = json["forgeData"];
  const list = isObject(forge) ? forge["mods"] : isObject(old) ? old["modList"] : undefined;
  if (!Array.isArray(list)) return;
  for (const mod of list) {
    if (!isObject(mod)) continue;
    const name = mod["modId"] ?? mod["modid"];
    const version = mod["modmarker"] ?? mod["version"];
    if (typeof name === "string") addRule(message, cut(name), typeof version === "string" ? cut(version) : "");
  }
}
