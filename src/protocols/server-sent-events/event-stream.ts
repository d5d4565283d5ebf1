import { looseText } from "#base/loose-text.ts";
import type { ParserContext, Side } from "#contract/parser.ts";

/** Bytes of one event's data that are passed on; longer events are counted only. */
export const eventBytesMax = 262_144;
/** Bytes of a line other than data that are read. */
export const lineBytesMax = 4096;
/** Types that are told, and characters of a type or an identity. */
export const typesMax = 16;
export const textCharactersMax = 256;

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;

/** Takes the data of one event, with a line feed behind each line but the last; read during the call. */
export type DataTaker = (bytes: Uint8Array, from: number, to: number) => void;

/**
 * Reads the body of a `text/event-stream` response: lines `field: value`, an empty line after each event. It opens no
 * connection of its own; whoever reads the response feeds it.
 */
export class EventStream {
  readonly #context: ParserContext;
  readonly #side: Side;
  readonly #txId: number;
  readonly #url: string | undefined;
  readonly #take: DataTaker;
  readonly #began: number;
  #line = new Uint8Array(256);
  #lineLength = 0;
  /** True while a line that is too long goes by. */
  #skipping = false;
  #afterReturn = false;
  #data = new Uint8Array(0);
  #dataLength = 0;
  #dataLines = 0;
  #type: string | undefined = undefined;
  #events = 0;
  #comments = 0;
  #dataBytes = 0;
  #longest = 0;
  readonly #types: string[] = [];
  #lastId: string | undefined = undefined;
  #retry: number | undefined = undefined;
  #last: number;
  #gaps = false;

  constructor(context: ParserContext, side: Side, txId: number, url: string | undefined, take: DataTaker) {
    this.#context = context;
    this.#side = side;
    this.#txId = txId;
    this.#url = url;
    this.#take = take;
    this.#began = context.time;
    this.#last = context.time;
  }

  data(bytes: Uint8Array, from: number, to: number): void {
    this.#last = this.#context.time;
    let at = from;
    if (this.#afterReturn && at < to) {
      this.#afterReturn = false;
      if (bytes[at] === LF) at++;
    }
    while (at < to) {
      let stop = at;
      while (stop < to && bytes[stop] !== LF && bytes[stop] !== CR) stop++;
      this.#keep(bytes, at, stop);
      if (stop === to) return;
      this.#endLine();
      at = stop + 1;
      if (bytes[stop] === CR) {
        if (at === to) this.#afterReturn = true;
        else if (bytes[at] === LF) at++;
      }
    }
  }

  /** Bytes are missing: the event in which they lie is lost. */
  gap(): void {
    this.#gaps = true;
    this.#lineLength = 0;
    this.#skipping = true;
    this.#dataLength = 0;
    this.#dataLines = 0;
  }

  end(complete: boolean): void {
    this.#context.emit("sse", this.#side, this.#txId, {
      ...(this.#url === undefined ? {} : { url: this.#url }),
      events: this.#events,
      ...(this.#comments > 0 ? { comments: this.#comments } : {}),
      data_bytes: this.#dataBytes,
      longest_event: this.#longest,
      ...(this.#types.length > 0 ? { event_types: this.#types } : {}),
      ...(this.#lastId === undefined ? {} : { last_event_id: this.#lastId }),
      ...(this.#retry === undefined ? {} : { retry: this.#retry }),
      duration: Math.max(0, this.#last - this.#began),
      complete: complete && !this.#gaps,
    });
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.#lineLength + to - from;
    if (this.#skipping || needed === this.#lineLength) return;
    if (needed > eventBytesMax) {
      this.#skipping = true;
      return;
    }
    if (needed > this.#line.length) this.#line = grown(this.#line, this.#lineLength, needed);
    this.#line.set(bytes.subarray(from, to), this.#lineLength);
    this.#lineLength = needed;
  }

  #endLine(): void {
    const length = this.#lineLength;
    const skipped = this.#skipping;
    this.#lineLength = 0;
    this.#skipping = false;
    if (skipped) return;
    if (length === 0) this.#endEvent();
    else if (this.#line[0] === COLON) this.#comments++;
    else this.#field(length);
  }

  #field(length: number): void {
    const line = this.#line;
    let colon = line.indexOf(COLON);
    if (colon < 0 || colon > length) colon = length;
    let value = Math.min(length, colon + 1);
    if (value < length && line[value] === SPACE) value++;
    if (colon === 4 && line[0] === 0x64 && line[1] === 0x61 && line[2] === 0x74 && line[3] === 0x61) {
      this.#addData(value, length);
      return;
    }
    if (length > lineBytesMax) return;
    const name = looseText(line, 0, colon);
    const text = looseText(line, value, length).slice(0, textCharactersMax);
    if (name === "event") this.#type = text;
    else if (name === "id") this.#lastId = text;
    else if (name === "retry" && /^\d{1,9}$/.test(text)) this.#retry = Number(text);
  }

  #addData(from: number, to: number): void {
    const needed = this.#dataLength + to - from + 1;
    this.#dataLines++;
    if (needed > eventBytesMax) return;
    if (needed > this.#data.length) this.#data = grown(this.#data, this.#dataLength, needed);
    if (this.#dataLines > 1) this.#data[this.#dataLength++] = LF;
    this.#data.set(this.#line.subarray(from, to), this.#dataLength);
    this.#dataLength += to - from;
  }

  #endEvent(): void {
    const type = this.#type;
    this.#type = undefined;
    if (this.#dataLines === 0) return;
    const length = this.#dataLength;
    this.#dataLines = 0;
    this.#dataLength = 0;
    this.#events++;
    this.#dataBytes += length;
    if (length > this.#longest) this.#longest = length;
    if (type !== undefined && type !== "" && this.#types.length < typesMax && !this.#types.includes(type)) this.#types.push(type);
    this.#take(this.#data, 0, length);
  }
}

function grown(bytes: Uint8Array<ArrayBuffer>, used: number, needed: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(512, needed * 2));
  more.set(bytes.subarray(0, used));
  return more;
}
