/**
 * How a model is kept between two runs. A saved model says what it is, in which version, and with which parameters it
 * was trained; one whose parameters differ would give scores of another meaning, so it is refused and says why.
 *
 *   magic "OWLM" | header length u32 | checksum u32 of all that follows | header JSON | sections
 *   section: type byte | elements u32 | data, little-endian
 */
import { combine32 } from "#base/hash.ts";

/** Why a saved model cannot be used here; the message names the cause and the mend. */
export class ModelRefused extends Error {
  override readonly name = "ModelRefused";
}

/** What decides the meaning of a model's numbers: flat, so that a difference can be named. */
export type ModelParameters = Readonly<Record<string, number | string | boolean | readonly number[]>>;

/** A model as JSON: for small ones. */
export interface JsonModel {
  readonly kind: string;
  readonly version: number;
  readonly fingerprint: string;
  readonly parameters: ModelParameters;
  readonly body: unknown;
}

export interface ModelKind {
  readonly kind: string;
  readonly version: number;
  readonly parameters: ModelParameters;
}

const MAGIC = 0x4d4c574f;
const HEAD_BYTES = 12;
const SECTION_HEAD_BYTES = 5;
const headerBytesMax = 65_536;
const types = { u32: 0, f32: 1, f64: 2 } as const;
const elementBytes = [4, 4, 8] as const;

type Numbers = Uint32Array | Float32Array | Float64Array;

/** Eight hexadecimal digits that are the same for the same parameters in whatever order they are named. */
export function fingerprintOf(parameters: ModelParameters): string {
  const names = Object.keys(parameters).toSorted();
  return (hashText(JSON.stringify(names.map((name) => [name, parameters[name]]))) >>> 0).toString(16).padStart(8, "0");
}

export function toJsonModel(what: ModelKind, body: unknown): JsonModel {
  return { ...what, fingerprint: fingerprintOf(what.parameters), body };
}

/** The body of a saved model, once kind, version and parameters are those of `what`. Throws ModelRefused. */
export function openJsonModel(state: unknown, what: ModelKind): ModelBody {
  if (typeof state !== "object" || state === null) throw new ModelRefused(`saved ${what.kind}: not an object; start it anew`);
  const saved = state as Partial<JsonModel>;
  refuseOther(saved, what);
  return new ModelBody(what.kind, saved.body);
}

/** Reads a saved body field by field; what is not as it must be is refused by name. */
export class ModelBody {
  readonly #kind: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(kind: string, body: unknown) {
    if (typeof body !== "object" || body === null) throw new ModelRefused(`saved ${kind}: has no body; start it anew`);
    this.#kind = kind;
    this.#fields = body as Record<string, unknown>;
  }

  number(name: string, low = -Number.MAX_VALUE, high = Number.MAX_VALUE): number {
    const value = this.#fields[name];
    // Written so that NaN is outside.
    if (typeof value !== "number" || !(value >= low && value <= high)) return this.refuse(`${name} is no number from ${low} to ${high}`);
    return value;
  }

  /** Finite numbers; `count` of them, or at most `count` when `fewer` is allowed. */
  numbers(name: string, count: number, fewer = false): number[] {
    const value = this.#fields[name];
    if (!Array.isArray(value)) return this.refuse(`${name} is no list`);
    if (value.length > count || (!fewer && value.length !== count)) return this.refuse(`${name} has ${value.length} numbers, not ${count}`);
    for (const one of value) if (typeof one !== "number" || !Number.isFinite(one)) return this.refuse(`${name} has what is no number`);
    return value as number[];
  }

  texts(name: string, countMax: number, lengthMax: number): string[] {
    const value = this.#fields[name];
    if (!Array.isArray(value) || value.length > countMax) return this.refuse(`${name} is no list of at most ${countMax} texts`);
    for (const one of value)
      if (typeof one !== "string" || one.length > lengthMax) return this.refuse(`${name} has what is no text of at most ${lengthMax}`);
    return value as string[];
  }

  list(name: string, countMax: number): ModelBody[] {
    const value = this.#fields[name];
    if (!Array.isArray(value) || value.length > countMax) return this.refuse(`${name} is no list of at most ${countMax}`);
    return value.map((one) => new ModelBody(this.#kind, one));
  }

  refuse(reason: string): never {
    throw new ModelRefused(`saved ${this.#kind}: ${reason}; remove the file to start anew`);
  }
}

/** Writes a model as bytes: sections in the order in which they will be read. */
export class ModelWriter {
  readonly #header: Uint8Array;
  readonly #sections: Uint8Array[] = [];

  constructor(what: ModelKind) {
    this.#header = asciiJson({ ...what, fingerprint: fingerprintOf(what.parameters) });
  }

  add(numbers: Numbers): this {
    const type = typeOf(numbers);
    const size = elementBytes[type];
    const section = new Uint8Array(SECTION_HEAD_BYTES + numbers.length * size);
    const view = new DataView(section.buffer);
    view.setUint8(0, type);
    view.setUint32(1, numbers.length, true);
    for (let i = 0; i < numbers.length; i++) {
      const at = SECTION_HEAD_BYTES + i * size;
      const value = numbers[i] as number;
      if (type === types.u32) view.setUint32(at, value, true);
      else if (type === types.f32) view.setFloat32(at, value, true);
      else view.setFloat64(at, value, true);
    }
    this.#sections.push(section);
    return this;
  }

  bytes(): Uint8Array {
    const length = this.#sections.reduce((sum, section) => sum + section.length, HEAD_BYTES + this.#header.length);
    const whole = new Uint8Array(length);
    whole.set(this.#header, HEAD_BYTES);
    let at = HEAD_BYTES + this.#header.length;
    for (const section of this.#sections) {
      whole.set(section, at);
      at += section.length;
    }
    const view = new DataView(whole.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, this.#header.length, true);
    seal(whole);
    return whole;
  }
}

/** Sets the checksum of a saved model. */
export function seal(whole: Uint8Array): void {
  new DataView(whole.buffer, whole.byteOffset).setUint32(8, hashBytes(whole, HEAD_BYTES), true);
}

/** Reads what ModelWriter wrote. Every method throws ModelRefused. */
export class ModelReader {
  readonly #kind: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, what: ModelKind) {
    this.#kind = what.kind;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEAD_BYTES || this.#view.getUint32(0, true) !== MAGIC) this.refuse("not a saved model");
    const header = this.#view.getUint32(4, true);
    if (header > headerBytesMax || HEAD_BYTES + header > bytes.length) this.refuse("cut short");
    if (this.#view.getUint32(8, true) !== hashBytes(bytes, HEAD_BYTES)) this.refuse("damaged: its checksum differs");
    this.#at = HEAD_BYTES + header;
    refuseOther(this.#parseHeader(header), what);
  }

  u32(lengthMax: number, lengthMin = lengthMax): Uint32Array {
    const length = this.#open(types.u32, lengthMin, lengthMax);
    const numbers = new Uint32Array(length);
    for (let i = 0; i < length; i++) numbers[i] = this.#view.getUint32(this.#at + 4 * i, true);
    this.#at += 4 * length;
    return numbers;
  }

  /** Finite numbers; infinities too where `infinite`. */
  f64(lengthMax: number, lengthMin = lengthMax, infinite = false): Float64Array {
    const length = this.#open(types.f64, lengthMin, lengthMax);
    const numbers = new Float64Array(length);
    for (let i = 0; i < length; i++) numbers[i] = this.#checked(this.#view.getFloat64(this.#at + 8 * i, true), infinite);
    this.#at += 8 * length;
    return numbers;
  }

  f32(lengthMax: number, lengthMin = lengthMax): Float32Array {
    const length = this.#open(types.f32, lengthMin, lengthMax);
    const numbers = new Float32Array(length);
    for (let i = 0; i < length; i++) numbers[i] = this.#checked(this.#view.getFloat32(this.#at + 4 * i, true), false);
    this.#at += 4 * length;
    return numbers;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) this.refuse("longer than it says");
  }

  refuse(reason: string): never {
    throw new ModelRefused(`saved ${this.#kind}: ${reason}; remove the file to start anew`);
  }

  #checked(value: number, infinite: boolean): number {
    if (Number.isNaN(value) || (!infinite && !Number.isFinite(value))) this.refuse("has what is no number");
    return value;
  }

  #open(type: number, lengthMin: number, lengthMax: number): number {
    if (this.#at + SECTION_HEAD_BYTES > this.#bytes.length) return this.refuse("cut short");
    if (this.#view.getUint8(this.#at) !== type) return this.refuse("its parts are not in order");
    const length = this.#view.getUint32(this.#at + 1, true);
    if (length < lengthMin || length > lengthMax) return this.refuse(`a part has ${length} numbers, not ${lengthMin} to ${lengthMax}`);
    this.#at += SECTION_HEAD_BYTES;
    if (this.#at + length * (elementBytes[type] ?? 8) > this.#bytes.length) return this.refuse("cut short");
    return length;
  }

  #parseHeader(length: number): Partial<JsonModel> {
    let text = "";
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.#bytes[HEAD_BYTES + i] as number);
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "object" && value !== null ? value : {};
    } catch {
      return this.refuse("its header is no JSON");
    }
  }
}

function refuseOther(saved: Partial<JsonModel>, what: ModelKind): void {
  const refuse = (reason: string): never => {
    throw new ModelRefused(`saved ${what.kind}: ${reason}`);
  };
  if (saved.kind !== what.kind) refuse(`it is a ${typeof saved.kind === "string" ? saved.kind.slice(0, 64) : "file of something else"}`);
  if (saved.version !== what.version)
    refuse(`its version is ${String(saved.version).slice(0, 16)}, this program reads ${what.version}; remove the file to train anew`);
  if (saved.fingerprint === fingerprintOf(what.parameters)) return;
  const theirs: Partial<ModelParameters> = saved.parameters ?? {};
  const names = [...new Set([...Object.keys(what.parameters), ...Object.keys(theirs)])].toSorted();
  const different = names.filter((name) => shortText(theirs[name]) !== shortText(what.parameters[name]));
  const list = different
    .slice(0, 4)
    .map((name) => `${name.slice(0, 64)} was ${shortText(theirs[name])} and is ${shortText(what.parameters[name])}`);
  refuse(`trained with other parameters (${list.join(", ") || "fingerprint"}); set them back, or remove the file to train anew`);
}

const shortText = (value: unknown): string => JSON.stringify(value)?.slice(0, 64) ?? "nothing";

const typeOf = (numbers: Numbers): 0 | 1 | 2 =>
  numbers instanceof Uint32Array ? types.u32 : numbers instanceof Float32Array ? types.f32 : types.f64;

/** JSON with everything beyond ASCII escaped, so that one character is one byte. */
function asciiJson(value: unknown): Uint8Array {
  const text = JSON.stringify(value).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function hashText(text: string): number {
  let h = text.length;
  for (let i = 0; i < text.length; i++) h = combine32(h, text.charCodeAt(i));
  return h;
}

function hashBytes(bytes: Uint8Array, from: number): number {
  let h = bytes.length - from;
  for (let i = from; i < bytes.length; i++) h = combine32(h, bytes[i] as number);
  return h >>> 0;
}
