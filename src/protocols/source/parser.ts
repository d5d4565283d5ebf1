import type { ByteView } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { Assemblies, joined } from "#protocols/game-query/assembly.ts";
import { addRule, answer, type GameMessage, GameTeller, notice, query } from "#protocols/game-query/message.ts";
import { GameReader, matches } from "#protocols/game-query/reader.ts";
import { infoShape, readFrontlinesInfo, readInfo, readOldInfo, readPlayers, readRules } from "./answers.ts";
import { bunzip2 } from "./bzip2.ts";
import { CONNECTIONLESS, isCompressed, SPLIT, splitLayout } from "./probe.ts";

/** Plain text of one compressed answer. */
export const answerBytesMax = 65_536;

/** Messages outside of the connection: queries, answers, connects. What is inside (encoded) is passed over. */
export class SourceParser implements Parser {
  readonly #teller: GameTeller;
  readonly #assemblies = new Assemblies();

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, input: ByteView): number {
    const { bytes, view, at, end } = input;
    if (end - at < 5) return end - at;
    const magic = view.getUint32(at);
    if (magic === CONNECTIONLESS) this.#message(side, GameReader.at(input, 4), false);
    else if (magic === SPLIT) this.#part(side, input);
    else if (bytes[at] === 0x31) this.#message(side, GameReader.at(input, 0), false);
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}

  #part(side: Side, { bytes, view, at, end }: ByteView): void {
    if (end - at < 12) return;
    const isSource = splitLayout(bytes, view, at, end) === "source";
    const [number, total] = isSource
      ? [bytes[at + 9] as number, bytes[at + 8] as number]
      : [(bytes[at + 8] as number) >>> 4, (bytes[at + 8] as number) & 0x0f];
    const key = `${side} ${view.getUint32(at + 4)}`;
    const parts = this.#assemblies.add(key, number, total, bytes, at + (isSource ? 10 : 9), end);
    if (parts === undefined) return;
    const compressed = isSource && isCompressed(bytes, at);
    // Old games of the Source engine have no size of the parts in the header: what comes behind it tells.
    const first = parts[0] as Uint8Array;
    const sized = isSource && (compressed ? !matches(first, 8, first.length, "BZh") : GameReader.over(first).u32() !== CONNECTIONLESS);
    const whole = joined(sized ? parts.map((part) => part.subarray(2)) : parts);
    if (compressed) this.#compressed(side, whole);
    else if (GameReader.over(whole).u32() === CONNECTIONLESS) this.#message(side, GameReader.over(whole, 4), false);
  }

  /** Size and CRC of the plain text, then bzip2. */
  #compressed(side: Side, whole: Uint8Array): void {
    const size = GameReader.over(whole).u32();
    const plain = size <= answerBytesMax ? bunzip2(whole, 8, Math.min(size, answerBytesMax)) : undefined;
    if (plain !== undefined && GameReader.over(plain).u32() === CONNECTIONLESS) this.#message(side, GameReader.over(plain, 4), true);
    else this.#teller.tell(side, { ...answer("a2s", "compressed"), compressed: true });
  }

  #message(side: Side, reader: GameReader, compressed: boolean): void {
    const message = read(reader);
    if (message === undefined || message === FAILED) return;
    if (compressed) message.compressed = true;
    this.#teller.tell(side, message);
  }
}

function read(reader: GameReader): GameMessage | undefined | typeof FAILED {
  const { bytes, at, end } = reader;
  const letter = reader.u8();
  switch (letter) {
    case 0x54:
      return query("a2s", "info");
    case 0x55:
      return query("a2s", "players");
    case 0x56:
      return query("a2s", "rules");
    case 0x57:
      return query("a2s", "challenge");
    case 0x46:
      return query("ffow", "info");
    case 0x49:
      return infoShape(bytes, reader.at, end) === 2 ? readFrontlinesInfo(reader) : readInfo(reader);
    case 0x6d:
      return readOldInfo(reader);
    case 0x44:
      return readPlayers(reader);
    case 0x45:
      return readRules(reader);
    case 0x41:
      return reader.left === 4 ? answer("a2s", "challenge") : answer("goldsrc", "challenge");
    case 0x6a:
      return answer("a2s", "ping");
    case 0x31:
      return readMasterQuery(reader);
    case 0x66:
      return readMasterAnswer(reader);
    default:
      return readText(new GameReader(bytes, reader.view, at, end), letter);
  }
}

function readMasterQuery(reader: GameReader): GameMessage {
  const message = query("steam-master", "servers");
  addRule(message, "region", `${reader.u8()}`);
  message.address = reader.cstring();
  addRule(message, "filter", reader.cstring());
  return message;
}

function readMasterAnswer(reader: GameReader): GameMessage {
  const message = answer("steam-master", "servers");
  reader.u8();
  while (reader.left >= 6) addRule(message, "server", `${reader.u8()}.${reader.u8()}.${reader.u8()}.${reader.u8()}:${reader.u16(false)}`);
  return message;
}

/** Connects, refusals, and what GoldSrc asks in words. */
function readText(reader: GameReader, letter: number): GameMessage | undefined {
  const { bytes, at, end } = reader;
  if (letter === 0x69 && end - at <= 2) return query("a2s", "ping");
  if (letter === 0x6b) return readConnect(reader);
  if (letter === 0x71) return query("a2s", "challenge");
  if (letter === 0x42) return notice("source", "connected");
  if (letter === 0x39 || letter === 0x38) {
    reader.u8();
    // Source repeats the client's challenge before the text; GoldSrc has the text alone.
    const isSource = reader.left > 4 && bytes.subarray(reader.at, reader.at + 4).some((byte) => byte < 0x20 || byte > 0x7e);
    const message = notice(isSource ? "source" : "goldsrc", "refused");
    if (isSource) reader.u32();
    message.reason = reader.cstring().trim();
    return message;
  }
  if (matches(bytes, at, end, "getchallenge")) return query("goldsrc", "challenge");
  if (matches(bytes, at, end, "connect ")) return readOldConnect(reader);
  if (matches(bytes, at, end, "details") || matches(bytes, at, end, "infostring")) return query("goldsrc", "info");
  if (matches(bytes, at, end, "players")) return query("goldsrc", "players");
  if (matches(bytes, at, end, "rules")) return query("goldsrc", "rules");
  if (matches(bytes, at, end, "rcon ")) return readRcon(reader);
  return undefined;
}

/** `rcon challenge "password" command`: the password is not told. */
function readRcon(reader: GameReader): GameMessage {
  const message = query("goldsrc", "rcon");
  const words = /^rcon \S+ (?:"[^"]*"|\S+) (\S+)/.exec(reader.cstring());
  if (words?.[1] !== undefined) message.command = words[1];
  return message;
}

/** Protocol, kind of ticket, two challenges, then texts. */
function readConnect(reader: GameReader): GameMessage {
  const message = query("source", "connect");
  reader.u8();
  message.protocol_version = reader.u32();
  for (let i = 0; i < 3; i++) reader.u32();
  message.player = reader.cstring();
  message.password = reader.cstring() !== "";
  const version = reader.cstring();
  if (!reader.short) message.version = version;
  return message;
}

/** `connect 48 challenge "\prot\3…" "\name\Someone…"`. */
function readOldConnect(reader: GameReader): GameMessage {
  const message = query("goldsrc", "connect");
  const text = reader.cstring();
  const version = /^connect ([0-9]{1,5}) /.exec(text)?.[1];
  if (version !== undefined) message.protocol_version = Number(version);
  const name = /\\name\\([^\\"]*)/.exec(text)?.[1];
  if (name !== undefined) message.player = name;
  return message;
}
