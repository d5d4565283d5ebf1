import { type ByteView, toHex } from "#base/bytes.ts";
import type { Parser, ParserContext, Side } from "#contract/parser.ts";
import { Assemblies, joined } from "#protocols/game-query/assembly.ts";
import { addRule, answer, type GameMessage, GameTeller, lift, notice, query, wholeNumber } from "#protocols/game-query/message.ts";
import { GameReader } from "#protocols/game-query/reader.ts";
import { HEADER_BYTES, isAcknowledgement, newFrame, readFrame } from "./frames.ts";
import { Id, isMagic, magicAt, prefixBytes, robloxIds } from "./probe.ts";

/** What comes before RakNet's part of a datagram: IPv4 and UDP headers. */
const HEADERS_BYTES = 28;

/** First bytes of messages in a connection. */
const CONNECT = 0x09;
const ACCEPTED = 0x10;
const JOINED = 0x13;
const LEFT = 0x15;

const refusals: { readonly [id: number]: string } = {
  [Id.alreadyConnected]: "already connected",
  [Id.full]: "no free incoming connections",
  [Id.banned]: "banned",
  [Id.incompatible]: "incompatible protocol version",
  [Id.tooSoon]: "address connected too recently",
};

/** Pings, the opening of a connection, joining and leaving; what the game says itself is counted. */
export class RaknetParser implements Parser {
  readonly #teller: GameTeller;
  readonly #assemblies = new Assemblies();
  readonly #frame = newFrame();
  readonly #counts = { datagrams: 0, messages: 0, split: 0, acknowledgements: 0, missing: 0 };
  #protocol = "raknet";
  #lastSide: Side = 0;

  constructor(context: ParserContext) {
    this.#teller = new GameTeller(context);
  }

  data(side: Side, input: ByteView): number {
    const { view, at, end } = input;
    if (end - at < 3) return end - at;
    this.#lastSide = side;
    const first = view.getUint8(at);
    const prefix = first === Id.ping ? prefixBytes(view, at, end) : 0;
    if (prefix > 0 && isMagic(view, at + prefix + 1, end)) this.#outside(side, GameReader.at(input, prefix), end - at);
    else if (first < 0x80) this.#outside(side, GameReader.at(input, 0), end - at);
    else if (first === 0xc0 || first === 0xa0) {
      if (isAcknowledgement(view, at, end)) this.#counts[first === 0xc0 ? "acknowledgements" : "missing"]++;
    } else if (first < 0x90) this.#inside(side, input);
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  /** Tells what the connection carried, when there was one. */
  end(): void {
    if (this.#counts.datagrams === 0) return;
    const message = notice(this.#protocol, "session");
    for (const [name, count] of Object.entries(this.#counts)) addRule(message, name, `${count}`);
    this.#teller.tell(this.#lastSide, message);
  }

  #outside(side: Side, reader: GameReader, datagramBytes: number): void {
    const first = reader.u8();
    const roblox = robloxIds[first];
    if (roblox !== undefined) this.#protocol = "roblox";
    const id = roblox ?? first;
    if (!isMagic(reader.view, reader.at - 1 + magicAt(id), reader.end)) return;
    const message = this.#read(id, reader, datagramBytes);
    if (message === undefined) return;
    if (reader.short) message.truncated = true;
    this.#teller.tell(side, message);
  }

  #read(id: number, reader: GameReader, datagramBytes: number): GameMessage | undefined {
    const protocol = this.#protocol;
    switch (id) {
      case Id.ping:
      case Id.pingIfOpen:
        reader.skip(24);
        return reader.left >= 8 ? { ...query(protocol, "ping"), guid: guid(reader) } : query(protocol, "ping");
      case Id.pong:
        return readPong(reader);
      case Id.request1:
        reader.skip(16);
        return { ...query(protocol, "open"), protocol_version: reader.u8(), mtu: datagramBytes + HEADERS_BYTES };
      case Id.reply1: {
        reader.skip(16);
        const message: GameMessage = { ...answer(protocol, "open"), guid: guid(reader) };
        const secured = reader.u8() !== 0;
        // A cookie, and from some servers a key, come first.
        message.mtu = reader.view.getUint16(Math.max(reader.at, reader.end - 2));
        message.encrypted = secured && reader.left > 6;
        return message;
      }
      case Id.request2:
        return { ...query(protocol, "open2"), ...tail(reader, protocol) };
      case Id.reply2:
        reader.skip(16);
        return { ...answer(protocol, "open2"), guid: guid(reader) };
      default:
        return refusals[id] === undefined ? undefined : { ...notice(protocol, "refused"), reason: refusals[id] };
    }
  }

  #inside(side: Side, { bytes, view, at, end }: ByteView): void {
    const frame = this.#frame;
    this.#counts.datagrams++;
    for (let i = at + HEADER_BYTES; i < end; ) {
      i = readFrame(frame, view, i, end);
      if (i < 0) return;
      if (frame.splitCount === 0) this.#message(side, new GameReader(bytes, view, frame.at, frame.at + frame.length));
      else {
        const key = `${side} ${frame.splitId}`;
        const parts = this.#assemblies.add(key, frame.splitIndex, frame.splitCount, bytes, frame.at, frame.at + frame.length);
        if (parts === undefined) continue;
        this.#counts.split++;
        this.#message(side, GameReader.over(joined(parts)));
      }
    }
  }

  #message(side: Side, reader: GameReader): void {
    this.#counts.messages++;
    const bytes = reader.left;
    const id = reader.u8();
    const protocol = this.#protocol;
    if (id === CONNECT && bytes >= 17) {
      const message: GameMessage = { ...query(protocol, "connect"), guid: guid(reader) };
      reader.skip(8);
      // A password may follow.
      if (reader.left > 0) message.encrypted = reader.u8() === 1;
      if (reader.left > 0) message.password = true;
      this.#teller.tell(side, message);
    } else if (id === ACCEPTED && bytes >= 20) this.#teller.tell(side, answer(protocol, "connect"));
    else if (id === JOINED && bytes >= 20) this.#teller.tell(side, notice(protocol, "joined"));
    else if (id === LEFT && bytes === 1)
      this.#teller.tell(side, { ...notice(protocol, "disconnect"), reason: side === 0 ? "the client left" : "the server closed it" });
  }
}

function guid(reader: GameReader): string {
  const at = reader.skip(8);
  return at < 0 ? "" : toHex(reader.bytes, at, at + 8);
}

/** Of the second request, what stands at the end: datagram size and client. */
function tail(reader: GameReader, protocol: string): { mtu?: number; guid?: string } {
  if (protocol === "roblox" || reader.left < 33) return {};
  reader.at = reader.end - 10;
  return { mtu: reader.u16(false), guid: guid(reader) };
}

/** Time, server, magic, text. Minecraft's text: edition; name; protocol; version; players; places; server; … */
function readPong(reader: GameReader): GameMessage {
  reader.skip(8);
  const server = guid(reader);
  reader.skip(16);
  const length = reader.left >= 2 ? reader.u16(false) : 0;
  const isCut = length > reader.left;
  const text = reader.text(isCut ? reader.left : length);
  const parts = splitText(text);
  const isMinecraft = /^MC[A-Z]{2}$/.test(parts[0] ?? "") && parts.length >= 6;
  const message: GameMessage = { ...answer(isMinecraft ? "bedrock" : "raknet", "ping"), guid: server };
  if (isCut) message.truncated = true;
  if (!isMinecraft) {
    if (text !== "") message.motd = text;
    return message;
  }
  const [edition, name, protocol, version, players, places, id, second, mode, modeNumber, port4, port6] = parts;
  message.game = edition as string;
  message.hostname = name as string;
  const number = wholeNumber(protocol ?? "");
  if (number !== undefined) message.protocol_version = number;
  message.version = version as string;
  lift(message, "numplayers", players ?? "");
  lift(message, "maxplayers", places ?? "");
  if (second !== undefined) message.motd = second;
  if (mode !== undefined) message.mode = mode;
  lift(message, "hostport", port4 ?? "");
  for (const [key, value] of [
    ["server_uid", id],
    ["gamemode_numeric", modeNumber],
    ["port_ipv6", port6],
  ] as const)
    if (value !== undefined && value !== "") addRule(message, key, value);
  return message;
}

/** Parts between semicolons; `\;` stands for one. */
function splitText(text: string): string[] {
  const parts = [""];
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (letter === "\\" && text[i + 1] === ";") {
      parts[parts.length - 1] += ";";
      i++;
    } else if (letter === ";") parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
