import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { matches } from "#protocols/game-query/reader.ts";

/** Longest command that a message outside of the connection begins with. */
export const commandBytesMax = 24;

/** What each command is: a question, its answer, or news. */
export const commands: { readonly [command: string]: readonly [type: string, message: "query" | "answer" | "notice"] } = {
  getinfo: ["info", "query"],
  getstatus: ["status", "query"],
  status: ["status", "query"],
  info: ["info", "query"],
  getchallenge: ["challenge", "query"],
  getchallengeresponse: ["challenge", "answer"],
  challenge: ["challenge", "answer"],
  challengeresponse: ["challenge", "answer"],
  connect: ["connect", "query"],
  connectresponse: ["connect", "answer"],
  client_connect: ["connect", "answer"],
  disconnect: ["disconnect", "notice"],
  inforesponse: ["info", "answer"],
  statusresponse: ["status", "answer"],
  print: ["print", "notice"],
  error: ["print", "notice"],
  rcon: ["rcon", "query"],
  heartbeat: ["heartbeat", "notice"],
  flatline: ["heartbeat", "notice"],
  getservers: ["servers", "query"],
  getserversext: ["servers", "query"],
  getserversresponse: ["servers", "answer"],
  getserversextresponse: ["servers", "answer"],
  getmotd: ["motd", "query"],
  motd: ["motd", "answer"],
  getkeyauthorize: ["authorize", "query"],
  getipauthorize: ["authorize", "query"],
  keyauthorize: ["authorize", "answer"],
  ipauthorize: ["authorize", "answer"],
};

/** The command at `at` in lower case: letters and `_` up to a delimiter or the end. Empty when there is none. */
export function commandAt(bytes: Uint8Array, at: number, end: number): string {
  let word = "";
  for (let i = at; i < end; i++) {
    const byte = bytes[i] as number;
    const letter = byte | 0x20;
    if (byte !== 0x5f && (letter < 0x61 || letter > 0x7a)) return byte <= 0x20 || byte === 0x5c || byte === 0x22 ? word : "";
    if (word.length === commandBytesMax) return "";
    word += String.fromCharCode(byte === 0x5f ? byte : letter);
  }
  return word;
}

/** Four bytes 0xff and a command of Quake; NetQuake's control messages; QuakeWorld's status. */
export function probe(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  const first = bytes[at];
  if (first === 0x80) return isControl(bytes, view, at, end) ? Probe.yes : Probe.no;
  if (first !== 0xff || end - at < 8 || view.getUint32(at) !== 0xffffffff) return Probe.no;
  if (bytes[at + 4] === 0x6e && bytes[at + 5] === 0x5c) return Probe.yes;
  const command = commandAt(bytes, at + 4, end);
  if (command === "" || commands[command] === undefined) return Probe.no;
  return isGoldSrc(bytes, at + 4, end) ? Probe.no : Probe.yes;
}

/** Half-Life took over the commands: its words behind them tell. */
function isGoldSrc(bytes: Uint8Array, at: number, end: number): boolean {
  if (matches(bytes, at, end, "getchallenge ")) return matches(bytes, at + 13, end, "steam") || matches(bytes, at + 13, end, "valve");
  return matches(bytes, at, end, "connect 4") && (bytes[at + 9] === 0x37 || bytes[at + 9] === 0x38) && bytes[at + 10] === 0x20;
}

/** NetQuake: flag, own length, a known command, and for requests the name of the game. */
export function isControl(bytes: Uint8Array, view: DataView, at: number, end: number): boolean {
  if (end - at < 6 || view.getUint32(at) !== 0x80000000 + (end - at)) return false;
  const command = bytes[at + 4] as number;
  if (command === 0x01 || command === 0x02) return matches(bytes, at + 5, end, "QUAKE\0");
  return command >= 0x81 && command <= 0x85;
}

/** Two bytes 0xff and a command of Doom 3. */
export function probeDoom(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  if (bytes[at] !== 0xff || end - at < 10 || view.getUint16(at) !== 0xffff || bytes[at + 2] === 0xff) return Probe.no;
  const command = commandAt(bytes, at + 2, end);
  if (command === "" || bytes[at + 2 + command.length] !== 0) return Probe.no;
  return command === "getinfo" || command === "getinfoex" || command === "inforesponse" || command === "infoexresponse"
    ? Probe.yes
    : Probe.no;
}
