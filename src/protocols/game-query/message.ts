import type { ParserContext, Side, Transaction } from "#contract/parser.ts";

/** Players that are told of one answer. */
export const playersMax = 512;
/** Settings that are told of one answer. */
export const rulesMax = 512;
/** Queries of different types that wait for their answers in one flow. */
export const openMax = 64;
/** Teams that are told of one answer. */
export const teamsMax = 64;

/** Further facts that are told of one player. */
export const playerFieldsMax = 24;

export interface Pair {
  name: string;
  value: string;
}

export interface Player {
  name?: string;
  id?: number;
  score?: number;
  deaths?: number;
  ping?: number;
  time?: number;
  team?: string;
  bot?: boolean;
  fields?: Pair[];
}

/** Members of the `game` event, as `facts.ts` says them. */
export interface GameMessage {
  protocol: string;
  type: string;
  message: "query" | "answer" | "notice";
  game?: string;
  hostname?: string;
  motd?: string;
  map?: string;
  mode?: string;
  game_dir?: string;
  app_id?: number;
  game_id?: string;
  steam_id?: string;
  players?: number;
  max_players?: number;
  bots?: number;
  version?: string;
  protocol_version?: number;
  password?: boolean;
  secure?: boolean;
  server_type?: string;
  os?: string;
  address?: string;
  port?: number;
  spectator_port?: number;
  spectator_name?: string;
  tags?: string;
  url?: string;
  mod?: { url: string; download_url: string; version: number; size: number; type: number; dll: number };
  player?: string;
  guid?: string;
  mtu?: number;
  reason?: string;
  command?: string;
  status?: number;
  uptime?: number;
  encrypted?: boolean;
  compressed?: boolean;
  player_list?: Player[];
  teams?: { name: string; score?: string }[];
  rules?: Pair[];
  omitted?: number;
  truncated?: boolean;
}

export const query = (protocol: string, type: string): GameMessage => ({ protocol, type, message: "query" });
export const answer = (protocol: string, type: string): GameMessage => ({ protocol, type, message: "answer" });
export const notice = (protocol: string, type: string): GameMessage => ({ protocol, type, message: "notice" });

export function addRule(message: GameMessage, name: string, value: string): void {
  message.rules ??= [];
  if (message.rules.length < rulesMax) message.rules.push({ name, value });
  else message.omitted = (message.omitted ?? 0) + 1;
}

export function addPlayer(message: GameMessage, player: Player): void {
  message.player_list ??= [];
  if (message.player_list.length < playersMax) message.player_list.push(player);
  else message.omitted = (message.omitted ?? 0) + 1;
}

export function addTeam(message: GameMessage, name: string, score?: string): void {
  message.teams ??= [];
  if (message.teams.length >= teamsMax) message.omitted = (message.omitted ?? 0) + 1;
  else message.teams.push(score === undefined ? { name } : { name, score });
}

/** Number in a text: `undefined` when it is none, or one beyond what a member can hold. */
export function wholeNumber(text: string): number | undefined {
  return /^\s*[+-]?[0-9]{1,15}(?:\.[0-9]*)?\s*$/.test(text) ? Math.trunc(Number(text)) : undefined;
}

/** A setting's value in a member of its own, when the setting is one of those that most games have. */
export function lift(message: GameMessage, name: string, value: string): void {
  const number = wholeNumber(value);
  switch (name.toLowerCase()) {
    case "hostname":
    case "sv_hostname":
    case "si_name":
    case "servername":
      message.hostname ??= value;
      break;
    case "mapname":
    case "map":
    case "si_map":
      message.map ??= value;
      break;
    case "gametype":
    case "g_gametype":
    case "si_gametype":
    case "si_rules":
      message.mode ??= value;
      break;
    case "gamename":
      message.game ??= value;
      break;
    case "gamedir":
    case "fs_game":
      if (value !== "") message.game_dir ??= value;
      break;
    case "version":
    case "gamever":
    case "si_version":
      message.version ??= value;
      break;
    case "maxplayers":
    case "sv_maxclients":
    case "maxclients":
    case "si_maxplayers":
      if (number !== undefined) message.max_players ??= number;
      break;
    case "numplayers":
    case "clients":
      if (number !== undefined) message.players ??= number;
      break;
    case "password":
    case "g_needpass":
    case "needpass":
    case "si_usepass":
    case "si_needpass":
      message.password ??= number !== undefined ? number !== 0 : value.toLowerCase() === "true";
      break;
    case "hostport":
      if (number !== undefined && number >= 0 && number < 65_536) message.port ??= number;
      break;
    case "protocol":
      if (number !== undefined) message.protocol_version ??= number;
      break;
    default:
  }
}

/** A setting told in the list, and in a member of its own when it has one. */
export function setRule(message: GameMessage, name: string, value: string): void {
  addRule(message, name, value);
  lift(message, name, value);
}

/** Tells messages as events: an answer shares the transaction of the query of the same type that it follows. */
export class GameTeller {
  readonly #context: ParserContext;
  readonly #open = new Map<string, number>();
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  tell(side: Side, message: GameMessage): void {
    this.#context.emit("game", side, this.#transactionOf(message), message as unknown as Transaction);
  }

  #transactionOf({ message, type }: GameMessage): number {
    if (message === "query") {
      if (this.#open.size >= openMax) this.#open.delete(this.#open.keys().next().value as string);
      this.#open.set(type, this.#transactions);
      return this.#transactions++;
    }
    const asked = message === "answer" ? this.#open.get(type) : undefined;
    if (asked === undefined) return this.#transactions++;
    this.#open.delete(type);
    return asked;
  }
}

/** What a server says of a player under the name that the game has for it. */
export function setPlayer(player: Player, name: string, value: string): void {
  const number = wholeNumber(value);
  const key = name.toLowerCase();
  if (key === "player" || key === "name" || key === "playername" || key === "nick") player.name ??= value;
  else if (key === "team") player.team ??= value;
  else if (key === "aibot" && number !== undefined) player.bot ??= number !== 0;
  else if ((key === "score" || key === "frags") && number !== undefined && player.score === undefined) player.score = number;
  else if (key === "ping" && number !== undefined && player.ping === undefined) player.ping = number;
  else if (key === "deaths" && number !== undefined && player.deaths === undefined) player.deaths = number;
  else {
    player.fields ??= [];
    if (player.fields.length < playerFieldsMax) player.fields.push({ name, value });
  }
}
