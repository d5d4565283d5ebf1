import type { GuessedField, UnknownOpcodeRow } from "#schema/game.ts";

const places = ["x", "y", "z"];
const unsigned: Readonly<Record<number, string>> = { 1: "uint8_t", 2: "uint16_t", 4: "uint32_t" };

/**
 * A C header of guesses, for `catalog/`: a packed struct for each unknown opcode, whose members are called by what they look
 * like and where they stand. Whoever knows better renames them; the catalog follows. What comes behind the guessed bytes is left
 * out, and so is a checksum behind bodies of different lengths, which C cannot place.
 */
export function headerOf(opcodes: readonly UnknownOpcodeRow[]): string {
  const structs = opcodes.filter(({ fields }) => fields.length > 0).map(structOf);
  return `#include <stdint.h>\n\n#pragma pack(push, 1)\n\n${structs.join("\n")}\n#pragma pack(pop)\n`;
}

function structOf(row: UnknownOpcodeRow): string {
  const number = row.opcode_number === undefined || row.named ? "" : ` @opcode 0x${row.opcode_number.toString(16)}`;
  const side = row.direction === "to_server" ? "client" : "server";
  const name = row.named ? identifier(row.opcode) : `${side}_${identifier(row.opcode)}`;
  const members = row.fields.filter(({ offset }) => offset >= 0).map((field, i, all) => `  ${memberOf(field, axisOf(all, i))}\n`);
  const head = `/** Guessed from ${row.samples} packets. @game ${comment(row.game)}${number} @direction ${row.direction} @endian ${row.endian} */`;
  return `${head}\nstruct ${name} {\n${members.join("")}};\n`;
}

/** Three places side by side are x, y and z. */
function axisOf(fields: readonly GuessedField[], i: number): string | undefined {
  let first = i;
  while (fields[first - 1]?.looks_like === "position") first--;
  let count = 0;
  while (fields[first + count]?.looks_like === "position") count++;
  const isFirst = fields.findIndex(({ looks_like }) => looks_like === "position") === first;
  return fields[i]?.looks_like === "position" && isFirst ? places[i - first] : undefined;
}

function memberOf({ offset, bytes, looks_like, why }: GuessedField, axis: string | undefined): string {
  const name = axis ?? `${looks_like.replace("small number", "number").replace("varies", "unknown")}_${offset}`;
  const unit = /^grows with the clock, in (\S+)$/.exec(why)?.[1];
  const isFloat = looks_like === "position" || looks_like === "float";
  const type = looks_like === "text" ? "char" : isFloat ? "float" : (unsigned[bytes] ?? "uint8_t");
  const count = looks_like === "text" || (!isFloat && unsigned[bytes] === undefined) ? `[${bytes}]` : "";
  return `${type} ${name}${count}; // ${comment(why)}${unit === undefined ? "" : ` @unit ${unit}`}`;
}

/** What senders chose ends no comment, and tells the catalog nothing. */
const comment = (text: string): string => text.replaceAll(/[^\x20-\x7eµ]|[@\\]|\*\//g, "?");
const identifier = (text: string): string => text.replaceAll(/\W/g, "_");
