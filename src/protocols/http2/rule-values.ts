import type { RuleTap } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";
import { giveText, utf8Bytes } from "#contract/rule-values.ts";
import { type Piece, RuleHeaders } from "#protocols/http1/rule-headers.ts";
import { normalTarget } from "#protocols/http1/rule-uri.ts";
import { splitHost } from "#protocols/http1/values.ts";

/** Gives what one message of a stream says in its headers to rules, with the words of HTTP/1. */
export class RuleMessage {
  readonly #rules: RuleTap;
  readonly #side: Side;
  readonly #txId: number;
  readonly #isRequest: boolean;
  readonly #headers: RuleHeaders;
  /** First value of each name. */
  readonly #values = new Map<string, string>();

  constructor(rules: RuleTap, side: Side, txId: number, isRequest: boolean) {
    this.#rules = rules;
    this.#side = side;
    this.#txId = txId;
    this.#isRequest = isRequest;
    this.#headers = new RuleHeaders(rules, side, txId, isRequest);
  }

  field(name: string, value: string): void {
    if (!this.#values.has(name)) this.#values.set(name, value);
    this.#headers.add(name, pieceOf(name), pieceOf(value));
  }

  /** The head is complete. */
  give(): void {
    if (this.#isRequest) this.#request();
    else this.#response();
    this.#text("http.protocol", "HTTP/2");
    this.#headers.give(undefined);
    this.#headers.giveRaw();
  }

  #request(): void {
    const method = this.#values.get(":method") ?? "";
    const path = this.#values.get(":path") ?? "";
    const authority = this.#values.get(":authority") ?? this.#values.get("host");
    this.#text("http.method", method);
    this.#text("http.uri.raw", path);
    this.#text("http.request_line", `${method} ${path} HTTP/2`);
    if (this.#rules.wants("http.uri")) {
      const bytes = utf8Bytes(path);
      const target = normalTarget(bytes, 0, bytes.length);
      this.#rules.value("http.uri", this.#side, this.#txId, target, 0, target.length);
    }
    if (authority === undefined) return;
    this.#text("http.host", splitHost(authority).host.toLowerCase());
    this.#text("http.host.raw", authority);
  }

  #response(): void {
    const status = this.#values.get(":status") ?? "";
    this.#text("http.stat_code", status);
    this.#text("http.response_line", `HTTP/2 ${status}`);
  }

  #text(word: string, text: string): void {
    giveText(this.#rules, word, this.#side, this.#txId, text);
  }
}

function pieceOf(text: string): Piece {
  const bytes = utf8Bytes(text);
  return { bytes, from: 0, to: bytes.length };
}
