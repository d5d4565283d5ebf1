import type { Catalog, CatalogStruct } from "./catalog.ts";
import { tokensText } from "./tokens.ts";
import { type Member, typeText } from "./types.ts";

/** A member of a struct, for people and for JSON. */
export interface MemberView {
  /** `place.x` for members of structs in structs. */
  readonly name: string;
  readonly type: string;
  /** Bytes from the struct's beginning. */
  readonly offset: number;
  /** Bytes; 0 for a flexible array. */
  readonly size: number;
  /** Of a bit-field: its first bit from the beginning of the struct that holds it, and how many. */
  readonly bits?: { readonly offset: number; readonly width: number };
  readonly unit?: string;
  readonly kind?: string;
  /** How many elements count, as an expression over the fields. */
  readonly count?: string;
  readonly doc?: string;
}

export interface StructView {
  readonly name: string;
  readonly form: "struct" | "union";
  readonly names: readonly string[];
  readonly size: number;
  readonly align: number;
  readonly endian: "little" | "big";
  readonly file: string;
  readonly line: number;
  readonly doc?: string;
  /** Opcodes whose packets it describes. */
  readonly opcodes: readonly { readonly number: number; readonly name: string; readonly direction: "to_server" | "to_client" }[];
  readonly members: readonly MemberView[];
}

/** Members that are listed of one struct. */
const membersMax = 2_000;

/** A struct with all that is known of it. */
export function structView(catalog: Catalog, struct: CatalogStruct): StructView {
  const { record, name, names } = struct;
  const { path: file } = record.place.source;
  const members: MemberView[] = [];
  list(record.members, 0, "", members);
  return {
    name,
    form: record.form,
    names,
    size: record.size,
    align: record.align,
    endian: record.bigEndian ? "big" : "little",
    file,
    line: record.place.source.line(record.place.offset),
    ...(record.annotation.doc !== "" && { doc: record.annotation.doc }),
    opcodes: catalog
      .opcodes()
      .filter(({ name: opcode, side }) => catalog.structFor(opcode, side ?? 0) === struct)
      .map(({ number, name: opcode, side }) => ({ number, name: opcode, direction: side === 1 ? "to_client" : "to_server" })),
    members,
  };
}

function list(members: readonly Member[], base: number, path: string, into: MemberView[]): void {
  for (const member of members) {
    if (into.length >= membersMax) return;
    const { name, type, annotation, bits } = member;
    const offset = base + member.offset;
    const inner = type.kind === "record" ? type.members : undefined;
    if (name !== undefined) {
      const { unit, kind, count, doc } = annotation;
      into.push({
        name: path + name,
        type: typeText(type),
        offset,
        size: type.size,
        ...(bits !== undefined && { bits }),
        ...(unit !== undefined && { unit }),
        ...(kind !== undefined && { kind }),
        ...(count !== undefined && { count: tokensText(count) }),
        ...(doc !== "" && { doc }),
      });
    }
    if (inner !== undefined) list(inner, offset, name === undefined ? path : `${path}${name}.`, into);
  }
}
