import type { Random } from "#base/random.ts";
import { ByteWriter } from "./byte-writer.ts";

export type Fields = readonly (readonly [name: string, value: string])[];

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly userAgent: string;
  readonly fields?: Fields;
  readonly body?: string;
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  207: "Multi-Status",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  500: "Internal Server Error",
}; // prettier-ignore

/** A request of HTTP/1.1 (RFC 9112). */
export function httpRequest(request: Request): Uint8Array {
  const { method, path, host, userAgent, fields = [], body } = request;
  const more: Fields = body === undefined ? [] : [["Content-Length", String(body.length)]];
  const head: Fields = [["Host", host], ["User-Agent", userAgent], ["Accept", "*/*"], ...fields, ...more]; // prettier-ignore
  return message(`${method} ${path} HTTP/1.1`, head, body ?? "");
}

export interface Response {
  readonly status: number;
  readonly type?: string;
  readonly fields?: Fields;
  readonly body?: string;
  /** Sends the body in chunks instead of telling its length. */
  readonly chunked?: boolean;
}

export function httpResponse(response: Response): Uint8Array {
  const { status, type = "text/html; charset=utf-8", fields = [], body = "", chunked = false } = response;
  const length: Fields = status === 304 ? [] : [chunked ? ["Transfer-Encoding", "chunked"] : ["Content-Length", String(body.length)]];
  const kind: Fields = body === "" ? [] : [["Content-Type", type]];
  return message(
    `HTTP/1.1 ${status} ${reasons[status] ?? "Unknown"}`,
    [["Server", "shopd/2.1"], ...kind, ...length, ...fields],
    chunked ? chunksOf(body) : body,
  );
}

function message(first: string, fields: Fields, body: string): Uint8Array {
  const writer = new ByteWriter(body.length + 512).text(`${first}\r\n`);
  for (const [name, value] of fields) writer.text(`${name}: ${value}\r\n`);
  return writer.text("\r\n").text(body).done();
}

function chunksOf(body: string): string {
  const size = 4096;
  let text = "";
  for (let at = 0; at < body.length; at += size) {
    const part = body.slice(at, at + size);
    text += `${part.length.toString(16)}\r\n${part}\r\n`;
  }
  return `${text}0\r\n\r\n`;
}

const words =
  "order table window garden market river paper letter number office carbon silver summer yellow parcel basket bottle candle ticket".split(
    " ",
  );

/** A page of about `length` characters. */
export function pageText(random: Random, title: string, length: number): string {
  let text = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/style.css"></head><body>\n<h1>${title}</h1>\n`;
  while (text.length < length) {
    const line = Array.from({ length: random.between(8, 24) }, () => random.pick(words)).join(" ");
    text += `<p>${line}.</p>\n`;
  }
  return `${text}</body></html>\n`;
}

/** A list of things to buy, as JSON. */
export function itemsText(random: Random, count: number): string {
  const item = (): object => ({
    id: random.between(1, 9_999),
    name: `${random.pick(words)} ${random.pick(words)}`,
    price: random.between(99, 20_000) / 100,
    stock: random.between(0, 80),
  });
  return JSON.stringify({ items: Array.from({ length: count }, item), next: random.between(1, 99) });
}
