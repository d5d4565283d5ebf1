import { GrowingBytes } from "#base/growing-bytes.ts";
import type { RuleTap } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";

/** Bytes of one buffer made of headers that rules see. */
const headerBytesMax = 262_144;

/** A header as rules see it. */
export interface RuleHeader {
  /** Spelling of the first one of the name. */
  readonly name: Uint8Array;
  /** Name in lower case. */
  readonly key: string;
  /** Values of all of the name, in their order. */
  readonly values: Uint8Array[];
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
  readonly #headers = new Map<string, RuleHeader>();
  readonly #scratch = new GrowingBytes(headerBytesMax);

  constructor(rules: RuleTap, side: Side, txId: number, isRequest: boolean) {
    this.#rules = rules;
    this.#side = side;
    this.#txId = txId;
    this.#isRequest = isRequest;
  }

  /** Copies or fresh memory: they are kept until `give`. */
  add(name: Uint8Array, key: string, value: Uint8Array): void {
    const known = this.#headers.get(key);
    if (known === undefined) this.#headers.set(key, { name, key, values: [value] });
    else known.values.push(value);
  }

  /** `startLine` is the first line, `undefined` where there is none as such. */
  give(startLine: Uint8Array | undefined): void {
    const words = this.#isRequest ? ofRequest : ofResponse;
    for (const header of this.#headers.values()) {
      const word = words[header.key];
      if (word !== undefined && this.#rules.wants(word)) this.#made(word, (into) => addValue(into, header));
    }
    const each = this.#isRequest ? "http.request_header" : "http.response_header";
    if (this.#rules.wants(each)) for (const header of this.#headers.values()) this.#made(each, (into) => addHeader(into, header));
    const cookie = this.#isRequest ? "cookie" : "set-cookie";
    this.#wanted("http.header", (into) => {
      for (const header of this.#headers.values()) if (header.key !== cookie) addLine(into, header);
    });
    this.#wanted("http.header_names", (into) => {
      if (this.#headers.size === 0) return;
      put(into, LINE_END);
      for (const { name } of this.#headers.values()) {
        put(into, name);
        put(into, LINE_END);
      }
      put(into, LINE_END);
    });
    if (startLine === undefined) return;
    this.#wanted("http.start", (into) => {
      put(into, startLine);
      put(into, LINE_END);
      for (const header of this.#headers.values()) addLine(into, header);
      put(into, LINE_END);
    });
  }

  /** All headers as they would have been sent, where there are no lines. */
  giveRaw(): void {
    this.#wanted("http.header.raw", (into) => {
      for (const header of this.#headers.values()) addLine(into, header);
    });
  }

  #wanted(word: string, make: (into: GrowingBytes) => void): void {
    if (this.#rules.wants(word)) this.#made(word, make);
  }

  #made(word: string, make: (into: GrowingBytes) => void): void {
    const into = this.#scratch;
    into.clear();
    make(into);
    // A message without headers has no buffer of them; a header may well be empty.
    if (into.length > 0 || (this.#isRequest ? ofRequest : ofResponse)[word] !== undefined)
      this.#rules.value(word, this.#side, this.#txId, into.bytes, 0, into.length);
  }
}

const put = (into: GrowingBytes, bytes: Uint8Array): void => into.add(bytes, 0, bytes.length);

function addValue(into: GrowingBytes, { values }: RuleHeader): void {
  for (const [index, value] of values.entries()) {
    if (index > 0) put(into, COMMA);
    put(into, value);
  }
}

function addHeader(into: GrowingBytes, header: RuleHeader): void {
  put(into, header.name);
  put(into, COLON);
  addValue(into, header);
}

function addLine(into: GrowingBytes, header: RuleHeader): void {
  addHeader(into, header);
  put(into, LINE_END);
}
