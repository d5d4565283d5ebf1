import type { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Probe, type Side } from "#contract/parser.ts";
import { addRule, answer, type GameMessage, GameTeller, lift, query, wholeNumber } from "#protocols/game-query/message.ts";
import { GameReader, gameText, matches } from "#protocols/game-query/reader.ts";

/** A question or an answer that a stream begins with: its length when it is whole, 0 while it is not, -1 when it is none. */
interface Reading {
  length(side: Side, view: ByteView): number;
  read(side: Side, view: ByteView): GameMessage | undefined;
}

/** Reads one message after the other. */
class MessageParser implements Parser {
  readonly #teller: GameTeller;
  readonly #reading: Reading;

  constructor(context: ParserContext, reading: Reading) {
    this.#teller = new GameTeller(context);
    this.#reading = reading;
  }

  data(side: Side, input: ByteView): number {
    const { at, end } = input;
    while (input.at < end) {
      const length = this.#reading.length(side, input);
      if (length < 0) return FAILED;
      if (length === 0) break;
      input.end = input.at + length;
      const message = this.#reading.read(side, input);
      input.end = end;
      if (message !== undefined) this.#teller.tell(side, message);
      input.at += length;
    }
    const consumed = input.at - at;
    input.at = at;
    return consumed;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}
}

/** StarMade: own length, and in an answer the time; then a mark, a number, a command and its parameters. */
const STARMADE_MARK = 0x2affff01;
const starmadeBytesMax = 65_536;
const STARMADE_NAMES = ["info_version", "version", "hostname", "description", "start_time", "numplayers", "maxplayers"];

export function probeStarmade(_side: Side, { view, at, end }: ByteView): Probe {
  for (let i = at; i < Math.min(end, at + 2); i++) if (view.getUint8(i) !== 0) return Probe.no;
  if (end - at < 8) return Probe.more;
  const length = view.getUint32(at);
  if (length < 9 || length > starmadeBytesMax) return Probe.no;
  // What is asked has no time.
  if (view.getUint32(at + 4) === STARMADE_MARK) return Probe.yes;
  if (view.getUint16(at + 4) !== 0) return Probe.no;
  for (let i = at + 12; i < Math.min(end, at + 16); i++)
    if (view.getUint8(i) !== ((STARMADE_MARK >>> (8 * (at + 15 - i))) & 0xff)) return Probe.no;
  return end - at < 16 ? Probe.more : Probe.yes;
}

const starmade: Reading = {
  length(_side, { view, at, end }) {
    if (end - at < 8) return 0;
    const isAsked = view.getUint32(at + 4) === STARMADE_MARK;
    const whole = (isAsked ? 4 : 12) + view.getUint32(at);
    if (whole > starmadeBytesMax || whole < 13) return -1;
    return end - at < whole ? 0 : whole;
  },
  read(_side, input) {
    if (input.view.getUint32(input.at + 4) === STARMADE_MARK) return query("starmade", "info");
    if (input.length < 26 || input.view.getUint32(input.at + 12) !== STARMADE_MARK) return undefined;
    const message = answer("starmade", "info");
    const reader = GameReader.at(input, 17);
    const count = Math.min(reader.u32(false), 32);
    for (let i = 0; i < count && !reader.short; i++) {
      const value = starmadeValue(reader);
      const name = STARMADE_NAMES[i];
      if (name === undefined || reader.short) continue;
      lift(message, name, value);
      if (name === "description") message.motd = value;
      else if (name === "info_version") message.protocol_version = wholeNumber(value) ?? 0;
      else if (name === "start_time") addRule(message, name, value);
    }
    return reader.short ? { ...message, truncated: true } : message;
  },
};

function starmadeValue(reader: GameReader): string {
  switch (reader.u8()) {
    case 1:
      return `${reader.i32(false)}`;
    case 2:
      return reader.digits64(false);
    case 3:
      return `${reader.f32(false)}`;
    case 4:
      return reader.text(reader.u16(false));
    case 5:
    case 6:
      return `${reader.u8()}`;
    default:
      reader.short = true;
      return "";
  }
}

export const createStarmade = (context: ParserContext): Parser => new MessageParser(context, starmade);

/** What is asked of a Tibia server, and how its answer begins. */
const TIBIA_QUERY = "\x06\0\xff\xffinfo";
const XML = '<?xml version="1.0"';
const TIBIA_TAG = "<tsqp ";
const tagWithinBytes = 64;
const tibiaBytesMax = 16_384;

export function probeTibia(_side: Side, { bytes, at, end }: ByteView): Probe {
  const first = bytes[at];
  if (first === undefined) return Probe.more;
  const wanted = first === 6 ? TIBIA_QUERY : XML;
  const shown = Math.min(wanted.length, end - at);
  if (!matches(bytes, at, at + shown, wanted.slice(0, shown))) return Probe.no;
  if (shown < wanted.length) return Probe.more;
  if (first === 6) return Probe.yes;
  for (let i = at + XML.length; i < Math.min(end, at + tagWithinBytes); i++) {
    if (bytes[i] !== 0x3c) continue;
    const present = Math.min(TIBIA_TAG.length, end - i);
    if (!matches(bytes, i, end, TIBIA_TAG.slice(0, present))) return Probe.no;
    return present === TIBIA_TAG.length ? Probe.yes : Probe.more;
  }
  return end - at < tagWithinBytes ? Probe.more : Probe.no;
}

/** The answer is over with its last tag, or with the connection. */
class TibiaParser implements Parser {
  readonly #teller: GameTeller;
  #text = "";

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, { bytes, at, end }: ByteView): number {
    if (side === 0) {
      if (bytes[at] !== 6) return FAILED;
      if (end - at < TIBIA_QUERY.length) return 0;
      this.#teller.tell(0, query("tibia", "info"));
      return end - at;
    }
    if (end - at > tibiaBytesMax) return FAILED;
    if (!matches(bytes, end - 8, end, "</tsqp>\n") && !matches(bytes, end - 7, end, "</tsqp>")) return 0;
    for (let i = at; i < end; i += 1024) this.#text += gameText(bytes, i, Math.min(end, i + 1024));
    this.#teller.tell(1, readTibia(this.#text));
    return FINISHED;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}
}

const prefixes: { readonly [tag: string]: string } = {
  players: "players_",
  owner: "owner_",
  map: "map_",
  monsters: "monsters_",
  npcs: "npcs_",
};

function readTibia(text: string): GameMessage {
  const message = answer("tibia", "info");
  for (const [, tag, attributes] of text.matchAll(/<([a-z]{1,20}) ([^<>]{0,2000})>/g)) {
    if (tag === "tsqp") continue;
    for (const [, name, value] of (attributes as string).matchAll(/([a-z]{1,20})="([^"]{0,1000})"/g))
      addRule(message, `${prefixes[tag as string] ?? ""}${name}`, value as string);
  }
  const rule = (name: string): string => message.rules?.find((one) => one.name === name)?.value ?? "";
  lift(message, "hostname", rule("servername"));
  lift(message, "gamename", rule("server"));
  lift(message, "map", rule("map_name"));
  lift(message, "version", rule("version"));
  lift(message, "numplayers", rule("players_online"));
  lift(message, "maxplayers", rule("players_max"));
  const uptime = wholeNumber(rule("uptime"));
  if (uptime !== undefined) message.uptime = uptime;
  const motd = /<motd>([^<]{0,2000})<\/motd>/.exec(text)?.[1];
  if (motd !== undefined) message.motd = motd;
  return message;
}

export const createTibia = (context: ParserContext): Parser => new TibiaParser(context);
