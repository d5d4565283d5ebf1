import type { Effect, Suppression, Threshold } from "#engine/rules/effect.ts";
import type { BufferTests, ByteTest, Content, FlowTest, PacketTest, Transform, WordTest } from "#engine/rules/signature.ts";
import type { DraftHeader, HeaderParser } from "./header.ts";
import { refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import type { WordFacts, WordIndex } from "./word-facts.ts";

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Tests of a buffer that are being collected. */
export interface DraftBuffer {
  readonly name: string;
  /** Where the rule names it. */
  readonly at: number;
  readonly word: WordFacts | undefined;
  readonly transforms: readonly Transform[];
  /** The transforms as they were written: buffers with the same name and key are one. */
  readonly key: string;
  readonly tests: ByteTest[];
  absent: BufferTests["absent"];
  readonly base64: BufferTests["base64"];
  side: BufferTests["side"];
}

/** A list of values in a file that a rule asks for. The caller reads it; paths are as the rule has them. */
export interface DatasetDemand {
  readonly name: string;
  readonly type: "string" | "md5" | "sha1" | "sha256" | "ip" | "ipv4";
  /** True when each value has a number: `datarep`. */
  readonly hasReputation: boolean;
  readonly load: string | undefined;
  readonly save: string | undefined;
  /** `json`, `ndjson`; `csv` or absent: a value a line. */
  readonly format?: string;
  /** Member of the object that holds the value, for the JSON formats. */
  readonly valueKey?: string | undefined;
  /** A value stands for the names below it too. */
  readonly subdomains?: boolean;
  /** Rule file that asks. */
  readonly file: string;
}

/** What all rules of one load share. */
export interface Surroundings {
  readonly words: WordIndex;
  readonly headers: HeaderParser;
  /** Name and priority by classtype. */
  readonly classes: ReadonlyMap<string, { readonly name: string; readonly priority: number }>;
  readonly references: ReadonlySet<string>;
  readonly datasets: Map<string, DatasetDemand>;
  readonly extracts: boolean;
  /** Names of the categories of reputed addresses; `undefined` when no lists are configured. */
  readonly reputations: ReadonlySet<string> | undefined;
  /** True when countries of addresses are known. */
  readonly knowsCountries: boolean;
  /** True when rules may have this option. */
  knowsOption(name: string): boolean;
  warn(draft: Draft, at: number, cause: string, mend: string): void;
}

/** The payload's name among buffers. */
export const PAYLOAD = "payload";

/** A rule that is being understood: options put into it what they say, `finish.ts` checks it as a whole. */
export class Draft {
  readonly around: Surroundings;
  readonly header: DraftHeader;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  gid = 1;
  sid = 0;
  rev = 0;
  message = "";
  classtype: string | undefined;
  priority: number | undefined;
  target: "src_ip" | "dest_ip" | undefined;
  noalert = false;
  readonly references: { system: string; id: string }[] = [];
  /** Without a prototype: keys come from rule files. */
  readonly metadata: Record<string, string[]> = Object.create(null);
  readonly packetTests: PacketTest[] = [];
  readonly flowTests: FlowTest[] = [];
  readonly wordTests: WordTest[] = [];
  readonly buffers: DraftBuffer[] = [];
  readonly effects: Effect[] = [];
  readonly thresholds: Threshold[] = [];
  readonly suppressions: Suppression[] = [];
  /** Words used so far, and where: they decide what the rule is about. */
  readonly used: { readonly word: WordFacts; readonly at: number; readonly side: WordFacts["side"] }[] = [];
  /** Names that `byte_extract` and `byte_math` have set so far. */
  readonly variables = new Set<string>();
  /** The content that modifiers behind it are about. */
  content: Mutable<Content> | undefined;
  /** It has an `offset` or `startswith`; 0 is also what stands there without. */
  placed = false;
  /** It has a `distance`. */
  distant = false;
  /** The content that filters is looked at by the filter alone: it can have no place. */
  filterOnly = false;
  /** The buffer that holds it. */
  contentBuffer: DraftBuffer | undefined;
  /** The buffer of the last test: where relative tests go on when no buffer is named. */
  #last: DraftBuffer | undefined;
  /** What `base64_decode` said, for `base64_data`. */
  base64: BufferTests["base64"];
  #current: DraftBuffer | undefined;

  constructor(around: Surroundings, header: DraftHeader, file: string, line: number, text: string) {
    this.around = around;
    this.header = header;
    this.file = file;
    this.line = line;
    this.text = text;
  }

  /** The buffer that contents are for; the payload when the rule has named none. */
  get buffer(): DraftBuffer {
    this.#current ??= this.#begin(PAYLOAD, undefined, this.text.length);
    return this.#current;
  }

  /** The named buffer that is being looked at; `undefined` for the payload. */
  get named(): DraftBuffer | undefined {
    return this.#current === undefined || this.#current.name === PAYLOAD ? undefined : this.#current;
  }

  /** Adds a test of the buffer that is being looked at; a relative one stays with the match that it counts from. */
  add(test: ByteTest, relative = false): void {
    const buffer = relative ? this.related : this.buffer;
    buffer.tests.push(test);
    this.#last = buffer;
  }

  /** The buffer that a relative test is about. */
  get related(): DraftBuffer {
    return this.named ?? this.#last ?? this.buffer;
  }

  /** Contents from here on are for this buffer. */
  select(name: string, word: WordFacts | undefined, at: number, base64?: BufferTests["base64"]): DraftBuffer {
    this.#current = this.#begin(name, word, at, [], "", base64);
    this.content = undefined;
    return this.#current;
  }

  /** A transform of the buffer that is being looked at. Behind contents it begins to look anew, at what comes out. */
  transform(option: Option, transform: Transform): void {
    const before = this.#current;
    if (before === undefined || before.name === PAYLOAD)
      refuse(option.at, `${option.name} has no buffer to work on`, "name a buffer before it, like http.uri;");
    if (before.tests.length === 0) this.buffers.splice(this.buffers.indexOf(before), 1);
    const key = `${before.key}${option.name}:${option.value ?? ""};`;
    this.#current = this.#begin(before.name, before.word, before.at, [...before.transforms, transform], key, before.base64);
    this.#current.side = before.side;
    this.content = undefined;
  }

  /** Moves the last content into a buffer that a modifier behind it names. */
  move(word: WordFacts, option: Option): void {
    this.use(word, option.at);
    const content = this.content;
    const from = this.contentBuffer;
    if (content === undefined || from === undefined)
      refuse(option.at, `${option.name} has no content before it`, `write content:"…"; ${option.name};`);
    if (from.name !== PAYLOAD)
      refuse(option.at, `${option.name} stands behind a content of ${from.name}`, `use ${word.name}; before the content`);
    from.tests.splice(from.tests.lastIndexOf(content), 1);
    const known = this.buffers.find((buffer) => buffer.name === word.name && buffer.key === "");
    const to = known ?? this.#begin(word.name, word, option.at);
    to.tests.push(content);
    this.contentBuffer = to;
    this.#last = to;
  }

  /** A test of a buffer beside the one that is being looked at. */
  testOf(name: string, word: WordFacts | undefined, at: number, test: ByteTest): void {
    const buffer = this.buffers.find((one) => one.name === name && one.key === "") ?? this.#begin(name, word, at);
    buffer.tests.push(test);
    this.#last = buffer;
  }

  use(word: WordFacts, at: number, side: WordFacts["side"] = word.side): void {
    this.used.push({ word, at, side });
  }

  #begin(
    name: string,
    word: WordFacts | undefined,
    at: number,
    transforms: readonly Transform[] = [],
    key = "",
    base64?: BufferTests["base64"],
  ): DraftBuffer {
    const buffer: DraftBuffer = { name, at, word, transforms, key, tests: [], absent: undefined, base64, side: undefined };
    this.buffers.push(buffer);
    return buffer;
  }
}

/** What an option does to the rule. */
export type Handler = (draft: Draft, option: Option) => void;
export type Handlers = Readonly<Record<string, Handler>>;
