/** Lantern, the example game (../PROTOCOL.md), for WebAssembly, in AssemblyScript: `npm run build:wasm` makes lantern.wasm of it. */
import { inflateRaw } from "./inflate";

const HEADER_BYTES: u32 = 8;
const PACKET_BYTES_MAX: u32 = 8192;
const BODY_BYTES_MAX: u32 = 16_384;
const STEP_MAX: u32 = 4096;
const COMPRESSED: u16 = 0x8000;
const SERVER_SALT: u32 = 0x5bd1e995;

const HELLO: u16 = 0x01;
const KEY: u16 = 0x02;
const LOGIN: u16 = 0x03;
const WELCOME: u16 = 0x04;
const PING: u16 = 0x05;
const PONG: u16 = 0x06;
const MOVE: u16 = 0x10;
const LOGOUT: u16 = 0x18;
const WORLD_STATE: u16 = 0x20;
const PLAYER_STATS: u16 = 0x21;
const ITEM: u16 = 0x24;

/** Members of AnomPacket, AnomPlayer and AnomPlayerConnection (plugin_api.h), offsets in bytes. */
const PACKET_DIRECTION: usize = 4;
const PACKET_SESSION: usize = 8;
const PACKET_TIME: usize = 56;
const PLAYER_BYTES: usize = 248;
const CONNECTION_BYTES: usize = 32;
const TEXT_BYTES: usize = 64;

const SKIP: i32 = -1;

const description = String.UTF8.encode(
  `{"name":"Lantern","gameId":"lantern","version":"1.0.0","abi":5,"transports":["tcp","udp"],"ports":[7777,7778],
"header":{"bytes":8,"bigEndian":false,"opcode":{"offset":2,"bytes":2},"length":{"offset":0,"bytes":2,"counts":"packet","adjust":0},
"fields":[{"name":"sequence","offset":4,"bytes":4,"type":"unsigned"}]},
"opcodes":{"toServer":{"1":"CMSG_HELLO","3":"CMSG_LOGIN","5":"CMSG_PING","16":"CMSG_MOVE","17":"CMSG_ATTACK","18":"CMSG_USE_ITEM",
"19":"CMSG_LOOT","20":"CMSG_CHAT","21":"CMSG_TRADE","22":"CMSG_HARVEST","23":"CMSG_EMOTE","24":"CMSG_LOGOUT"},
"toClient":{"2":"SMSG_KEY","4":"SMSG_WELCOME","6":"SMSG_PONG","32":"SMSG_WORLD_STATE","33":"SMSG_PLAYER_STATS","34":"SMSG_DAMAGE",
"35":"SMSG_CHAT","36":"SMSG_ITEM"}}}`,
  true,
);

class Side {
  rest: StaticArray<u8> = new StaticArray<u8>(0);
  last: u32 = 0;
}

class Session {
  toServer: Side = new Side();
  toClient: Side = new Side();
  hasKey: bool = false;
  key: u32 = 0;
  /** An AnomPlayer and an AnomPlayerConnection as they are told. */
  told: StaticArray<u8> = new StaticArray<u8>(280);
  pingSent: bool = false;
  ping: u32 = 0;
  pingTime: u64 = 0;
}

const sessions = new Map<u64, Session>();
let buffer = new StaticArray<u8>(65_536);

export function oddwire_describe(): usize {
  return changetype<usize>(description);
}

export function oddwire_buffer(bytes: i32): usize {
  if (buffer.length < bytes) buffer = new StaticArray<u8>(bytes);
  return changetype<usize>(buffer);
}

function sessionOf(number: u64): Session {
  if (!sessions.has(number)) {
    const made = new Session();
    store<u64>(changetype<usize>(made.told), number, 8);
    sessions.set(number, made);
  }
  return sessions.get(number);
}

export function oddwire_session_opened(session: usize): void {
  sessionOf(load<u64>(session, PACKET_SESSION));
}

export function oddwire_session_closed(session: f64): void {
  sessions.delete(<u64>session);
}

function isKnown(opcode: u16): bool {
  return (opcode >= HELLO && opcode <= PONG) || (opcode >= MOVE && opcode <= LOGOUT) || (opcode >= WORLD_STATE && opcode <= ITEM);
}

function crypt(body: usize, bytes: u32, key: u32, sequence: u32, side: u32): void {
  let x = key ^ (sequence * 0x9e3779b1) ^ (side == 1 ? SERVER_SALT : 0);
  if (x == 0) x = 1;
  for (let at: u32 = 0; at < bytes; at++) {
    if ((at & 3) == 0) {
      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
    }
    store<u8>(body + at, load<u8>(body + at) ^ <u8>(x >> ((at & 3) * 8)));
  }
}

/** A text of the player: cut at its first zero. */
function tell(player: usize, member: usize, from: usize, bytesMax: usize): void {
  memory.fill(player + member, 0, TEXT_BYTES);
  for (let at: usize = 0; at < bytesMax && load<u8>(from + at) != 0; at++) store<u8>(player + member + at, load<u8>(from + at));
}

/** What packets tell of the player. */
function learn(session: Session, opcode: u16, body: usize, bytes: u32, time: u64): void {
  const player = changetype<usize>(session.told);
  const connection = player + PLAYER_BYTES;
  if (opcode == LOGIN && bytes >= 44) {
    tell(player, 56, body + 4, 24);
  } else if (opcode == WELCOME && bytes >= 34) {
    const id = String.UTF8.encode(load<u32>(body).toString(), true);
    tell(player, 120, changetype<usize>(id), 16);
    store<u32>(player, load<u16>(body, 4), 28);
    tell(player, 184, body + 6, 16);
    memory.copy(player + 32, body + 22, 12);
    store<u32>(player, load<u32>(player, 4) | 3, 4);
  } else if (opcode == MOVE && bytes >= 21) {
    memory.copy(player + 32, body + 4, 12);
    store<u32>(player, load<u32>(player, 4) | 2, 4);
  } else if (opcode == PLAYER_STATS && bytes >= 20) {
    store<u32>(player, load<u16>(body), 28);
    store<f32>(player, <f32>load<u32>(body, 4), 44);
    store<f32>(player, <f32>load<u32>(body, 8), 48);
    store<u32>(player, load<u32>(player, 4) | 5, 4);
  } else if (opcode == PING && bytes >= 4) {
    session.pingSent = true;
    session.ping = load<u32>(body);
    session.pingTime = time;
  } else if (opcode == PONG && bytes >= 8 && session.pingSent && session.ping == load<u32>(body) && time >= session.pingTime) {
    store<f32>(connection, <f32>(time - session.pingTime) / 1000, 24);
    store<u32>(connection, 1, 4);
  }
}

const scratch = new StaticArray<u8>(8192);

/** One whole packet: writes it in clear, returns its length, 0 when it is left out. */
function open(session: Session, packet: usize, output: usize, room: u32, about: usize): u32 {
  const coded = load<u16>(packet, 2);
  const opcode = coded & (COMPRESSED - 1);
  const sequence = load<u32>(packet, 4);
  const side = load<u32>(about, PACKET_DIRECTION);
  let bytes = <u32>load<u16>(packet) - HEADER_BYTES;
  const body = changetype<usize>(scratch);
  memory.copy(body, packet + HEADER_BYTES, bytes);
  if (opcode == KEY && bytes >= 4) {
    session.key = load<u32>(body);
    session.hasKey = true;
  }
  if (opcode != HELLO && opcode != KEY) {
    if (!session.hasKey) return 0;
    crypt(body, bytes, session.key, sequence, side);
  }
  if (room < HEADER_BYTES + bytes) return 0;
  if ((coded & COMPRESSED) != 0) {
    const unpacked = inflateRaw(body, bytes, output + HEADER_BYTES, min(room - HEADER_BYTES, BODY_BYTES_MAX));
    if (unpacked < 0) return 0;
    bytes = unpacked;
  } else {
    memory.copy(output + HEADER_BYTES, body, bytes);
  }
  store<u16>(output, <u16>(HEADER_BYTES + bytes));
  store<u16>(output, opcode, 2);
  store<u32>(output, sequence, 4);
  learn(session, opcode, output + HEADER_BYTES, bytes, load<u64>(about, PACKET_TIME));
  const counter = changetype<usize>(session.told) + PLAYER_BYTES + (side == 0 ? 8 : 16);
  store<u64>(counter, load<u64>(counter) + 1);
  return HEADER_BYTES + bytes;
}

/** Length of the packet that begins here; 0 when none can. */
function packetBytes(at: usize, last: u32): u32 {
  const length = <u32>load<u16>(at);
  const step = load<u32>(at, 4) - last;
  const possible = length >= HEADER_BYTES && length <= PACKET_BYTES_MAX && step >= 1 && step <= STEP_MAX;
  return possible && isKnown(load<u16>(at, 2) & (COMPRESSED - 1)) ? length : 0;
}

export function oddwire_decrypt(packet: usize, input: usize, inputBytes: u32, output: usize, room: u32): i32 {
  const session = sessionOf(load<u64>(packet, PACKET_SESSION));
  const side = load<u32>(packet, PACKET_DIRECTION) == 0 ? session.toServer : session.toClient;
  const bytes = <u32>side.rest.length + inputBytes;
  const given = new StaticArray<u8>(bytes);
  const start = changetype<usize>(given);
  memory.copy(start, changetype<usize>(side.rest), side.rest.length);
  memory.copy(start + side.rest.length, input, inputBytes);
  let at: u32 = 0;
  let written: u32 = 0;
  while (at + HEADER_BYTES <= bytes) {
    const length = packetBytes(start + at, side.last);
    // Bytes were missed: look for the next header.
    if (length == 0) {
      at++;
      continue;
    }
    if (at + length > bytes) break;
    side.last = load<u32>(start + at, 4);
    written += open(session, start + at, output + written, room - written, packet);
    at += length;
  }
  const rest = new StaticArray<u8>(bytes - at);
  memory.copy(changetype<usize>(rest), start + at, bytes - at);
  side.rest = rest;
  return written == 0 && !session.hasKey ? SKIP : <i32>written;
}

/** Writes an AnomPlayer and an AnomPlayerConnection for each player; returns how many. */
export function oddwire_list_players(output: usize, most: i32): i32 {
  let count = 0;
  const all = sessions.values();
  for (let at = 0; at < all.length && count < most; at++) {
    const told = changetype<usize>(all[at].told);
    if (load<u8>(told, 56) != 0) memory.copy(output + (PLAYER_BYTES + CONNECTION_BYTES) * count++, told, PLAYER_BYTES + CONNECTION_BYTES);
  }
  return count;
}

/** 0 when it does what it should. */
export function oddwire_self_test(): i32 {
  const body = new StaticArray<u8>(2);
  body[0] = 3;
  crypt(changetype<usize>(body), 2, 1, 1, 0);
  crypt(changetype<usize>(body), 2, 1, 1, 0);
  return body[0] == 3 && body[1] == 0 ? 0 : 1;
}
