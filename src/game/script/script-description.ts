import type { PluginDescription } from "#native/plugin-calls.ts";
import { PluginRefused } from "#native/plugin-calls.ts";
import { HEADER_FIELDS_MAX, HOST_ABI, OPCODES_MAX, PORTS_MAX, Since } from "#native/plugin-structs.ts";

const TO_SERVER = 1;
const TO_CLIENT = 2;
const types = ["unsigned", "signed", "float"];
const counts = ["packet", "body", "rest"];
const transports: { readonly [name: string]: number } = { tcp: 1, udp: 2 };

/**
 * What a script or module says of itself in the form that all plugins' processes tell. It is judged once more by the
 * host; here it is only that the form is right, with a word for its author where not. Throws `PluginRefused`.
 */
export function describe(said: Readonly<Record<string, unknown>>, hasPlayers: boolean): PluginDescription {
  const { abi = HOST_ABI, name, gameId, version, ports, header, opcodes } = said;
  if (typeof abi !== "number" || !Number.isInteger(abi) || abi < 1) throw new PluginRefused(`abi ${show(abi)} is not a number from 1`);
  if (abi > HOST_ABI)
    throw new PluginRefused(`it was written for ABI ${abi}, and this Oddwire knows ABI ${HOST_ABI} and older: update Oddwire`);
  if (!Array.isArray(ports) || !ports.every(isPort)) throw new PluginRefused("ports has to be an array of numbers from 1 to 65535");
  if (ports.length > PORTS_MAX) throw new PluginRefused(`it names ${ports.length} ports, ${PORTS_MAX} are the limit`);
  return {
    abi,
    name: text(name, "name"),
    gameId: text(gameId, "gameId"),
    version: text(version, "version"),
    protocol: protocolOf(said["transports"]),
    ports,
    opcodes: opcodes === undefined ? undefined : opcodesOf(record(opcodes, "opcodes")),
    header: header === undefined ? undefined : headerOf(record(header, "header")),
    tracksPlayers: hasPlayers && abi >= Since.players,
  };
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
const isPort = (port: unknown): port is number => Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535;

function text(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "") throw new PluginRefused(`${name} has to be a text`);
  return value;
}

function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new PluginRefused(`${name} has to be an object`);
  return value as Readonly<Record<string, unknown>>;
}

function number(from: Readonly<Record<string, unknown>>, name: string, where: string): number {
  const value = from[name];
  if (!Number.isSafeInteger(value)) throw new PluginRefused(`${where}.${name} has to be a whole number`);
  return value as number;
}

function oneOf(choices: readonly string[], value: unknown, where: string): number {
  const found = choices.indexOf(value as string);
  if (found < 0) throw new PluginRefused(`${where} ${show(value)} is not one of: ${choices.join(", ")}`);
  return found;
}

function protocolOf(value: unknown): number {
  if (!Array.isArray(value) || value.length === 0) throw new PluginRefused("transports has to name tcp, udp or both");
  return value.reduce((bits: number, name: unknown) => {
    const bit = transports[String(name)];
    if (bit === undefined) throw new PluginRefused(`transports names ${show(name)}: tcp and udp are known`);
    return bits | bit;
  }, 0);
}

function opcodesOf(said: Readonly<Record<string, unknown>>): NonNullable<PluginDescription["opcodes"]> {
  const all: (readonly [number, number, string])[] = [];
  for (const [direction, bit] of [
    ["toServer", TO_SERVER],
    ["toClient", TO_CLIENT],
  ] as const) {
    if (said[direction] === undefined) continue;
    for (const [opcode, name] of Object.entries(record(said[direction], `opcodes.${direction}`))) {
      if (!/^\d+$/.test(opcode) || Number(opcode) >= 2 ** 32) throw new PluginRefused(`opcodes.${direction}: ${show(opcode)} is no opcode`);
      all.push([Number(opcode), bit, text(name, `opcodes.${direction}[${opcode}]`)]);
    }
  }
  if (all.length > OPCODES_MAX) throw new PluginRefused(`it names ${all.length} opcodes, ${OPCODES_MAX} are the limit`);
  return all;
}

function headerOf(said: Readonly<Record<string, unknown>>): NonNullable<PluginDescription["header"]> {
  const opcode = record(said["opcode"], "header.opcode");
  const length = said["length"] === undefined ? undefined : record(said["length"], "header.length");
  const fields = said["fields"] ?? [];
  if (!Array.isArray(fields) || fields.length > HEADER_FIELDS_MAX)
    throw new PluginRefused(`header.fields has to be an array of at most ${HEADER_FIELDS_MAX}`);
  return {
    bytes: number(said, "bytes", "header"),
    bigEndian: said["bigEndian"] === true,
    opcodeOffset: number(opcode, "offset", "header.opcode"),
    opcodeBytes: number(opcode, "bytes", "header.opcode"),
    lengthOffset: length === undefined ? 0 : number(length, "offset", "header.length"),
    lengthBytes: length === undefined ? 0 : number(length, "bytes", "header.length"),
    lengthCounts: length === undefined ? 0 : oneOf(counts, length["counts"], "header.length.counts"),
    lengthAdjust: length?.["adjust"] === undefined ? 0 : number(length, "adjust", "header.length"),
    fields: fields.map((field: unknown, index) => {
      const where = `header.fields[${index}]`;
      const one = record(field, where);
      return {
        name: text(one["name"], `${where}.name`),
        offset: number(one, "offset", where),
        bytes: number(one, "bytes", where),
        type: oneOf(types, one["type"], `${where}.type`),
      };
    }),
  };
}
