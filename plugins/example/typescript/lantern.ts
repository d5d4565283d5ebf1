/** Lantern, the example game (../PROTOCOL.md), as a TypeScript plugin. Its copies in C and for WebAssembly give the same results. */
import { inflateRawSync } from "node:zlib";
import { defineGamePlugin, type GamePiece } from "oddwire";

const HEADER_BYTES = 8;
const PACKET_BYTES_MAX = 8192;
const BODY_BYTES_MAX = 16_384;
/** Sequences that a side may be ahead of its last packet. */
const STEP_MAX = 4096;
const COMPRESSED = 0x8000;
const SERVER_SALT = 0x5bd1e995;

const HELLO = 0x01;
const KEY = 0x02;
const LOGIN = 0x03;
const WELCOME = 0x04;
const PING = 0x05;
const PONG = 0x06;
const MOVE = 0x10;
const PLAYER_STATS = 0x21;

const toServer: { readonly [opcode: number]: string } = {
  [HELLO]: "CMSG_HELLO",
  [LOGIN]: "CMSG_LOGIN",
  [PING]: "CMSG_PING",
  [MOVE]: "CMSG_MOVE",
  0x11: "CMSG_ATTACK",
  0x12: "CMSG_USE_ITEM",
  0x13: "CMSG_LOOT",
  0x14: "CMSG_CHAT",
  0x15: "CMSG_TRADE",
  0x16: "CMSG_HARVEST",
  0x17: "CMSG_EMOTE",
  0x18: "CMSG_LOGOUT",
};
const toClient: { readonly [opcode: number]: string } = {
  [KEY]: "SMSG_KEY",
  [WELCOME]: "SMSG_WELCOME",
  [PONG]: "SMSG_PONG",
  0x20: "SMSG_WORLD_STATE",
  [PLAYER_STATS]: "SMSG_PLAYER_STATS",
  0x22: "SMSG_DAMAGE",
  0x23: "SMSG_CHAT",
  0x24: "SMSG_ITEM",
};
const known = new Set([...Object.keys(toServer), ...Object.keys(toClient)].map(Number));

interface Player {
  name: string;
  id?: string;
  level?: number;
  position?: { x: number; y: number; z: number; map?: string };
  health?: { now: number; most: number };
}

interface State {
  key: number | undefined;
  readonly rest: [Uint8Array, Uint8Array];
  readonly last: [number, number];
  readonly player: Player;
  ping: { clientTime: number; time: number } | undefined;
  rttMs: number | undefined;
  packetsIn: number;
  packetsOut: number;
}

const sessions = new Map<number, State>();

function stateOf(session: number): State {
  const found = sessions.get(session);
  if (found !== undefined) return found;
  const state: State = {
    key: undefined,
    rest: [new Uint8Array(0), new Uint8Array(0)],
    last: [0, 0],
    player: { name: "" },
    ping: undefined,
    rttMs: undefined,
    packetsIn: 0,
    packetsOut: 0,
  };
  sessions.set(session, state);
  return state;
}

function crypt(body: Uint8Array, key: number, sequence: number, side: number): void {
  let x = key ^ Math.imul(sequence, 0x9e3779b1) ^ (side === 1 ? SERVER_SALT : 0) || 1;
  for (let at = 0; at < body.length; at++) {
    if (at % 4 === 0) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
    }
    body[at] = (body[at] ?? 0) ^ (x >>> ((at % 4) * 8));
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function text(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  return new TextDecoder().decode(zero < 0 ? bytes : bytes.subarray(0, zero));
}

/** What packets tell of the player. */
function learn(state: State, opcode: number, body: Uint8Array, time: number): void {
  const { player } = state;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const position = (at: number) => ({ x: view.getFloat32(at, true), y: view.getFloat32(at + 4, true), z: view.getFloat32(at + 8, true) });
  if (opcode === LOGIN && body.length >= 44) {
    player.name = text(body.subarray(4, 28));
  } else if (opcode === WELCOME && body.length >= 34) {
    player.id = String(view.getUint32(0, true));
    player.level = view.getUint16(4, true);
    player.position = { ...position(22), map: text(body.subarray(6, 22)) };
  } else if (opcode === MOVE && body.length >= 21) {
    player.position = { ...player.position, ...position(4) };
  } else if (opcode === PLAYER_STATS && body.length >= 20) {
    player.level = view.getUint16(0, true);
    player.health = { now: view.getUint32(4, true), most: view.getUint32(8, true) };
  } else if (opcode === PING && body.length >= 4) {
    state.ping = { clientTime: view.getUint32(0, true), time };
  } else if (opcode === PONG && body.length >= 8 && state.ping?.clientTime === view.getUint32(0, true) && time >= state.ping.time) {
    state.rttMs = (time - state.ping.time) / 1000;
  }
}

/** One whole packet in clear, or nothing when it is left out. */
function open(state: State, packet: Uint8Array, piece: GamePiece): Uint8Array | undefined {
  const header = new DataView(packet.buffer, packet.byteOffset, HEADER_BYTES);
  const opcode = header.getUint16(2, true) & ~COMPRESSED;
  const sequence = header.getUint32(4, true);
  let body: Uint8Array = packet.slice(HEADER_BYTES);
  if (opcode === KEY && body.length >= 4) state.key = new DataView(body.buffer).getUint32(0, true);
  if (opcode !== HELLO && opcode !== KEY) {
    if (state.key === undefined) return undefined;
    crypt(body, state.key, sequence, piece.side);
  }
  if ((header.getUint16(2, true) & COMPRESSED) !== 0) {
    try {
      body = inflateRawSync(body, { maxOutputLength: BODY_BYTES_MAX });
    } catch {
      return undefined;
    }
  }
  learn(state, opcode, body, piece.time);
  if (piece.side === 0) state.packetsIn++;
  else state.packetsOut++;
  const clear = new Uint8Array(HEADER_BYTES + body.length);
  const view = new DataView(clear.buffer);
  view.setUint16(0, clear.length, true);
  view.setUint16(2, opcode, true);
  view.setUint32(4, sequence, true);
  clear.set(body, HEADER_BYTES);
  return clear;
}

/** Length of the packet that begins here; 0 when none can. */
function packetBytes(view: DataView, at: number, last: number): number {
  const length = view.getUint16(at, true);
  const step = (view.getUint32(at + 4, true) - last) >>> 0;
  const possible = length >= HEADER_BYTES && length <= PACKET_BYTES_MAX && step >= 1 && step <= STEP_MAX;
  return possible && known.has(view.getUint16(at + 2, true) & ~COMPRESSED) ? length : 0;
}

function decrypt(piece: GamePiece): Uint8Array | undefined {
  const state = stateOf(piece.session);
  const given = joined(state.rest[piece.side], piece.bytes);
  const view = new DataView(given.buffer);
  let clear: Uint8Array = new Uint8Array(0);
  let at = 0;
  while (at + HEADER_BYTES <= given.length) {
    const length = packetBytes(view, at, state.last[piece.side]);
    // Bytes were missed: look for the next header.
    if (length === 0) {
      at++;
      continue;
    }
    if (at + length > given.length) break;
    state.last[piece.side] = view.getUint32(at + 4, true);
    const packet = open(state, given.subarray(at, at + length), piece);
    if (packet !== undefined) clear = joined(clear, packet);
    at += length;
  }
  state.rest[piece.side] = given.slice(at);
  return clear.length === 0 && state.key === undefined ? undefined : clear;
}

export default defineGamePlugin({
  name: "Lantern",
  gameId: "lantern",
  version: "1.0.0",
  abi: 5,
  transports: ["tcp", "udp"],
  ports: [7777, 7778],
  header: {
    bytes: HEADER_BYTES,
    bigEndian: false,
    opcode: { offset: 2, bytes: 2 },
    length: { offset: 0, bytes: 2, counts: "packet", adjust: 0 },
    fields: [{ name: "sequence", offset: 4, bytes: 4, type: "unsigned" }],
  },
  opcodes: { toServer, toClient },
  decrypt,
  sessionOpened: ({ session }) => void stateOf(session),
  sessionClosed: (session) => void sessions.delete(session),
  players: () =>
    [...sessions]
      .filter(([, { player }]) => player.name !== "")
      .map(([session, { player, packetsIn, packetsOut, rttMs }]) => ({
        session,
        ...player,
        connection: { packetsIn, packetsOut, ...(rttMs === undefined ? {} : { rttMs }) },
      })),
  selfTest() {
    // Key, then an emote that is sealed with it.
    const session = { session: 0, client: "10.0.0.1", clientPort: 1, server: "10.0.0.2", serverPort: 7777, time: 0 };
    const body = new Uint8Array([3, 0]);
    crypt(body, 1, 1, 0);
    decrypt({ ...session, side: 1, bytes: new Uint8Array([12, 0, KEY, 0, 1, 0, 0, 0, 1, 0, 0, 0]) });
    const clear = decrypt({ ...session, side: 0, bytes: new Uint8Array([10, 0, 0x17, 0, 1, 0, 0, 0, ...body]) });
    sessions.delete(0);
    if (String(clear) !== "10,0,23,0,1,0,0,0,3,0") throw new Error(`an emote is read as ${String(clear)}`);
  },
});
