import { type CatalogReport, type Decoded, problemText, type StructView } from "#app/catalog.ts";
import { countText } from "#base/count-text.ts";
import { harmless, tableText } from "./table.ts";

const width = (): number | undefined => (process.stdout.isTTY ? process.stdout.columns : undefined);
const number = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;

/** A row for each struct. */
export function structsText(structs: readonly StructView[]): string {
  const columns = [
    { title: "struct", right: false },
    { title: "size", right: true },
    { title: "members", right: true },
    { title: "opcodes", right: false },
    { title: "stands at", right: false },
  ];
  const rows = structs.map(({ name, size, members, opcodes, file, line }) => [
    name,
    String(size),
    String(members.length),
    opcodes.map((opcode) => `${number(opcode.number)} ${opcode.direction}`).join(", "),
    `${file}:${line}`,
  ]);
  return tableText(columns, rows, width());
}

/** One struct with its members. */
export function structText({ name, form, size, align, endian, file, line, doc, opcodes, members }: StructView): string {
  const head = [`${form} ${name}  ${size} bytes, aligned to ${align}, ${endian} endian`, `  stands at  ${file}:${line}`];
  for (const opcode of opcodes) head.push(`  opcode     ${number(opcode.number)} ${opcode.name} ${opcode.direction}`);
  if (doc !== undefined) head.push(`  means      ${doc}`);
  const columns = [
    { title: "offset", right: true },
    { title: "size", right: true },
    { title: "type", right: false },
    { title: "name", right: false },
    { title: "unit", right: false },
    { title: "meaning", right: false },
  ];
  const rows = members.map((member) => [
    member.bits === undefined ? String(member.offset) : `bit ${member.bits.offset}`,
    member.bits === undefined ? String(member.size) : `${member.bits.width} bits`,
    member.type,
    member.name,
    member.unit ?? "",
    [member.doc, member.kind && `kind ${member.kind}`, member.count && `as many as ${member.count}`].filter(Boolean).join("; "),
  ]);
  return `${head.map((text) => `${harmless(text)}\n`).join("")}${tableText(columns, rows, width())}`;
}

/** What is wrong, a line each, then what there is. */
export function reportText({ problems, structs, enums, opcodes }: CatalogReport): string {
  const lines = problems.map((problem) => harmless(problemText(problem)));
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const counts = [`${countText(structs)} structs`, `${countText(enums)} enums`, `${countText(opcodes)} opcodes`].join(", ");
  const wrong = problems.length === 0 ? "nothing is wrong" : `${countText(errors)} errors, ${countText(problems.length - errors)} warnings`;
  return [...lines, `${counts}; ${wrong}`].map((line) => `${line}\n`).join("");
}

/** Fields, a line each, then what is left over or missing. */
export function decodedText({ fields, consumed, problems, bytes }: Decoded & { readonly bytes: number }): string {
  const lines: string[] = [];
  walk(fields, "", lines);
  if (consumed < bytes) lines.push(`${bytes - consumed} of ${bytes} bytes are left over`);
  return [...lines, ...problems].map((line) => `${harmless(line)}\n`).join("");
}

function walk(value: unknown, path: string, lines: string[]): void {
  if (typeof value !== "object" || value === null) {
    lines.push(`${path} = ${typeof value === "string" ? JSON.stringify(value) : String(value)}`);
    return;
  }
  for (const [key, inner] of Object.entries(value))
    walk(inner, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`, lines);
}
