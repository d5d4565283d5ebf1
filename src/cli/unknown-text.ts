import { countText } from "#base/count-text.ts";
import type { UnknownOpcodeRow, UnknownOpcodesAnswer } from "#schema/game.ts";
import { harmless, tableText } from "./table.ts";

/** Lengths and bytes of the example that are shown of one opcode. */
const lengthsShownMax = 6;
const exampleBytesMax = 48;

/** What is known of opcodes that nobody knows: one after the other, with a table of their fields. */
export function unknownText({ opcodes, refused }: UnknownOpcodesAnswer, width: number | undefined): string {
  const more = refused === 0 ? "" : `${countText(refused)} packets of further opcodes found no room\n`;
  return `${opcodes.map((row) => opcodeText(row, width)).join("\n")}${more}`;
}

function opcodeText(row: UnknownOpcodeRow, width: number | undefined): string {
  const { count, sessions, samples, entropy, entropy_says, lengths, fields, example } = row;
  const number = row.named && row.opcode_number !== undefined ? ` (0x${row.opcode_number.toString(16).padStart(2, "0")})` : "";
  const shown = lengths.slice(0, lengthsShownMax).map((one) => `${one.length} (${countText(one.count)})`);
  const range = lengths.length > lengthsShownMax ? `; all from ${row.length_min} to ${row.length_max}` : "";
  const hex = example.slice(0, exampleBytesMax * 2).replaceAll(/..(?=.)/g, "$& ");
  const lines = [
    `${row.game} ${row.opcode}${number} ${row.direction}: ${row.named ? "it has a name and no struct" : "nobody knows it"}`,
    `  packets  ${countText(count)}; looked at ${samples} of ${sessions} sessions`,
    `  bytes    ${shown.join(", ")}${range}`,
    `  entropy  ${entropy} bits per byte: ${entropy_says}`,
    `  example  ${hex}${example.length > exampleBytesMax * 2 ? " …" : ""}`,
  ];
  const columns = [
    { title: "  offset", right: true },
    { title: "bytes", right: true },
    { title: "looks like", right: false },
    { title: "why", right: false },
  ];
  const rows = fields.map(({ offset, bytes, looks_like, why }) => [String(offset), String(bytes), looks_like, why]);
  const table = rows.length === 0 ? "  too few packets to guess fields\n" : tableText(columns, rows, width);
  return `${lines.map((line) => `${harmless(line)}\n`).join("")}${table}`;
}
