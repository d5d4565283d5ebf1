import type { Annotation } from "./annotation.ts";
import type { ScalarType } from "./data-model.ts";
import type { Place } from "./problem.ts";

/** A type of C with its layout. Sizes and alignments in bytes. */
export type CType = ScalarType | ArrayType | RecordType | EnumType;

export interface ArrayType {
  readonly kind: "array";
  readonly element: CType;
  /** `undefined` for a flexible array, which takes no room of its own. */
  readonly count: number | undefined;
  readonly size: number;
  readonly align: number;
}

export interface EnumType {
  readonly kind: "enum";
  readonly tag: string | undefined;
  /** The integer that it is kept in. */
  readonly scalar: ScalarType;
  readonly size: number;
  readonly align: number;
  readonly constants: readonly EnumConstant[];
  readonly annotation: Annotation;
  readonly place: Place;
}

export interface EnumConstant {
  readonly name: string;
  readonly value: bigint;
  readonly annotation: Annotation;
  readonly place: Place;
}

/** A struct or union. It is made when its tag is first met and completed where its members stand. */
export interface RecordType {
  readonly kind: "record";
  readonly form: "struct" | "union";
  readonly tag: string | undefined;
  /** Where its members stand, or its tag was first met. */
  place: Place;
  /** False until its members are known. */
  complete: boolean;
  /** Its members could not be read. */
  broken: boolean;
  size: number;
  align: number;
  bigEndian: boolean;
  /** How many structs stand in each other, with itself. */
  depth: number;
  members: readonly Member[];
  annotation: Annotation;
}

export interface Member {
  /** `undefined` for an anonymous struct or union, whose members are its owner's, and for bits that only fill. */
  readonly name: string | undefined;
  readonly type: CType;
  /** Bytes from the beginning of the record. */
  readonly offset: number;
  /** Of a bit-field: from the first bit of the record, in the order in which its bytes are filled. */
  readonly bits?: { readonly offset: number; readonly width: number };
  readonly annotation: Annotation;
  readonly place: Place;
}

/** How a type is written: `uint8_t[16]`, `struct item[]`, `enum color`. */
export function typeText(type: CType): string {
  if (type.kind === "scalar") return type.name;
  if (type.kind === "array") {
    let element: CType = type;
    let counts = "";
    for (; element.kind === "array"; element = element.element) counts += `[${element.count ?? ""}]`;
    return typeText(element) + counts;
  }
  return `${type.kind === "enum" ? "enum" : type.form} ${type.tag ?? "(without a name)"}`;
}

/** Why a type cannot be used where its size is needed, and the mend. */
export const unknownSize = (type: RecordType): readonly [cause: string, mend: string] => [
  `the size of ${typeText(type)} is not known here`,
  type.broken ? "mend its own error first" : "define it before it is used",
];

/** True for a type whose end is a flexible array. */
export function isFlexible(type: CType): boolean {
  if (type.kind === "array") return type.count === undefined || isFlexible(type.element);
  if (type.kind !== "record") return false;
  const last = type.members.at(-1);
  return last !== undefined && (type.form === "union" ? type.members.some((member) => isFlexible(member.type)) : isFlexible(last.type));
}

/** How many structs stand in each other in a type. */
export function depthOf(type: CType): number {
  let inner: CType = type;
  while (inner.kind === "array") inner = inner.element;
  return inner.kind === "record" ? inner.depth : 0;
}
