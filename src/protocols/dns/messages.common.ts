import { fromHex } from "#base/bytes.ts";
import { joinBytes } from "#test/protocol/drive.ts";

/** Writes messages for tests. Names are written without pointers, unless given as hexadecimal behind a `=`. */
export interface Draft {
  readonly id?: number;
  /** Default: a query that wants recursion. */
  readonly flags?: number;
  /** Name, type, class (default IN). */
  readonly questions?: readonly (readonly [string, number, number?])[];
  readonly answers?: readonly RecordDraft[];
  readonly authorities?: readonly RecordDraft[];
  readonly additionals?: readonly RecordDraft[];
  /** Counts of the header, when they are to lie. */
  readonly counts?: readonly [number, number, number, number];
}

/** Name, type, data as hexadecimal or bytes, class (default IN), time to live (default 60). */
export type RecordDraft = readonly [string, number, string | Uint8Array, number?, number?];

const u16 = (value: number): number[] => [(value >>> 8) & 255, value & 255];

export function nameBytes(name: string): Uint8Array {
  if (name.startsWith("=")) return fromHex(name.slice(1));
  const bytes: number[] = [];
  for (const label of name === "" ? [] : name.split(".")) {
    bytes.push(label.length);
    for (const letter of label) bytes.push(letter.charCodeAt(0));
  }
  bytes.push(0);
  return Uint8Array.from(bytes);
}

const recordBytes = ([name, type, data, rrclass, ttl]: RecordDraft): Uint8Array => {
  const bytes = typeof data === "string" ? fromHex(data) : data;
  const time = ttl ?? 60;
  return joinBytes(
    nameBytes(name),
    Uint8Array.from([...u16(type), ...u16(rrclass ?? 1), ...u16(time >>> 16), ...u16(time), ...u16(bytes.length)]),
    bytes,
  );
};

export function message(draft: Draft): Uint8Array {
  const { questions = [], answers = [], authorities = [], additionals = [] } = draft;
  const counts = draft.counts ?? [questions.length, answers.length, authorities.length, additionals.length];
  return joinBytes(
    Uint8Array.from([...u16(draft.id ?? 0x1234), ...u16(draft.flags ?? 0x0100), ...counts.flatMap(u16)]),
    ...questions.map(([name, type, rrclass]) => joinBytes(nameBytes(name), Uint8Array.from([...u16(type), ...u16(rrclass ?? 1)]))),
    ...[...answers, ...authorities, ...additionals].map(recordBytes),
  );
}

/** With the length before it, as in a stream. */
export const framed = (bytes: Uint8Array): Uint8Array => joinBytes(Uint8Array.from(u16(bytes.length)), bytes);
