import type { Foreign } from "./foreign-alert.ts";

/** A value of a TSV log: what JSON logs have for it. */
type Value = string | number | boolean | readonly (string | number | boolean)[];

const INTEGERS = new Set(["count", "int", "port"]);
const NUMBERS = new Set(["double", "interval", "time"]);
const FIELDS_MAX = 1024;

/**
 * Reads the lines of one Zeek log, JSON or TSV (the default writers of Zeek 3 and later). TSV logs say in directives at
 * their head what stands where (`#separator`, `#set_separator`, `#empty_field`, `#unset_field`, `#fields`, `#types`); a
 * rotated log begins with new ones.
 */
export class ZeekLog {
  bad = 0;
  /** Name of the log, `conn`: of the file until `#path` or `_path` says it. */
  name: string;
  #separator = "\t";
  #setSeparator = ",";
  #empty = "(empty)";
  #unset = "-";
  #fields: readonly string[] = [];
  #types: readonly string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** The record of a line; `undefined` for directives and what cannot be read, which is counted. */
  line(text: string): Foreign | undefined {
    if (text.startsWith("#")) {
      this.#directive(text);
      return undefined;
    }
    const record = text.startsWith("{") ? this.#json(text) : this.#tsv(text);
    if (record === undefined) this.bad++;
    return record;
  }

  #json(text: string): Foreign | undefined {
    try {
      const record = JSON.parse(text) as Foreign;
      if (typeof record["_path"] === "string") this.name = record["_path"];
      return record;
    } catch {
      return undefined;
    }
  }

  #directive(text: string): void {
    // The separator itself is written with a space behind its name, and escaped: `#separator \x09`.
    const separator = /^#separator (.+)$/.exec(text)?.[1];
    if (separator !== undefined) {
      this.#separator = unescaped(separator);
      return;
    }
    const [name, ...values] = text.slice(1).split(this.#separator);
    const [first = ""] = values;
    if (name === "set_separator") this.#setSeparator = unescaped(first);
    else if (name === "empty_field") this.#empty = unescaped(first);
    else if (name === "unset_field") this.#unset = unescaped(first);
    else if (name === "path" && first !== "") this.name = first;
    else if (name === "fields") this.#fields = values.slice(0, FIELDS_MAX);
    else if (name === "types") this.#types = values.slice(0, FIELDS_MAX);
  }

  #tsv(text: string): Foreign | undefined {
    const values = text.split(this.#separator);
    if (this.#fields.length === 0 || values.length !== this.#fields.length) return undefined;
    const record: { [name: string]: Value } = {};
    for (let i = 0; i < values.length; i++) {
      const value = this.#value(this.#types[i] ?? "string", values[i] as string);
      if (value !== undefined) record[this.#fields[i] as string] = value;
    }
    return record;
  }

  #value(type: string, text: string): Value | undefined {
    if (text === this.#unset) return undefined;
    const inner = /^(?:set|vector|table)\[(.*)\]$/.exec(type)?.[1];
    if (inner === undefined) return text === this.#empty ? "" : scalar(type, text);
    return text === this.#empty ? [] : text.split(this.#setSeparator).map((item) => scalar(inner, item));
  }
}

function scalar(type: string, text: string): string | number | boolean {
  if (INTEGERS.has(type) || NUMBERS.has(type)) {
    const value = Number(text);
    return text === "" || Number.isNaN(value) ? text : value;
  }
  if (type === "bool") return text === "T";
  return unescaped(text);
}

/** Zeek writes bytes that would be misread as `\x09`: pieces of UTF-8 too. */
function unescaped(text: string): string {
  if (!text.includes("\\x")) return text;
  const bytes: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(/\\x([0-9a-fA-F]{2})/g)) {
    bytes.push(Buffer.from(text.slice(at, match.index)), Buffer.from([Number.parseInt(match[1] as string, 16)]));
    at = match.index + match[0].length;
  }
  return Buffer.concat([...bytes, Buffer.from(text.slice(at))]).toString("utf8");
}
