import { PcreRefusal } from "./pcre-tree.ts";

/** Steps over a pattern. What cannot be read is refused with its place. */
export class PatternReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The character `ahead` places further, or nothing at the end. */
  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? "";
  }

  /** True, and past it, when this text stands here. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** What a sticky expression matches here, and past it. */
  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text);
    if (found === null) return undefined;
    this.at += found[0].length;
    return found;
  }

  refuse(cause: string, mend: string, at = this.at): never {
    throw new PcreRefusal(at, cause, mend);
  }
}

const simpleEscapes: ReadonlyMap<string, number> = new Map([
  ["a", 0x07],
  ["e", 0x1b],
  ["f", 0x0c],
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
]);

/**
 * The byte that an escape stands for, after its backslash; `undefined`, and nothing is read, when it is no byte. Digits
 * from 1 are left to the caller: they may be a reference.
 */
export function readByteEscape(reader: PatternReader): number | undefined {
  const letter = reader.peek();
  const simple = simpleEscapes.get(letter);
  if (simple !== undefined) {
    reader.at++;
    return simple;
  }
  if (letter === "x") return readHexadecimal(reader);
  if (letter === "o") {
    const octal = reader.match(/o\{([0-7]+)\}/y);
    if (octal === undefined) reader.refuse("\\o is not followed by octal digits in braces", "write \\o{101} or \\x41");
    return byteOf(reader, Number.parseInt(octal[1] as string, 8));
  }
  if (letter === "0") return byteOf(reader, Number.parseInt((reader.match(/[0-7]{1,3}/y) as RegExpExecArray)[0], 8));
  if (letter === "c") {
    const control = reader.match(/c([\x20-\x7e])/y);
    if (control === undefined) reader.refuse("\\c is not followed by a printable character", "write the byte as \\xHH");
    return (control[1] as string).toUpperCase().charCodeAt(0) ^ 0x40;
  }
  return undefined;
}

function readHexadecimal(reader: PatternReader): number {
  const braced = reader.match(/x\{([0-9a-fA-F]+)\}/y);
  if (braced !== undefined) return byteOf(reader, Number.parseInt(braced[1] as string, 16));
  if (reader.peek(1) === "{") reader.refuse("\\x{ is not followed by hexadecimal digits and }", "write \\x{41} or \\x41");
  const plain = reader.match(/x([0-9a-fA-F]{0,2})/y) as RegExpExecArray;
  return Number.parseInt(plain[1] || "0", 16);
}

function byteOf(reader: PatternReader, value: number): number {
  if (value > 255)
    reader.refuse("a character beyond 255: patterns are searched in bytes", "write the bytes of its encoding, each as \\xHH");
  return value;
}
