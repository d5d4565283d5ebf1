/** Structures of plugins/plugin_api.h: offsets in bytes, 64 bit. A test compares them with what a C compiler says. */

export const PluginInfo = {
  bytes: 128,
  structSize: 0,
  hostAbi: 4,
  abi: 8,
  protocol: 12,
  name: 16,
  gameId: 24,
  versionMajor: 32,
  versionMinor: 36,
  versionPatch: 40,
  numPorts: 44,
  ports: 48,
  flags: 80,
} as const;

export const Opcode = { bytes: 16, number: 0, directions: 4, name: 8 } as const;

export const HeaderField = { bytes: 24, name: 0, offset: 8, size: 12, type: 16 } as const;

export const PacketHeader = {
  bytes: 424,
  structSize: 0,
  size: 4,
  bigEndian: 8,
  opcodeOffset: 12,
  opcodeBytes: 16,
  lengthOffset: 20,
  lengthBytes: 24,
  lengthCounts: 28,
  lengthAdjust: 32,
  numFields: 36,
  fields: 40,
} as const;

/** `AnomSession` and `AnomPacket` share the members that are named here, at the same places. */
export const Session = {
  bytes: 64,
  structSize: 0,
  /** AnomSession. */
  family: 4,
  session: 8,
  clientIp: 16,
  serverIp: 32,
  clientPort: 48,
  serverPort: 50,
  /** AnomSession. */
  protocol: 52,
  time: 56,
} as const;

export const Packet = { bytes: 64, structSize: 0, direction: 4, family: 52 } as const;

export const Player = {
  bytes: 248,
  structSize: 0,
  known: 4,
  session: 8,
  clientIp: 16,
  serverIp: 20,
  clientPort: 24,
  level: 28,
  x: 32,
  y: 36,
  z: 40,
  health: 44,
  healthMax: 48,
  name: 56,
  id: 120,
  map: 184,
} as const;

export const PlayerConnection = { bytes: 32, structSize: 0, hasRtt: 4, packetsIn: 8, packetsOut: 16, rtt: 24 } as const;

export const TEXT_BYTES = 64;
export const PORTS_MAX = 16;
export const HEADER_FIELDS_MAX = 16;
export const OPCODES_MAX = 65_536;
export const PLAYERS_MAX = 16_384;

/** Newest ABI that this host knows: ANOM_PLUGIN_ABI_VERSION. */
export const HOST_ABI = 5;
/** ABI that brought a group of optional functions. */
export const Since = { opcodes: 2, sessions: 3, players: 4, packet6: 5 } as const;

export const FLAG_PACKET6_ALWAYS = 1;

export const Result = { ok: 0, skip: 1, error: -1, size: -2, data: -3, version: -4 } as const;
