import type { Side } from "#contract/parser.ts";
import type { CatalogEnum, CatalogStruct, Unit } from "./unit.ts";

const front = new Set(["opcode", "op", "struct", "packet", "pkt"]);
const back = new Set(["t", "s", "st", "struct", "packet", "pkt", "body", "msg", "message", "data", "payload", "opcode"]);

/** What a name is without its dress: `CMSG_MOVE`, `cmsg_move_t`, `OP_CMSG_MOVE` and `CmsgMovePacket` are all `cmsgmove`. */
export function bareName(name: string): string {
  const words = name
    .split(/_+|(?<=[a-z\d])(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== "");
  while (words.length > 1 && front.has(words[0] as string)) words.shift();
  while (words.length > 1 && back.has(words.at(-1) as string)) words.pop();
  return words.join("");
}

/** The direction that a name says: 0 to the server, 1 to the client. */
export function sideOfName(name: string): Side | undefined {
  const match = /^(?:op(?:code)?_?)?(?:(cmsg|c2s|cs|client)|(smsg|s2c|sc|server))(?=_|[A-Z]|op)/i.exec(name);
  return match === null ? undefined : match[1] !== undefined ? 0 : 1;
}

export const sideOfWord = (word: string | undefined): Side | undefined => (word === "to_server" ? 0 : word === "to_client" ? 1 : undefined);

/** An opcode that a header names. */
export interface NamedOpcode {
  readonly number: number;
  readonly name: string;
  /** `undefined` for both. */
  readonly side: Side | undefined;
}

/**
 * The opcodes that a header names: constants of enums that say so (`@opcodes`, or `opcode` in their name), else of those
 * whose constants mostly have structs; macros that have the name of a struct; structs with `@opcode`.
 */
export function opcodesOf(unit: Unit): NamedOpcode[] {
  const bare = new Set(unit.structs.flatMap(({ names }) => names.map(bareName)));
  const said = unit.enums.filter(({ names, type }) => type.annotation.opcodes === true || names.some((name) => /opcode/i.test(name)));
  const enums = said.length > 0 ? said : unit.enums.filter((one) => mostlyStructs(one, bare));
  const found = enums.flatMap(constantsOf);
  for (const name of unit.macros()) {
    const value = bare.has(bareName(name)) ? unit.macro(name) : undefined;
    if (value !== undefined && isOpcode(value)) found.push({ number: Number(value), name, side: sideOfName(name) });
  }
  for (const { name, record } of unit.structs)
    for (const number of opcodesOfStruct(record.annotation.opcodes)) found.push({ number, name, side: sideOfStruct(record, name) });
  return found;
}

const isOpcode = (value: bigint): boolean => value >= 0n && value < 1n << 32n;

/** Numbers behind `@opcode`. */
export const opcodesOfStruct = (opcodes: CatalogStruct["record"]["annotation"]["opcodes"]): number[] =>
  opcodes === undefined || opcodes === true
    ? []
    : opcodes.map(Number).filter((number) => Number.isInteger(number) && number >= 0 && number < 2 ** 32);

/** The direction of the packets that a struct describes. */
export const sideOfStruct = ({ annotation }: CatalogStruct["record"], name: string): Side | undefined =>
  sideOfWord(annotation.direction) ?? sideOfName(name);

function mostlyStructs({ type }: CatalogEnum, bare: ReadonlySet<string>): boolean {
  const known = type.constants.filter(({ name }) => bare.has(bareName(name))).length;
  return known >= 2 && known * 2 >= type.constants.length;
}

function constantsOf({ names, type }: CatalogEnum): NamedOpcode[] {
  const whole = sideOfWord(type.annotation.direction) ?? names.map(sideOfName).find((side) => side !== undefined);
  return type.constants
    .filter(({ value }) => isOpcode(value))
    .map(({ name, value, annotation }) => ({
      number: Number(value),
      name,
      side: sideOfWord(annotation.direction) ?? sideOfName(name) ?? whole,
    }));
}
