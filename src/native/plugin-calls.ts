import koffi from "koffi";
import { bindFunction, HOST_IS_LITTLE, type Memory } from "./libc.ts";
import {
  FLAG_PACKET6_ALWAYS,
  HEADER_FIELDS_MAX,
  HeaderField,
  HOST_ABI,
  OPCODES_MAX,
  Opcode,
  PacketHeader,
  PluginInfo,
  PORTS_MAX,
  Result,
  Since,
} from "./plugin-structs.ts";

/**
 * Opens a game's native plugin and calls it. The library's constructors run while it is opened: only a process that has
 * given up its rights may call this. Whatever the plugin says is handed on unjudged but for what the calls need.
 */

/** Why a library is no plugin for this host, for people. */
export class PluginRefused extends Error {
  override readonly name = "PluginRefused";
}

/** What a plugin says of itself, JSON-ready. */
export interface PluginDescription {
  readonly abi: number;
  readonly name: string;
  readonly gameId: string;
  readonly version: string;
  /** Bits: 1 TCP, 2 UDP. */
  readonly protocol: number;
  readonly ports: readonly number[];
  /** Number, directions as bits (1 to the server, 2 to the client), name. */
  readonly opcodes: readonly (readonly [number, number, string])[] | undefined;
  readonly header: HeaderDescription | undefined;
  readonly tracksPlayers: boolean;
}

/** `AnomPacketHeader` with its names. */
export interface HeaderDescription {
  readonly bytes: number;
  readonly bigEndian: boolean;
  readonly opcodeOffset: number;
  readonly opcodeBytes: number;
  readonly lengthOffset: number;
  readonly lengthBytes: number;
  readonly lengthCounts: number;
  readonly lengthAdjust: number;
  readonly fields: readonly { readonly name: string; readonly offset: number; readonly bytes: number; readonly type: number }[];
}

/** Addresses are numbers: exact below 2^53, and no address of a process is larger. */
type Decrypt = (
  input: number,
  inputBytes: number,
  output: number,
  outputBytes: number,
  direction: number,
  clientIp: number,
  clientPort: number,
  serverIp: number,
) => number;
type Decrypt6 = (packet: number, input: number, inputBytes: number, output: number, outputBytes: number) => number;

/** Functions of an open plugin; those that it does not export, or is too old for, are missing. */
export interface PluginCalls {
  readonly description: PluginDescription;
  readonly decrypt: Decrypt;
  readonly decrypt6: Decrypt6 | undefined;
  /** `decrypt6` is for IPv4 too. */
  readonly always6: boolean;
  readonly sessionOpened: ((session: number) => void) | undefined;
  readonly sessionClosed: ((session: number, reason: number) => void) | undefined;
  readonly listPlayers: ((players: number, count: number) => number) | undefined;
  readonly getPlayer: ((player: bigint, details: number) => number) | undefined;
  readonly getConnection: ((player: bigint, connection: number) => number) | undefined;
}

const TEXT_BYTES_MAX = 256;
const declarations = {
  AnomGetPluginInfo: "int AnomGetPluginInfo(void *info)",
  AnomDecryptPacket:
    "int AnomDecryptPacket(uintptr_t in, uint32_t in_size, uintptr_t out, uintptr_t out_size, uint32_t direction, uint32_t client_ip, uint16_t client_port, uint32_t server_ip)",
  AnomDecryptPacket6: "int AnomDecryptPacket6(uintptr_t packet, uintptr_t in, uint32_t in_size, uintptr_t out, uintptr_t out_size)",
  AnomGetOpcodes: "int AnomGetOpcodes(void *opcodes, void *count)",
  AnomGetPacketHeader: "int AnomGetPacketHeader(void *header)",
  AnomSessionOpened: "void AnomSessionOpened(uintptr_t session)",
  AnomSessionClosed: "void AnomSessionClosed(uint64_t session, uintptr_t reason)",
  AnomListPlayers: "int AnomListPlayers(uintptr_t players, uintptr_t count)",
  AnomGetPlayer: "int AnomGetPlayer(uint64_t player, uintptr_t details)",
  AnomGetPlayerConnection: "int AnomGetPlayerConnection(uint64_t player, uintptr_t connection)",
} as const;

/** Opens the library at `path`. Throws `PluginRefused`. */
export function openPlugin(path: string): PluginCalls {
  let library: ReturnType<typeof koffi.load>;
  try {
    library = koffi.load(path);
  } catch (error) {
    throw new PluginRefused(`it cannot be loaded: ${messageOf(error).replaceAll(path, "the file")}`);
  }
  const find = (name: keyof typeof declarations): ((...values: never[]) => unknown) | undefined => {
    try {
      return library.func(declarations[name]) as (...values: never[]) => unknown;
    } catch {
      return undefined;
    }
  };
  const getInfo = find("AnomGetPluginInfo") as ((info: Memory) => number) | undefined;
  if (getInfo === undefined) throw new PluginRefused("it does not export AnomGetPluginInfo, which each plugin needs");
  const info = readInfo(getInfo);
  const decrypt = find("AnomDecryptPacket") as Decrypt | undefined;
  if (decrypt === undefined) throw new PluginRefused("it does not export AnomDecryptPacket, which each plugin needs");
  const since = (abi: number, name: keyof typeof declarations): unknown => (info.abi >= abi ? find(name) : undefined);
  const listPlayers = since(Since.players, "AnomListPlayers") as PluginCalls["listPlayers"];
  const getPlayer = since(Since.players, "AnomGetPlayer") as PluginCalls["getPlayer"];
  const tracksPlayers = listPlayers !== undefined && getPlayer !== undefined;
  const { flags, ...said } = info;
  return {
    description: {
      ...said,
      opcodes: readOpcodes(since(Since.opcodes, "AnomGetOpcodes") as Parameters<typeof readOpcodes>[0]),
      header: readHeader(since(Since.opcodes, "AnomGetPacketHeader") as Parameters<typeof readHeader>[0]),
      tracksPlayers,
    },
    decrypt,
    decrypt6: since(Since.packet6, "AnomDecryptPacket6") as Decrypt6 | undefined,
    always6: (flags & FLAG_PACKET6_ALWAYS) !== 0,
    sessionOpened: since(Since.sessions, "AnomSessionOpened") as PluginCalls["sessionOpened"],
    sessionClosed: since(Since.sessions, "AnomSessionClosed") as PluginCalls["sessionClosed"],
    listPlayers: tracksPlayers ? listPlayers : undefined,
    getPlayer: tracksPlayers ? getPlayer : undefined,
    getConnection: since(Since.players, "AnomGetPlayerConnection") as PluginCalls["getConnection"],
  };
}

type SaidInfo = Omit<PluginDescription, "opcodes" | "header" | "tracksPlayers"> & { readonly flags: number };

function readInfo(getInfo: (info: Memory) => number): SaidInfo {
  const { memory, view } = structure(PluginInfo.bytes);
  view.setUint32(PluginInfo.hostAbi, HOST_ABI, HOST_IS_LITTLE);
  const result = getInfo(memory);
  const number = (at: number): number => view.getUint32(at, HOST_IS_LITTLE);
  const abi = number(PluginInfo.abi);
  if (result === Result.version || (result === Result.ok && abi > HOST_ABI)) {
    const written = abi > HOST_ABI ? `ABI ${abi}` : "a newer ABI";
    throw new PluginRefused(`it was written for ${written}, and this Oddwire knows ABI ${HOST_ABI} and older: update Oddwire`);
  }
  if (result !== Result.ok) throw new PluginRefused(`AnomGetPluginInfo answers ${result}`);
  if (abi < 1) throw new PluginRefused("it reports ABI 0: set abi_version to ANOM_PLUGIN_ABI_VERSION");
  const numPorts = number(PluginInfo.numPorts);
  if (numPorts > PORTS_MAX) throw new PluginRefused(`it names ${numPorts} ports, ${PORTS_MAX} are the limit`);
  return {
    abi,
    name: text(view, PluginInfo.name),
    gameId: text(view, PluginInfo.gameId),
    version: [PluginInfo.versionMajor, PluginInfo.versionMinor, PluginInfo.versionPatch].map(number).join("."),
    protocol: number(PluginInfo.protocol),
    ports: Array.from({ length: numPorts }, (_, index) => view.getUint16(PluginInfo.ports + 2 * index, HOST_IS_LITTLE)),
    flags: number(PluginInfo.flags),
  };
}

function readOpcodes(call: ((opcodes: Memory, count: Memory) => number) | undefined): PluginDescription["opcodes"] {
  if (call === undefined) return undefined;
  const where = new DataView(new ArrayBuffer(16));
  if (call(new Uint8Array(where.buffer, 0, 8), new Uint8Array(where.buffer, 8, 8)) !== Result.ok) return undefined;
  const count = where.getUint32(8, HOST_IS_LITTLE);
  if (count > OPCODES_MAX) throw new PluginRefused(`it names ${count} opcodes, ${OPCODES_MAX} are the limit`);
  const address = where.getBigUint64(0, HOST_IS_LITTLE);
  if (count === 0 || address === 0n) return [];
  const table = new DataView(koffi.view(address, count * Opcode.bytes));
  return Array.from({ length: count }, (_, index) => {
    const at = index * Opcode.bytes;
    return [
      table.getUint32(at + Opcode.number, HOST_IS_LITTLE),
      table.getUint32(at + Opcode.directions, HOST_IS_LITTLE),
      text(table, at + Opcode.name),
    ] as const;
  });
}

function readHeader(call: ((header: Memory) => number) | undefined): HeaderDescription | undefined {
  if (call === undefined) return undefined;
  const { memory, view } = structure(PacketHeader.bytes);
  if (call(memory) !== Result.ok) return undefined;
  const number = (at: number): number => view.getUint32(at, HOST_IS_LITTLE);
  const count = number(PacketHeader.numFields);
  if (count > HEADER_FIELDS_MAX) throw new PluginRefused(`its header has ${count} fields, ${HEADER_FIELDS_MAX} are the limit`);
  return {
    bytes: number(PacketHeader.size),
    bigEndian: number(PacketHeader.bigEndian) !== 0,
    opcodeOffset: number(PacketHeader.opcodeOffset),
    opcodeBytes: number(PacketHeader.opcodeBytes),
    lengthOffset: number(PacketHeader.lengthOffset),
    lengthBytes: number(PacketHeader.lengthBytes),
    lengthCounts: number(PacketHeader.lengthCounts),
    lengthAdjust: view.getInt32(PacketHeader.lengthAdjust, HOST_IS_LITTLE),
    fields: Array.from({ length: count }, (_, index) => {
      const at = PacketHeader.fields + index * HeaderField.bytes;
      return {
        name: text(view, at + HeaderField.name),
        offset: number(at + HeaderField.offset),
        bytes: number(at + HeaderField.size),
        type: number(at + HeaderField.type),
      };
    }),
  };
}

/** Memory for a structure whose first member is its size. */
function structure(bytes: number): { readonly memory: Uint8Array; readonly view: DataView } {
  const view = new DataView(new ArrayBuffer(bytes));
  view.setUint32(0, bytes, HOST_IS_LITTLE);
  return { memory: new Uint8Array(view.buffer), view };
}

const strnlen = bindFunction("size_t strnlen(uintptr_t text, size_t most)") as (text: bigint, most: number) => number;

/** The C string that a pointer at `at` means; empty for none. */
function text(view: DataView, at: number): string {
  const address = view.getBigUint64(at, HOST_IS_LITTLE);
  if (address === 0n) return "";
  const bytes = strnlen(address, TEXT_BYTES_MAX);
  return bytes === 0 ? "" : new TextDecoder().decode(new Uint8Array(koffi.view(address, bytes)).slice());
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
