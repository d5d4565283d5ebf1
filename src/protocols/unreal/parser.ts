import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { addPlayer, addRule, answer, type GameMessage, query, setRule } from "#protocols/game-query/message.ts";
import { GameReader } from "#protocols/game-query/reader.ts";

const types = ["info", "rules", "players", "all"];
const ANSWER = 0x80;
const HEADER_BYTES = 5;

/** Version, three zeros, what it is about. A question is no longer; an answer begins with a number or a text that fits. */
export function probe(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  const first = bytes[at];
  if (first === undefined || first < 0x78 || first > ANSWER || end - at < HEADER_BYTES) return Probe.no;
  if ((view.getUint32(at) & 0xffffff) !== 0) return Probe.no;
  const type = bytes[at + 4] as number;
  if (first < ANSWER) return end - at === HEADER_BYTES && type <= 3 ? Probe.yes : Probe.no;
  const i = at + HEADER_BYTES;
  if (type === 0)
    return end - at > 30 && (bytes[i + 4] as number) <= 17 && isText(bytes, i + 13 + (bytes[i + 4] as number), end, true)
      ? Probe.yes
      : Probe.no;
  if (type === 1) return isText(bytes, i, end, false) ? Probe.yes : Probe.no;
  return type === 2 && isText(bytes, i + 4, end, false) ? Probe.yes : Probe.no;
}

/** A text behind its length, which counts the zero at its end. Colours in names are not counted. */
function isText(bytes: Uint8Array, at: number, end: number, mayBeColoured: boolean): boolean {
  const length = bytes[at] ?? 0;
  if (length < 2 || length > 128) return false;
  const zero = bytes.indexOf(0, at + 1);
  return zero > 0 && zero < end && (mayBeColoured ? zero >= at + length : zero === at + length);
}

export function readDatagram(side: Side, input: ByteView): GameMessage | undefined {
  const { bytes, at, end } = input;
  const type = types[bytes[at + 4] ?? 9];
  if (end - at < HEADER_BYTES || type === undefined) return undefined;
  if ((bytes[at] as number) < ANSWER) return probe(side, input) === Probe.no ? undefined : query("unreal2", type);
  if (bytes[at] !== ANSWER) return undefined;
  const message = answer("unreal2", type);
  const reader = GameReader.at(input, HEADER_BYTES);
  if (type === "info") readInfo(message, reader);
  else if (type === "rules") {
    message.rules = [];
    while (reader.left > 1) {
      const name = text(reader);
      const value = text(reader);
      if (!reader.short) setRule(message, name, value);
    }
  } else if (type === "players") readPlayers(message, reader);
  if (reader.short) message.truncated = true;
  return message;
}

/** A length that counts the zero at the end, then the text; from 128 on its letters have two bytes. */
function text(reader: GameReader): string {
  const length = reader.u8();
  if (length === 0) return "";
  if (length >= 128) {
    let wide = "";
    for (let i = 0; i < length - 128 && !reader.short; i++) {
      const letter = reader.u16();
      if (letter !== 0) wide += String.fromCharCode(letter);
    }
    return wide.toWellFormed();
  }
  // The zero tells the end, because colours are not counted.
  return reader.cstring();
}

function readInfo(message: GameMessage, reader: GameReader): void {
  reader.u32();
  const address = text(reader);
  if (address !== "") message.address = address;
  message.port = reader.u32() & 0xffff;
  reader.u32();
  message.hostname = text(reader);
  message.map = text(reader);
  message.mode = text(reader);
  message.players = reader.u32();
  message.max_players = reader.u32();
  // Killing Floor has the waves here, the others the ping.
  if (message.mode.startsWith("KF") && reader.left >= 8) {
    addRule(message, "currentwave", `${reader.u32()}`);
    addRule(message, "finalwave", `${reader.u32()}`);
  }
}

function readPlayers(message: GameMessage, reader: GameReader): void {
  message.player_list = [];
  while (reader.left > 1) {
    const id = reader.u32();
    const name = text(reader);
    const ping = reader.u32();
    const score = reader.i32();
    const stats = reader.u32();
    if (reader.short) return;
    addPlayer(message, { id, name, ping, score, ...(stats === 0 ? {} : { fields: [{ name: "stats_id", value: `${stats}` }] }) });
  }
}
