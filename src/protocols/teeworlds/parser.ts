import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { addPlayer, addRule, answer, type GameMessage, lift, notice, query } from "#protocols/game-query/message.ts";
import { GameReader, matches } from "#protocols/game-query/reader.ts";

/** Four letters behind four bytes 0xff: what a datagram outside of a connection is. */
const kinds: { readonly [tag: string]: readonly [type: string, message: "query" | "answer" | "notice"] } = {
  gie2: ["info", "query"],
  gie3: ["info", "query"],
  fstd: ["info", "query"],
  inf2: ["info", "answer"],
  inf3: ["info", "answer"],
  dtsf: ["info", "answer"],
  iext: ["info", "answer"],
  "iex+": ["info", "answer"],
  req2: ["servers", "query"],
  lis2: ["servers", "answer"],
  bea2: ["heartbeat", "notice"],
  fwok: ["heartbeat", "notice"],
  fwer: ["heartbeat", "notice"],
};

/** Where the tag stands: behind six or ten bytes of 0.6 and four of 0xff, or behind nine bytes of 0.7. 0 when there is none. */
function tagAt({ bytes, view, at, end }: ByteView): number {
  const first = bytes[at];
  if (end - at < 14) return 0;
  if (first === 0x21) return end - at >= 17 && view.getUint32(at + 9) === 0xffffffff ? 13 : 0;
  const isPlain = first === 0xff && view.getUint32(at) === 0xffffffff && view.getUint16(at + 4) === 0xffff;
  const isExtended = first === 0x78 && bytes[at + 1] === 0x65;
  return (isPlain || isExtended) && view.getUint32(at + 6) === 0xffffffff ? 10 : 0;
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number, bytes[at + 3] as number);
}

export function probe(_side: Side, input: ByteView): Probe {
  const { bytes, view, at, end } = input;
  const place = tagAt(input);
  if (place > 0) return kinds[tag(bytes, at + place)] === undefined ? Probe.no : Probe.yes;
  // Connects of 0.6 have the letters TKEN; 0.7 asks for a token in a datagram that is filled up.
  if (bytes[at] === 0x10 && end - at >= 12)
    return view.getUint32(at) === 0x10000001 && matches(bytes, at + 4, end, "TKEN") ? Probe.yes : Probe.no;
  if (bytes[at] !== 0x04 || end - at < 512) return Probe.no;
  return view.getUint32(at) === 0x040000ff && view.getUint32(at + 4) === 0xffffff05 ? Probe.yes : Probe.no;
}

export function readDatagram(_side: Side, input: ByteView): GameMessage | undefined {
  const place = tagAt(input);
  if (place > 0) return readOutside(input, place);
  return readControl(input);
}

function readOutside(input: ByteView, place: number): GameMessage | undefined {
  const name = tag(input.bytes, input.at + place);
  const kind = kinds[name];
  if (kind === undefined) return undefined;
  const is7 = place === 13;
  const message: GameMessage = { protocol: is7 ? "teeworlds7" : "teeworlds6", type: kind[0], message: kind[1] };
  const reader = GameReader.at(input, place + 4);
  if (message.type !== "info" || message.message !== "answer") return message;
  if (is7) return readInfo7(message, reader);
  return name === "iex+" ? { ...message, truncated: true } : readInfo6(message, reader, name);
}

/** All of it is text: token, version, name, map, … The longer answers of DDNet have two texts more. */
function readInfo6(message: GameMessage, reader: GameReader, name: string): GameMessage {
  reader.cstring();
  message.version = reader.cstring();
  message.hostname = reader.cstring();
  message.map = reader.cstring();
  if (name === "iext") {
    reader.cstring();
    reader.cstring();
  }
  message.mode = reader.cstring();
  const flags = reader.cstring();
  addRule(message, "flags", flags);
  message.password = (Number(flags) & 1) !== 0;
  const counts = [reader.cstring(), reader.cstring(), reader.cstring(), reader.cstring()] as const;
  addCounts(message, counts);
  if (name === "dtsf") reader.cstring();
  if (name === "iext") reader.cstring();
  message.player_list = [];
  while (reader.left > 4) {
    const [player, clan, country, score, place] = [
      reader.cstring(),
      reader.cstring(),
      reader.cstring(),
      reader.cstring(),
      reader.cstring(),
    ];
    if (name === "iext") reader.cstring();
    if (reader.short) break;
    addPlayer(message, {
      name: player,
      score: Math.trunc(Number(score)) || 0,
      team: place,
      fields: [
        { name: "clan", value: clan },
        { name: "flag", value: country },
      ],
    });
  }
  if (reader.short) message.truncated = true;
  return message;
}

/** Players and places, those who play and all: what is told is all of them. */
function addCounts(message: GameMessage, [players, places, clients, clientPlaces]: readonly [string, string, string, string]): void {
  lift(message, "numplayers", clients);
  lift(message, "maxplayers", clientPlaces);
  addRule(message, "num_players", players);
  addRule(message, "maxplayers", places);
}

/** Numbers are packed: six bits and a sign, then seven bits a byte. */
function packed(reader: GameReader): number {
  let byte = reader.u8();
  const isNegative = (byte & 0x40) !== 0;
  let value = byte & 0x3f;
  for (let shift = 6; (byte & 0x80) !== 0 && shift <= 27; shift += 7) {
    byte = reader.u8();
    value |= (byte & 0x7f) << shift;
  }
  return isNegative ? ~value : value;
}

function readInfo7(message: GameMessage, reader: GameReader): GameMessage {
  packed(reader);
  message.version = reader.cstring();
  message.hostname = reader.cstring();
  const address = reader.cstring();
  if (address !== "") message.address = address;
  message.map = reader.cstring();
  message.mode = reader.cstring();
  const flags = reader.u8();
  addRule(message, "flags", `${flags}`);
  message.password = (flags & 1) !== 0;
  addRule(message, "skill", `${reader.u8()}`);
  addCounts(message, [`${packed(reader)}`, `${packed(reader)}`, `${packed(reader)}`, `${packed(reader)}`]);
  message.player_list = [];
  while (reader.left > 4) {
    const name = reader.cstring();
    const clan = reader.cstring();
    const country = packed(reader);
    const score = packed(reader);
    const flag = packed(reader);
    if (reader.short) break;
    addPlayer(message, {
      name,
      score,
      bot: (flag & 2) !== 0,
      fields: [
        { name: "clan", value: clan },
        { name: "flag", value: `${country}` },
      ],
    });
  }
  if (reader.short) message.truncated = true;
  return message;
}

/** Control messages of a connection: 1 connect, 2 accepted, 4 closed with a reason. Version 0.7 has a token before them. */
function readControl(input: ByteView): GameMessage | undefined {
  const { bytes, at, end } = input;
  const first = bytes[at] as number;
  const is7 = (first & 0xfc) === 0x04;
  if ((!is7 && (first & 0xf0) !== 0x10) || bytes[at + 2] !== 0) return undefined;
  const place = at + (is7 ? 7 : 3);
  if (place >= end) return undefined;
  const protocol = is7 ? "teeworlds7" : "teeworlds6";
  switch (bytes[place]) {
    case 1:
      return query(protocol, "connect");
    case 2:
      return answer(protocol, "connect");
    case 4: {
      const message = notice(protocol, "disconnect");
      const reader = GameReader.at(input, place + 1 - at);
      const reason = reader.left > 1 ? reader.cstring() : "";
      // Behind the reason, DDNet repeats its token.
      if (reason !== "" && !/[^\x20-\x7e\u00a0-\uffff]/.test(reason)) message.reason = reason;
      return message;
    }
    default:
      return undefined;
  }
}
