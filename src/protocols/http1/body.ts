import { GrowingBytes } from "#base/growing-bytes.ts";
import type { FileFacts, FileSink, InnerStream, ParserContext, Side, Transaction } from "#contract/parser.ts";
import { EventStream } from "#protocols/server-sent-events/event-stream.ts";
import { ContentDecoder, codingsOf } from "./content-coding.ts";
import { dispositionName, targetName } from "./file-name.ts";
import { boundaryOf, indexOf, Multipart } from "./multipart.ts";
import { contentRange } from "./values.ts";

/** Bytes of a JSON document that are kept to be looked at for JSON-RPC. */
export const documentBytesMax = 262_144;

/** Bytes of a content that rules see, and after how many they look for the first time. */
const ruleBytesMax = 102_400;
const ruleBytesFirst = 32_768;

/** Names of the anomalies that a body can have; HTTP/1 and HTTP/2 call them differently. */
export interface BodyAnomalies {
  readonly damaged: string;
  readonly bomb: string;
  readonly codingUnknown: string | undefined;
  readonly tooManyCodings: string | undefined;
}

/** What the headers say of a body. */
export interface BodyHeaders {
  readonly ofRequest: boolean;
  /** Target of the request. */
  readonly target: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentDisposition: string | undefined;
  readonly contentRange: string | undefined;
}

const NEWLINE = Uint8Array.of(0x0a);
const JSON_RPC = Uint8Array.from('"jsonrpc"', (letter) => letter.charCodeAt(0));

/** Word of rules that has the content. */
const wordOf = ({ ofRequest }: BodyHeaders): string => (ofRequest ? "http.request_body" : "http.response_body");

/** What the bodies of one connection share: the conversation of JSON-RPC messages in them. */
export class Bodies {
  readonly context: ParserContext;
  readonly anomalies: BodyAnomalies;
  #rpc: InnerStream | undefined = undefined;

  constructor(context: ParserContext, anomalies: BodyAnomalies) {
    this.context = context;
    this.anomalies = anomalies;
  }

  /** A whole JSON document. */
  document(side: Side, bytes: Uint8Array, from: number, to: number): void {
    if (this.#rpc?.done === true) return;
    const found = indexOf(bytes, JSON_RPC, from);
    if (found < 0 || found >= to) return;
    this.#rpc ??= this.context.inner("json-rpc");
    this.#rpc?.data(side, bytes, from, to);
    this.#rpc?.data(side, NEWLINE, 0, 1);
  }

  end(): void {
    this.#rpc?.end();
  }
}

/** Hands the bytes of one body to whoever wants them: as a file, as the files of a form, as events, as JSON-RPC. */
export class Body {
  readonly #bodies: Bodies;
  readonly #side: Side;
  readonly #txId: number;
  readonly #headers: BodyHeaders;
  readonly #beside: () => { readonly [member: string]: Transaction };
  readonly #decoders: ContentDecoder[] = [];
  #opened = false;
  #broken = false;
  #closed = false;
  #file: FileSink | undefined = undefined;
  #form: Multipart | undefined = undefined;
  #events: EventStream | undefined = undefined;
  #document: Uint8Array | undefined = undefined;
  #documentLength = 0;
  /** The content as far as rules see it, when one looks. */
  readonly #seen: GrowingBytes | undefined;
  /** True once the beginning of a long content was shown to rules. */
  #shown = false;

  constructor(bodies: Bodies, side: Side, txId: number, headers: BodyHeaders, beside: () => { readonly [member: string]: Transaction }) {
    this.#bodies = bodies;
    this.#side = side;
    this.#txId = txId;
    this.#headers = headers;
    this.#beside = beside;
    if (headers.contentEncoding !== undefined) this.#decode(headers.contentEncoding);
    const { rules } = bodies.context;
    this.#seen = rules?.wants(wordOf(headers)) === true ? new GrowingBytes(ruleBytesMax) : undefined;
  }

  /** Bytes as they were transferred, without the framing of chunks. */
  data(bytes: Uint8Array, from: number, to: number): void {
    if (from >= to || this.#closed) return;
    const decoder = this.#decoders[0];
    if (decoder === undefined) this.#content(bytes, from, to);
    else if (!this.#broken) {
      decoder.data(bytes, from, to);
      this.#check();
    }
  }

  /** Bytes that the capture lacks. */
  gap(bytes: number): void {
    if (this.#closed) return;
    this.#open();
    const coded = this.#decoders.length > 0;
    // How much was decoded from the missing bytes is not known, and what follows cannot be decoded.
    if (coded) this.#broken = true;
    this.#file?.gap(coded ? 0 : bytes);
    this.#form?.close();
    this.#events?.gap();
    this.#document = undefined;
  }

  close(complete: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const decoder of this.#decoders) decoder.close();
    const whole = complete && !this.#broken;
    this.#file?.close(whole);
    this.#form?.close();
    this.#events?.end(whole);
    if (this.#document !== undefined && whole) this.#bodies.document(this.#side, this.#document, 0, this.#documentLength);
    this.#document = undefined;
    if (this.#seen !== undefined && !this.#seen.full) this.#show(this.#seen);
  }

  #decode(header: string): void {
    const { names, unknown, tooMany } = codingsOf(header);
    const { anomalies, context } = this.#bodies;
    if (unknown && anomalies.codingUnknown !== undefined) context.anomaly(this.#side, anomalies.codingUnknown);
    if (tooMany && anomalies.tooManyCodings !== undefined) context.anomaly(this.#side, anomalies.tooManyCodings);
    for (let i = 0; i < names.length; i++)
      this.#decoders.push(
        new ContentDecoder(context.platform, names[i] as (typeof names)[number], (bytes, from, to) => {
          const next = this.#decoders[i + 1];
          if (next === undefined) this.#content(bytes, from, to);
          else next.data(bytes, from, to);
          return true;
        }),
      );
  }

  /** Stops when a coding is damaged or gives far too much. */
  #check(): void {
    for (const decoder of this.#decoders) {
      if (decoder.state === "good") continue;
      const { damaged, bomb } = this.#bodies.anomalies;
      this.#bodies.context.anomaly(this.#side, decoder.state === "bomb" ? bomb : damaged);
      if (decoder.passed) decoder.state = "good";
      else {
        this.#broken = true;
        this.#open();
        return;
      }
    }
  }

  #content(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#opened) this.#open();
    this.#file?.data(bytes, from, to);
    this.#form?.data(bytes, from, to);
    this.#events?.data(bytes, from, to);
    if (this.#document !== undefined) this.#keep(bytes, from, to);
    if (this.#seen !== undefined && !this.#seen.full) this.#collect(this.#seen, bytes, from, to);
  }

  /** The first bytes have come: who wants them? */
  #open(): void {
    if (this.#opened) return;
    this.#opened = true;
    const { contentType, target, ofRequest } = this.#headers;
    const boundary = boundaryOf(contentType);
    const { context } = this.#bodies;
    if (boundary !== undefined && ofRequest) {
      this.#form = new Multipart(boundary, (name) =>
        context.file(this.#side, this.#txId, { ...(name === undefined ? {} : { name }), beside: this.#beside }),
      );
      return;
    }
    this.#file = this.#openFile(context);
    if (contentType === undefined) return;
    const type = contentType.slice(0, 64).toLowerCase();
    if (type.startsWith("text/event-stream"))
      this.#events = new EventStream(context, this.#side, this.#txId, target, (data, from, to) =>
        this.#bodies.document(this.#side, data, from, to),
      );
    else if (type.startsWith("application/") && type.includes("json")) this.#document = new Uint8Array(0);
  }

  #openFile(context: ParserContext): FileSink {
    const { contentDisposition, contentRange: raw, target } = this.#headers;
    const name = dispositionName(contentDisposition) ?? (target === undefined || target === "" ? undefined : targetName(target));
    const start = raw === undefined ? undefined : contentRange(raw).start;
    const facts: { name?: string; start?: number; beside: FileFacts["beside"] } = { beside: this.#beside };
    if (name !== undefined) facts.name = name;
    if (start !== undefined) facts.start = start;
    return context.file(this.#side, this.#txId, facts as FileFacts);
  }

  /** Rules look at the beginning of a long content before its end. */
  #collect(seen: GrowingBytes, bytes: Uint8Array, from: number, to: number): void {
    const first = this.#shown ? from : Math.min(to, from + ruleBytesFirst - seen.length);
    seen.add(bytes, from, first);
    if (!this.#shown && seen.length >= ruleBytesFirst) {
      this.#shown = true;
      this.#show(seen);
    }
    if (first === to && !this.#shown) return;
    seen.add(bytes, first, to);
    if (seen.full) this.#show(seen);
  }

  #show({ bytes, length }: GrowingBytes): void {
    const { rules } = this.#bodies.context;
    if (length > 0) rules?.value(wordOf(this.#headers), this.#side, this.#txId, bytes, 0, length);
    rules?.judge(this.#side, this.#txId, this.#beside);
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.#documentLength + to - from;
    let document = this.#document as Uint8Array;
    if (needed > documentBytesMax) {
      this.#document = undefined;
      return;
    }
    if (needed > document.length) {
      document = new Uint8Array(Math.max(512, needed * 2));
      document.set((this.#document as Uint8Array).subarray(0, this.#documentLength));
      this.#document = document;
    }
    document.set(bytes.subarray(from, to), this.#documentLength);
    this.#documentLength = needed;
  }
}
