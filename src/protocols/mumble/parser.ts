import { type ByteView, latin1 } from "#base/bytes.ts";
import { utf8Text } from "#base/loose-text.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Probe, type Side } from "#contract/parser.ts";
import {
  addPlayer,
  addRule,
  answer,
  type GameMessage,
  GameTeller,
  lift,
  type Player,
  query,
  setPlayer,
} from "#protocols/game-query/message.ts";
import { GameReader, matches } from "#protocols/game-query/reader.ts";

/** Four zeros and a number that comes again; version, the number, users, places, bandwidth in bit/s. */
const PING_BYTES = 12;
const PONG_BYTES = 24;
const usersMax = 1_000_000;

/** A ping is little more than a number: away from the usual port it is taken when nobody else wants it. */
export function probe(_side: Side, { view, at, end }: ByteView, usualPort: boolean): Probe {
  if (end - at === PING_BYTES)
    return view.getUint32(at) === 0 && (usualPort || view.getUint32(at + 4) > 0xffff) ? (usualPort ? Probe.yes : Probe.maybe) : Probe.no;
  if (end - at !== PONG_BYTES || view.getUint16(at) !== 1 || view.getUint8(at + 2) > 9) return Probe.no;
  const places = view.getUint32(at + 16);
  const bandwidth = view.getUint32(at + 20);
  const fits = view.getUint32(at + 12) <= places && places > 0 && places <= usersMax && bandwidth >= 1000 && bandwidth <= 10_000_000;
  return fits ? (usualPort ? Probe.yes : Probe.maybe) : Probe.no;
}

/** Pings of a Mumble server; voice is encrypted, its control connection is TLS. */
export function readDatagram(_side: Side, input: ByteView): GameMessage | undefined {
  if (input.length === PING_BYTES && input.view.getUint32(input.at) === 0) return query("mumble", "ping");
  if (input.length !== PONG_BYTES || input.view.getUint16(input.at) !== 1) return undefined;
  const reader = GameReader.at(input, 1);
  const message = answer("mumble", "ping");
  message.version = `${reader.u8()}.${reader.u8()}.${reader.u8()}`;
  reader.skip(8);
  message.players = reader.u32(false);
  message.max_players = reader.u32(false);
  addRule(message, "bandwidth", `${reader.u32(false)}`);
  return message;
}

/** What an add-on of the server answers: one JSON document that says its own length. */
const DOCUMENT = '{\n\t"id": ';
const LENGTH_NAME = '"x_gtmurmur_doclen": ';
const headBytesMax = 1024;
export const documentBytesMax = 524_288;
/** Channels in channels that are looked into. */
const depthMax = 32;

export function probeDocument(side: Side, { bytes, at, end }: ByteView): Probe {
  const shown = Math.min(DOCUMENT.length, end - at);
  if (side === 0 || !matches(bytes, at, end, DOCUMENT.slice(0, shown))) return Probe.no;
  if (shown < DOCUMENT.length) return Probe.more;
  if (lengthIn(bytes, at, end) > 0) return Probe.yes;
  return end - at < headBytesMax ? Probe.more : Probe.no;
}

/** The length that the document says it has; 0 while it has not said. */
function lengthIn(bytes: Uint8Array, at: number, end: number): number {
  const head = latin1(bytes, at, Math.min(end, at + headBytesMax));
  const place = head.indexOf(LENGTH_NAME);
  return place < 0 ? 0 : Number(/^([0-9]{1,9}),/.exec(head.slice(place + LENGTH_NAME.length))?.[1] ?? 0);
}

export class DocumentParser implements Parser {
  readonly #teller: GameTeller;
  #length = 0;

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, { bytes, at, end }: ByteView): number {
    if (side === 0) {
      this.#teller.tell(0, query("gtmurmur", "status"));
      return end - at;
    }
    if (this.#length === 0) this.#length = lengthIn(bytes, at, end);
    if (end - at > documentBytesMax || this.#length > documentBytesMax) return FAILED;
    if (this.#length === 0 || end - at < this.#length || bytes[end - 1] !== 0x7d) return 0;
    const message = readDocument(bytes, at, end);
    if (message === undefined) return FAILED;
    this.#teller.tell(1, message);
    return FINISHED;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}
}

type Json = { readonly [name: string]: unknown };
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const cut = (value: unknown): string => String(value).slice(0, 2048).toWellFormed();
const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function readDocument(bytes: Uint8Array, at: number, end: number): GameMessage | undefined {
  let json: unknown;
  try {
    json = JSON.parse(utf8Text(latin1(bytes, at, end)));
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const message = answer("gtmurmur", "status");
  message.player_list = [];
  for (const [name, value] of Object.entries(json)) if (isPlain(value)) addRule(message, name.slice(0, 256), cut(value));
  lift(message, "hostname", cut(json["name"] ?? ""));
  lift(message, "maxplayers", cut(json["x_gtmurmur_max_users"] ?? ""));
  if (typeof json["x_gtmurmur_server_version"] === "string") message.version = cut(json["x_gtmurmur_server_version"]);
  readChannel(message, json["root"], 0);
  message.players = message.player_list.length + (message.omitted ?? 0);
  return message;
}

function readChannel(message: GameMessage, channel: unknown, depth: number): void {
  if (!isObject(channel) || depth > depthMax) return;
  const { channels, users } = channel as { channels?: unknown; users?: unknown };
  if (Array.isArray(channels)) for (const one of channels) readChannel(message, one, depth + 1);
  if (!Array.isArray(users)) return;
  for (const user of users) {
    if (!isObject(user)) continue;
    const player: Player = {};
    for (const [name, value] of Object.entries(user)) if (isPlain(value)) setPlayer(player, name.slice(0, 256), cut(value));
    addPlayer(message, player);
  }
}
