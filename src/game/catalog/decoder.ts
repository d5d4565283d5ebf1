import { type Decoded, DecodeRun, type Fields } from "./decode-run.ts";
import { evaluate } from "./expression.ts";
import { type Integer, integer } from "./integer.ts";
import { Refusal } from "./problem.ts";
import type { Token } from "./tokens.ts";
import { type ArrayType, type CType, type EnumType, isFlexible, type Member, type RecordType } from "./types.ts";
import { bitsReader, type FieldValue, hexText, type ReadValue, scalarReader, text, wideText } from "./value-reader.ts";

/** What a struct's annotations may name beside its own fields. */
export interface DecoderNames {
  enum(name: string): EnumType | undefined;
  constant(name: string): Integer | undefined;
}

/** Reads one member; `undefined` when the packet is too short for any of it. */
type ReadMember = (run: DecodeRun, at: number, fields: Fields) => FieldValue | undefined;
interface Step {
  readonly name: string;
  readonly read: ReadMember;
}
/** What a member's type is read with: the member, and the record that holds it. */
interface Owner {
  readonly member: Member;
  readonly record: RecordType;
}

/** Compiles structs to closures over a packet's bytes, each once. */
export class Decoders {
  readonly #names: DecoderNames;
  readonly #steps = new Map<RecordType, readonly Step[]>();

  constructor(names: DecoderNames) {
    this.#names = names;
  }

  decode(record: RecordType, bytes: Uint8Array): Decoded {
    const run = new DecodeRun(bytes);
    const fields = this.#record(record, this.#stepsOf(record), run, 0);
    return { fields, consumed: Math.min(run.reached, bytes.length), problems: run.problems };
  }

  #record(record: RecordType, steps: readonly Step[], run: DecodeRun, at: number): Fields {
    const fields: Fields = {};
    for (let i = 0; i < steps.length; i++) {
      const { name, read } = steps[i] as Step;
      const value = read(run, at, fields);
      if (value !== undefined) fields[name] = value;
      else if (record.form === "struct") break;
    }
    // Padding at the end is the struct's, too, as far as it is there.
    run.reach(Math.min(at + record.size, run.end));
    return fields;
  }

  #stepsOf(record: RecordType): readonly Step[] {
    let steps = this.#steps.get(record);
    if (steps === undefined) {
      steps = this.#members(record, 0);
      this.#steps.set(record, steps);
    }
    return steps;
  }

  /** Members of anonymous structs and unions are read as their owner's. */
  #members(record: RecordType, base: number): Step[] {
    return record.members.flatMap((member) => {
      const offset = base + member.offset;
      if (member.name === undefined) return member.type.kind === "record" ? this.#members(member.type, offset) : [];
      const name = member.name === "__proto__" ? "proto" : member.name;
      return [{ name, read: this.#member(name, { member, record }, member.bits === undefined ? offset : base) }];
    });
  }

  #member(name: string, owner: Owner, offset: number): ReadMember {
    const { member, record } = owner;
    const { type } = member;
    if (type.kind === "array") return this.#array(name, owner, type, offset);
    if (type.kind === "record") {
      const size = isFlexible(type) || type.size === 0 ? 0 : 1;
      return (run, at) => {
        if (at + offset + size > run.end) return missing(run, name, at + offset, type.size);
        return this.#record(type, this.#stepsOf(type), run, at + offset);
      };
    }
    const scalar = type.kind === "enum" ? type.scalar : type;
    const bigEndian = member.annotation.bigEndian ?? record.bigEndian;
    const raw = member.bits === undefined ? scalarReader(scalar, bigEndian) : bitsReader(member, scalar, bigEndian);
    const read = this.#withNames(raw, type, member);
    const end = member.bits === undefined ? offset + type.size : offset + Math.ceil((member.bits.offset + member.bits.width) / 8);
    return (run, at) => {
      if (at + end > run.end) return missing(run, name, at + offset, end - offset);
      if (!run.spend()) return undefined;
      run.reach(at + end);
      return read(run, at + offset);
    };
  }

  /** Names of an enum's constants instead of their numbers. */
  #withNames(read: ReadValue, type: CType, { annotation }: Member): ReadValue {
    const values = type.kind === "enum" ? type : annotation.enum === undefined ? undefined : this.#names.enum(annotation.enum);
    if (values === undefined) return read;
    const names = new Map<FieldValue, string>();
    for (const { name, value } of values.constants) if (!names.has(Number(value))) names.set(Number(value), name);
    return (packet, at) => {
      const value = read(packet, at);
      return names.get(value) ?? value;
    };
  }

  #array(name: string, owner: Owner, type: ArrayType, offset: number): ReadMember {
    const { count } = owner.member.annotation;
    const countOf = count === undefined ? undefined : this.#count(name, count);
    const read = this.#elements(name, owner, type);
    return (run, at, fields) => {
      const start = at + offset;
      if (start > run.end) return missing(run, name, start, type.size);
      const told = countOf?.(run, fields) ?? type.count ?? Number.POSITIVE_INFINITY;
      run.reach(Math.min(start, run.end));
      const value = read(run, start, Math.min(told, type.count ?? Number.POSITIVE_INFINITY));
      if (type.count !== undefined) run.reach(Math.min(start + type.size, run.end));
      return value;
    };
  }

  /** Reads elements; of fewer bytes than there should be it reads those that are there. */
  #elements(name: string, owner: Owner, type: ArrayType): (run: DecodeRun, at: number, count: number) => FieldValue | undefined {
    const { element } = type;
    const { size } = element;
    const whole = textOrHex(owner, element);
    const one = whole === undefined ? this.#element(name, owner, element) : undefined;
    return (run, at, wanted) => {
      const room = size === 0 ? wanted : Math.floor((run.end - at) / size);
      const count = Math.min(wanted, room);
      if (Number.isFinite(wanted) && wanted > room && !isFlexible(element)) run.short(name, at, wanted * size);
      if (whole !== undefined) {
        if (!run.spend()) return undefined;
        run.reach(at + count * size);
        return whole(run, at, count);
      }
      const list: FieldValue[] = [];
      if (size === 0 && !isFlexible(element)) return list;
      const before = run.reached;
      for (let i = 0, from = at; i < count && from < run.end && run.spend(); i++) {
        // How far an element without a fixed size reaches is known once it is read.
        run.reached = from;
        const value = (one as ReadMember)(run, from, {});
        if (value === undefined) break;
        list.push(value);
        from = isFlexible(element) ? Math.max(run.reached, from + 1) : from + size;
      }
      run.reach(before);
      return list;
    };
  }

  #element(name: string, { member, record }: Owner, type: CType): ReadMember {
    const { count: _, ...annotation } = member.annotation;
    return this.#member(name, { member: { name, type, offset: 0, annotation, place: member.place }, record }, 0);
  }

  /** How many elements there are, by the expression of `@count`. */
  #count(name: string, tokens: readonly Token[]): (run: DecodeRun, fields: Fields) => number {
    const only = tokens.length === 1 && tokens[0]?.kind === "identifier" ? tokens[0].text : undefined;
    return (run, fields) => {
      const direct = only === undefined ? undefined : fields[only];
      if (typeof direct === "number" && direct >= 0) return direct;
      try {
        const { value } = evaluate(tokens, {
          longBits: 64,
          name: (path) => fieldInteger(fields, path) ?? this.#names.constant(path.join(".")),
        });
        if (value >= 0n) return Number(value);
        run.note(`${name}: its number of elements is ${value}`);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        run.note(`${name}: its number of elements is not known: ${error.message}`);
      }
      return 0;
    };
  }
}

function missing(run: DecodeRun, name: string, at: number, size: number): undefined {
  run.short(name, at, size);
  return undefined;
}

function fieldInteger(fields: Fields, path: readonly string[]): Integer | undefined {
  let value: FieldValue | undefined = fields;
  for (const part of path) {
    if (typeof value !== "object" || Array.isArray(value) || !Object.hasOwn(value, part)) return undefined;
    value = (value as Fields)[part];
  }
  if (typeof value === "number" && Number.isInteger(value)) return integer(BigInt(value), false, 64);
  return typeof value === "string" && /^-?\d+$/.test(value) ? integer(BigInt(value), value.length > 18, 64) : undefined;
}

/** Arrays that are one value: characters as text, bytes as hex, unless `@kind` says `text`, `bytes` or `numbers`. */
function textOrHex({ member, record }: Owner, element: CType): ((run: DecodeRun, at: number, count: number) => FieldValue) | undefined {
  const { kind, bigEndian } = member.annotation;
  if (element.kind !== "scalar" || kind === "numbers" || element.size > 4) return undefined;
  if (element.format === "wide") return (run, at, count) => wideText(run, at, count, element.size, bigEndian ?? record.bigEndian);
  if (element.size !== 1 || element.format === "boolean") return undefined;
  if (kind === "text" || (element.format === "character" && kind !== "bytes")) return text;
  return element.format === "unsigned" || kind === "bytes" ? hexText : undefined;
}
