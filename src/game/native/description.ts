import type { GamePluginInfo, PacketHeader } from "#contract/game-plugin.ts";
import type { HeaderDescription, PluginDescription } from "#native/plugin-calls.ts";

/** What a plugin's process tells when its library is open. */
export interface NativeDescription extends PluginDescription {
  /** The kernel's fences around it: `user`, `limits`, `landlock`, `seccomp`. */
  readonly fences: readonly string[];
}

const NAME_BYTES_MAX = 64;
const HEADER_BYTES_MAX = 256;
const opcodeBytes = [1, 2, 4];
const fieldBytes = [1, 2, 4, 8];
const types = ["unsigned", "signed", "float"] as const;
const counts = ["packet", "body", "rest"] as const;
const BOTH = 3;

/**
 * The plugin's own words as the contract has them, or why they cannot be used. They come from a process that strangers'
 * code runs in: nothing is taken for granted but that it was JSON.
 */
export function toInfo(said: unknown, file: string, kind: GamePluginInfo["kind"]): GamePluginInfo | { readonly refused: string } {
  if (!isDescription(said)) return { refused: "it describes itself in a form that cannot be read" };
  const refused = firstObjection(said);
  if (refused !== undefined) return { refused };
  return {
    kind,
    file,
    name: said.name,
    gameId: said.gameId,
    version: said.version,
    abi: said.abi,
    transports: [...((said.protocol & 1) !== 0 ? (["tcp"] as const) : []), ...((said.protocol & 2) !== 0 ? (["udp"] as const) : [])],
    ports: [...new Set(said.ports)],
    ...(said.header === undefined ? {} : { header: toHeader(said.header) }),
    ...(said.opcodes === undefined ? {} : { opcodes: [names(said.opcodes, 1), names(said.opcodes, 2)] as const }),
    tracksPlayers: said.tracksPlayers,
  };
}

function firstObjection(said: NativeDescription): string | undefined {
  if (said.name === "" || said.name.length > NAME_BYTES_MAX) return `its name has to have 1 to ${NAME_BYTES_MAX} characters`;
  if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(said.gameId))
    return `game_id ${JSON.stringify(said.gameId)} has to be a-z, 0-9, - and _, at most 32 of them`;
  if (said.protocol < 1 || said.protocol > BOTH) return `protocol ${said.protocol} is neither ANOM_PROTO_TCP nor ANOM_PROTO_UDP`;
  if (said.ports.length === 0) return "it names no port: set default_ports and num_ports";
  if (said.ports.some((port) => port < 1)) return "it names port 0";
  return said.header === undefined ? undefined : headerObjection(said.header);
}

function headerObjection(header: HeaderDescription): string | undefined {
  const { bytes, opcodeOffset, lengthOffset, lengthBytes } = header;
  if (bytes > HEADER_BYTES_MAX) return `its header has ${bytes} bytes, ${HEADER_BYTES_MAX} are the limit`;
  if (!opcodeBytes.includes(header.opcodeBytes)) return `opcode_bytes ${header.opcodeBytes} is not 1, 2 or 4`;
  if (opcodeOffset + header.opcodeBytes > bytes) return "the opcode is beyond the header";
  if (lengthBytes !== 0 && !opcodeBytes.includes(lengthBytes)) return `length_bytes ${lengthBytes} is not 0, 1, 2 or 4`;
  if (lengthOffset + lengthBytes > bytes) return "the length is beyond the header";
  if (counts[header.lengthCounts] === undefined) return `length_counts ${header.lengthCounts} is no ANOM_LENGTH_`;
  for (const { name, offset, bytes: size, type } of header.fields) {
    if (name === "") return "a field of the header has no name";
    if (!fieldBytes.includes(size) || offset + size > bytes) return `field ${name} is beyond the header, or not of 1, 2, 4 or 8 bytes`;
    if (types[type] === undefined || (types[type] === "float" && size < 4)) return `field ${name} has no type that fits`;
  }
  return undefined;
}

function toHeader(header: HeaderDescription): PacketHeader {
  const length = {
    offset: header.lengthOffset,
    bytes: header.lengthBytes as 1 | 2 | 4,
    counts: counts[header.lengthCounts] ?? "packet",
    adjust: header.lengthAdjust,
  };
  return {
    bytes: header.bytes,
    bigEndian: header.bigEndian,
    opcode: { offset: header.opcodeOffset, bytes: header.opcodeBytes as 1 | 2 | 4 },
    ...(header.lengthBytes === 0 ? {} : { length }),
    fields: header.fields.map(({ name, offset, bytes, type }) => ({
      name,
      offset,
      bytes: bytes as 1 | 2 | 4 | 8,
      type: types[type] ?? "unsigned",
    })),
  };
}

function names(opcodes: NonNullable<PluginDescription["opcodes"]>, direction: number): ReadonlyMap<number, string> {
  return new Map(opcodes.filter(([, directions]) => (directions & direction) !== 0).map(([number, , name]) => [number, name]));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === "string";

function isDescription(said: unknown): said is NativeDescription {
  if (!isRecord(said)) return false;
  const { abi, name, gameId, version, protocol, ports, opcodes, header, tracksPlayers, fences } = said;
  return (
    isCount(abi) &&
    [name, gameId, version].every(isText) &&
    isCount(protocol) &&
    Array.isArray(ports) &&
    ports.every((port) => isCount(port) && port <= 65_535) &&
    (opcodes === undefined || (Array.isArray(opcodes) && opcodes.every(isOpcode))) &&
    (header === undefined || isHeader(header)) &&
    typeof tracksPlayers === "boolean" &&
    Array.isArray(fences) &&
    fences.every(isText)
  );
}

const isOpcode = (one: unknown): boolean => Array.isArray(one) && isCount(one[0]) && isCount(one[1]) && isText(one[2]);

function isHeader(value: unknown): value is HeaderDescription {
  if (!isRecord(value) || typeof value["bigEndian"] !== "boolean" || !Number.isInteger(value["lengthAdjust"])) return false;
  const numbers = ["bytes", "opcodeOffset", "opcodeBytes", "lengthOffset", "lengthBytes", "lengthCounts"];
  const { fields } = value;
  return (
    numbers.every((name) => isCount(value[name])) &&
    Array.isArray(fields) &&
    fields.every((field) => isRecord(field) && isText(field["name"]) && ["offset", "bytes", "type"].every((name) => isCount(field[name])))
  );
}

/** Fences that the process told of; empty when it told nothing readable. */
export const fencesOf = (said: unknown): readonly string[] => (isDescription(said) ? said.fences : []);
