import type { Random } from "#base/random.ts";

/** A rule's options and the bytes that it is judged on. */
export interface RulePair {
  /** What the rule is about: `payload` of a datagram, or `body` of an HTTP request. */
  readonly about: "payload" | "body";
  readonly options: string;
  readonly bytes: Uint8Array;
}

const ALPHABET = "aaabbbcccABC019 =\0\x01\x02\x03\x04\x05/+-";

/**
 * Makes rules and bytes that nearly fit each other: a rule is built around what stands in its bytes, and some of its
 * numbers are then moved a little. So about half of the pairs match, and those that do not fail late.
 */
export function rulePairs(random: Random, count: number): RulePair[] {
  return Array.from({ length: count }, () => (random.chance(0.8) ? payloadPair(random) : bodyPair(random)));
}

function payloadPair(random: Random): RulePair {
  const draft = new RuleDraft(random, bytesOf(random, random.between(6, 48)));
  draft.tests(random.between(1, 5));
  if (random.chance(0.12)) draft.base64();
  return { about: "payload", options: draft.text, bytes: draft.bytes };
}

const TRANSFORMS = [
  "dotprefix",
  "strip_whitespace",
  "compress_whitespace",
  "to_lowercase",
  "to_uppercase",
  "url_decode",
  'xor:"0102"',
  'pcrexform:"(a.*)b"',
];

function bodyPair(random: Random): RulePair {
  const draft = new RuleDraft(random, bytesOf(random, random.between(6, 48)));
  const transforms = Array.from({ length: random.between(0, 3) }, () => `${random.pick(TRANSFORMS)}; `).join("");
  if (random.chance(0.3)) draft.size();
  draft.tests(random.between(1, 4));
  return { about: "body", options: `http.request_body; ${transforms}${draft.text}`, bytes: draft.bytes };
}

const bytesOf = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () =>
    random.chance(0.05) ? random.between(0, 256) : ALPHABET.charCodeAt(random.between(0, ALPHABET.length)),
  );

/** A rule that is being made beside its bytes: `position` is where its last match ends when all goes well. */
class RuleDraft {
  text = "";
  readonly bytes: Uint8Array;
  readonly #random: Random;
  #position = 0;
  #anchored = false;
  readonly #variables: { readonly name: string; readonly value: number }[] = [];

  constructor(random: Random, bytes: Uint8Array) {
    this.#random = random;
    this.bytes = bytes;
  }

  tests(count: number): void {
    const random = this.#random;
    for (let i = 0; i < count; i++) {
      const kind = random.unit();
      if (kind < 0.45) this.#content();
      else if (kind < 0.55) this.#negated();
      else if (kind < 0.63) this.#byteTest();
      else if (kind < 0.71) this.#byteJump();
      else if (kind < 0.79) this.#byteExtract();
      else if (kind < 0.84) this.#byteMath();
      else if (kind < 0.9) this.#isDataAt();
      else this.#pattern();
    }
    // A rule without any positive literal is told apart by how its literals are searched, not by what it says.
    if (!/content:"/.test(this.text)) this.#content();
  }

  base64(): void {
    const random = this.#random;
    const words = [`bytes ${random.between(2, 16)}`, `offset ${random.between(0, 4)}`].filter(() => random.chance(0.5));
    if (this.#anchored && random.chance(0.4)) words.push("relative");
    this.text += `base64_decode${words.length > 0 ? `:${words.join(", ")}` : ""}; base64_data; `;
    const letters = bytesOf(random, random.between(1, 3));
    this.text += random.chance(0.5) ? `content:!"${literal(letters)}"; ` : `pcre:"/${random.pick(["^.", "[a-z]", "\\\\x00", "..$"])}/s"; `;
  }

  size(): void {
    const { length } = this.bytes;
    const near = this.#near(length);
    this.text += `bsize:${this.#random.pick([`${near}`, `<${near + 1}`, `>${Math.max(1, near - 1)}`, `${Math.max(1, near - 2)}<>${near + 2}`])}; `;
  }

  /** The number, or one near it. */
  #near(value: number): number {
    return this.#random.chance(0.8) ? value : Math.max(0, value + this.#random.between(-2, 3));
  }

  /** The number, or a variable that has it. */
  #value(value: number): string {
    const known = this.#variables.filter((variable) => variable.value === value);
    return known.length > 0 && this.#random.chance(0.7) ? this.#random.pick(known).name : String(value);
  }

  #content(): void {
    const random = this.#random;
    const { length } = this.bytes;
    const size = Math.min(random.between(1, 4), length);
    const at = random.between(0, length - size + 1);
    const isRelative = this.#anchored && random.chance(0.6);
    const folds = random.chance(0.25);
    const text = literal(this.bytes.subarray(at, at + size), folds ? random : undefined);
    this.text += `content:"${text}"; ${folds ? "nocase; " : ""}`;
    if (isRelative) {
      const slack = random.between(0, 4);
      const distance = at - this.#position - slack;
      if (random.chance(0.8)) this.text += `distance:${this.#value(this.#moved(distance))}; `;
      if (random.chance(0.6)) this.text += `within:${this.#value(Math.max(size, this.#moved(size + slack)))}; `;
      else if (!this.text.endsWith("; ")) this.text += "distance:0; ";
    } else this.#place(at, size);
    if (at + size === length && random.chance(0.4)) this.text += "endswith; ";
    this.#position = at + size;
    this.#anchored = true;
  }

  #moved(value: number): number {
    return this.#random.chance(0.85) ? value : value + this.#random.between(-2, 3);
  }

  #place(at: number, size: number): void {
    const random = this.#random;
    if (at === 0 && random.chance(0.4)) {
      this.text += "startswith; ";
      return;
    }
    const offset = random.chance(0.4) ? this.#near(random.between(0, at + 1)) : undefined;
    if (offset !== undefined) this.text += `offset:${this.#value(offset)}; `;
    if (random.chance(0.4)) this.text += `depth:${this.#value(Math.max(size, this.#near(at + size - (offset ?? 0))))}; `;
  }

  #negated(): void {
    const random = this.#random;
    const end = this.bytes.length;
    const own = random.chance(0.5) ? this.bytes.subarray(0, random.between(1, 3)) : this.bytes.subarray(end - random.between(1, 3));
    const letters = random.chance(0.5) ? bytesOf(random, random.between(1, 3)) : own;
    this.text += `content:!"${literal(letters)}"; `;
    const { length } = letters;
    if (this.#anchored && random.chance(0.6)) {
      this.text += `distance:${random.between(-3, 4)}; `;
      if (random.chance(0.6)) this.text += `within:${length + random.between(0, 6)}; `;
    } else if (random.chance(0.5)) this.text += `offset:${random.between(0, 5)}; depth:${length + random.between(0, 8)}; `;
    if (random.chance(0.15)) this.text += "endswith; ";
  }

  /** Where a number is read, and what a rule says of the place. */
  #numberPlace(count: number): { readonly at: number; readonly offset: number; readonly isRelative: boolean } {
    const at = this.#random.between(0, Math.max(1, this.bytes.length - count + 1));
    const isRelative = this.#anchored && this.#random.chance(0.5);
    return { at, isRelative, offset: this.#near(isRelative ? Math.max(0, at - this.#position) : at) };
  }

  #number(at: number, count: number, isLittle: boolean): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 256 + (this.bytes[isLittle ? at + count - 1 - i : at + i] ?? 0);
    return value;
  }

  #byteTest(): void {
    const random = this.#random;
    const count = random.between(1, 5);
    const { at, offset, isRelative } = this.#numberPlace(count);
    const isLittle = random.chance(0.3);
    const asText = random.chance(0.25);
    const value = asText ? random.between(0, 20) : this.#number(at, count, isLittle);
    const form = asText ? `,string${random.pick([",dec", ",hex", ",oct", ""])}` : isLittle ? ",little" : "";
    const mask = !asText && random.chance(0.2) ? `,bitmask 0x${random.between(1, 256 ** Math.min(count, 3)).toString(16)}` : "";
    const operator = random.pick(["=", "=", "!=", "<", ">", "<=", ">=", "&", "!&", "^"]);
    this.text += `byte_test:${count},${operator},${this.#value(this.#near(value))},${offset}${isRelative ? ",relative" : ""}${form}${mask}; `;
  }

  #byteJump(): void {
    const random = this.#random;
    const count = random.between(1, 3);
    const { at, offset, isRelative } = this.#numberPlace(count);
    const form = random.pick(["", "", ",little", ",string,dec", ",string,hex", ",string"]);
    const more = random.pick(["", "", "", ",from_beginning", ",from_end", ",align", ",multiplier 2"]);
    const post = random.chance(0.3) ? `,post_offset ${random.between(-6, 4)}` : "";
    this.text += `byte_jump:${count},${offset}${isRelative ? ",relative" : ""}${more}${form}${post}; `;
    this.#position = Math.min(this.bytes.length, at + count + this.#number(at, count, false));
    this.#anchored = true;
  }

  #byteExtract(): void {
    const random = this.#random;
    const count = random.pick([1, 1, 1, 2]);
    const { at, offset, isRelative } = this.#numberPlace(count);
    const name = `var${this.#variables.length}`;
    const more = random.pick(["", "", ",multiplier 2", ",align 4", ",little", ",string,dec"]);
    this.text += `byte_extract:${count},${offset},${name}${isRelative ? ",relative" : ""}${more}; `;
    this.#variables.push({ name, value: this.#number(at, count, false) });
    this.#position = at + count;
    this.#anchored = true;
  }

  #byteMath(): void {
    const random = this.#random;
    const { at, offset, isRelative } = this.#numberPlace(1);
    const name = `var${this.#variables.length}`;
    const amount = random.between(1, 5);
    const operator = random.pick(["+", "-", "*", "/", "<<", ">>"]);
    const mask = random.chance(0.2) ? ", bitmask 0xfc" : "";
    this.text += `byte_math:bytes 1, offset ${offset}, oper ${operator}, rvalue ${amount}, result ${name}${isRelative ? ", relative" : ""}${mask}; `;
    const value = this.#number(at, 1, false);
    this.#variables.push({ name, value: operator === "+" ? value + amount : operator === "-" ? value - amount : value });
    this.#position = at + 1;
    this.#anchored = true;
  }

  #isDataAt(): void {
    const random = this.#random;
    const isRelative = this.#anchored && random.chance(0.6);
    const at = this.#near(this.bytes.length - (isRelative ? this.#position : 1));
    this.text += `isdataat:${random.chance(0.3) ? "!" : ""}${Math.max(0, at)}${isRelative ? ",relative" : ""}; `;
  }

  #pattern(): void {
    const random = this.#random;
    const letters = [...this.bytes].map((byte) => String.fromCharCode(byte)).filter((letter) => /[a-cA-C01]/.test(letter));
    const a = letters.length > 0 ? random.pick(letters) : "a";
    const b = letters.length > 0 ? random.pick(letters) : "b";
    const isRelative = this.#anchored && random.chance(0.4);
    const source = random.pick([
      `${a}.?${b}`,
      `^.{0,3}${a}`,
      `[${a}${b}]{2}`,
      `${a}$`,
      `(?<=${a})${b}`,
      `${a}+(${b}|c)`,
      `${a}[^${b}]`,
      `^${a}`,
    ]);
    const flags = `${random.chance(0.3) ? "i" : ""}${random.chance(0.3) ? "s" : ""}${isRelative ? "R" : ""}`;
    this.text += `pcre:${random.chance(0.2) ? "!" : ""}"/${source}/${flags}"; `;
    this.#anchored = true;
  }
}

/** A literal as it stands in a rule; with `random`, letters in any case. */
function literal(bytes: Uint8Array, random?: Random): string {
  let text = "";
  for (const byte of bytes) {
    const letter = String.fromCharCode(byte);
    if (!/[a-zA-Z0-9]/.test(letter)) text += `|${byte.toString(16).padStart(2, "0")}|`;
    else text += random === undefined ? letter : random.chance(0.5) ? letter.toLowerCase() : letter.toUpperCase();
  }
  return text;
}
