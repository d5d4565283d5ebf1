import { GrowingBytes } from "#base/growing-bytes.ts";
import type { RuleTap } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";

/** Bytes of one buffer made of headers that rules see. */
const headerBytesMax = 262_144;

/** A name or value that stands in some bytes. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** A header as rules see it. */
interface RuleHeader {
  /** Name in lower case. */
  readonly key: string;
  /** Spelling of the first one of the name. */
  readonly name: Piece;
  readonly value: Piece;
  /** Further values of the name, in their order. */
  more: Piece[] | undefined;
}

const LINE_END = Uint8Array.of(0x0d, 0x0a);
const COLON = Uint8Array.of(0x3a, 0x20);
const COMMA = Uint8Array.of(0x2c, 0x20);

/** Words that are one header's value. */
const ofRequest: Readonly<Record<string, string>> = {
  "user-agent": "http.user_agent",
  referer: "http.referer",
  accept: "http.accept",
  "accept-encoding": "http.accept_enc",
  "accept-language": "http.accept_lang",
  connection: "http.connection",
  "content-length": "http.content_len",
  "content-type": "http.content_type",
  cookie: "http.cookie",
};
const ofResponse: Readonly<Record<string, string>> = {
  connection: "http.connection",
  "content-length": "http.content_len",
  "content-type": "http.content_type",
  location: "http.location",
  server: "http.server",
  "set-cookie": "http.cookie",
};

/** Gives the headers of one message to rules, for HTTP/1 and HTTP/2. */
export class RuleHeaders {
  readonly #rules: RuleTap;
  readonly #side: Side;
  readonly #txId: number;
  readonly #isRequest: boolean;
  readonly #headers: RuleHeader[] = [];
  #scratch: GrowingBytes | undefined = undefined;

  constructor(rules: RuleTap, side: Side, txId: number, isRequest: boolean) {
    this.#rules = rules;
    this.#side = side;
    this.#txId = txId;
    this.#isRequest = isRequest;
  }

  /** Adds the header whose name and value are pieces of some bytes, which are read until `give`. */
  add(key: string, name: Piece, value: Piece): void {
    for (const header of this.#headers) {
      if (header.key !== key) continue;
      if (header.more === undefined) header.more = [value];
      else header.more.push(value);
      return;
    }
    this.#headers.push({ key, name, value, more: undefined });
  }

  /** `startLine` is the first line, `undefined` where there is none as such. */
  give(startLine: Piece | undefined): void {
    const words = this.#isRequest ? ofRequest : ofResponse;
    for (const header of this.#headers) {
      const word = words[header.key];
      if (word === undefined || !this.#rules.wants(word)) continue;
      const { bytes, from, to } = header.value;
      if (header.more === undefined) this.#rules.value(word, this.#side, this.#txId, bytes, from, to);
      else this.#made(word, (into) => addValue(into, header));
    }
    const each = this.#isRequest ? "http.request_header" : "http.response_header";
    if (this.#rules.wants(each)) for (const header of this.#headers) this.#made(each, (into) => addHeader(into, header));
    const cookie = this.#isRequest ? "cookie" : "set-cookie";
    this.#wanted("http.header", (into) => {
      for (const header of this.#headers) if (header.key !== cookie) addLine(into, header);
    });
    this.#wanted("http.header_names", (into) => {
      if (this.#headers.length === 0) return;
      into.add(LINE_END, 0, 2);
      for (const { name } of this.#headers) {
        put(into, name);
        into.add(LINE_END, 0, 2);
      }
      into.add(LINE_END, 0, 2);
    });
    if (startLine === undefined) return;
    this.#wanted("http.start", (into) => {
      put(into, startLine);
      into.add(LINE_END, 0, 2);
      for (const header of this.#headers) addLine(into, header);
      into.add(LINE_END, 0, 2);
    });
  }

  /** All headers as they would have been sent, where there are no lines. */
  giveRaw(): void {
    this.#wanted("http.header.raw", (into) => {
      for (const header of this.#headers) addLine(into, header);
    });
  }

  #wanted(word: string, make: (into: GrowingBytes) => void): void {
    if (this.#rules.wants(word)) this.#made(word, make);
  }

  #made(word: string, make: (into: GrowingBytes) => void): void {
    const into = this.#opened();
    make(into);
    // A message without headers has no buffer of them; a header may well be empty.
    if (into.length > 0 || (this.#isRequest ? ofRequest : ofResponse)[word] !== undefined)
      this.#rules.value(word, this.#side, this.#txId, into.bytes, 0, into.length);
  }

  /** Empty, and mostly large enough for all headers. */
  #opened(): GrowingBytes {
    if (this.#scratch === undefined) {
      let bytes = 8;
      for (const { name, value } of this.#headers) bytes += name.to - name.from + value.to - value.from + 4;
      this.#scratch = new GrowingBytes(headerBytesMax, bytes);
    }
    this.#scratch.clear();
    return this.#scratch;
  }
}

const put = (into: GrowingBytes, { bytes, from, to }: Piece): void => into.add(bytes, from, to);

function addValue(into: GrowingBytes, { value, more }: RuleHeader): void {
  put(into, value);
  if (more === undefined) return;
  for (const next of more) {
    into.add(COMMA, 0, 2);
    put(into, next);
  }
}

function addHeader(into: GrowingBytes, header: RuleHeader): void {
  put(into, header.name);
  into.add(COLON, 0, 2);
  addValue(into, header);
}

function addLine(into: GrowingBytes, header: RuleHeader): void {
  addHeader(into, header);
  into.add(LINE_END, 0, 2);
}
