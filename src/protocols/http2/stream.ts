import type { Transaction } from "#contract/parser.ts";
import type { Body } from "#protocols/http1/body.ts";
import { isDnsOverHttps } from "#protocols/http1/exchange.ts";
import { mediaType, splitHost } from "#protocols/http1/values.ts";
import type { HpackTaker } from "./hpack.ts";
import type { RuleMessage } from "./rule-values.ts";

/** Header fields of one side of a stream that are told, and characters of a value. */
export const fieldsToldMax = 128;
export const valueCharactersMax = 4096;

/** Headers whose value is a secret. */
const secrets = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);

/** What one side sent on a stream. */
export class Message implements HpackTaker {
  readonly list: Transaction[] = [];
  /** First value of each name. */
  readonly values = new Map<string, string>();
  head = false;
  ended = false;
  content: Body | undefined = undefined;
  transferred = 0;
  missing = 0;
  priority: number | undefined = undefined;
  errorCode: string | undefined = undefined;
  readonly settings: Transaction[] = [];
  /** Takes the headers for rules, when there are any. */
  seen: RuleMessage | undefined = undefined;
  /** Messages of gRPC: bytes left of the one that goes by, bytes of its prefix that were seen. */
  #grpcLeft = 0;
  #grpcPrefix = 0;
  #grpcLength = 0;
  grpcMessages = 0;

  field(name: string, value: string): void {
    this.seen?.field(name, value);
    if (!this.values.has(name) && this.values.size < fieldsToldMax) this.values.set(name, value);
    if (this.list.length >= fieldsToldMax) return;
    this.list.push(secrets.has(name) ? { name } : { name, value: value.slice(0, valueCharactersMax) });
  }

  tableSize(size: number): void {
    if (this.list.length < fieldsToldMax) this.list.push({ table_size_update: size });
  }

  /** Counts messages of gRPC: a flag, four bytes of length, the message. */
  grpc(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; ) {
      if (this.#grpcLeft > 0) {
        const step = Math.min(this.#grpcLeft, to - at);
        this.#grpcLeft -= step;
        at += step;
        continue;
      }
      if (this.#grpcPrefix > 0) this.#grpcLength = this.#grpcLength * 256 + (bytes[at] as number);
      at++;
      if (++this.#grpcPrefix < 5) continue;
      this.grpcMessages++;
      this.#grpcLeft = this.#grpcLength;
      this.#grpcPrefix = 0;
      this.#grpcLength = 0;
    }
  }
}

/** One stream of a connection: a request and its response. Stream 0 holds what concerns the connection. */
export class Stream {
  readonly number: number;
  readonly txId: number;
  readonly request = new Message();
  readonly response = new Message();
  /** What HTTP/1 asked, when the connection was upgraded from it. */
  asked: Transaction | undefined = undefined;

  constructor(number: number, txId: number) {
    this.number = number;
    this.txId = txId;
  }

  get path(): string | undefined {
    return this.request.values.get(":path") ?? (this.asked?.["url"] as string | undefined);
  }

  get grpc(): boolean {
    return this.request.values.get("content-type")?.startsWith("application/grpc") ?? false;
  }
}

/** The members of the `http` event as Suricata tells HTTP/2, our own behind them. */
export function eventOf(stream: Stream): Transaction {
  const { request, response } = stream;
  const fields = commonFields(stream);
  if (request.transferred > 0) fields["request_length"] = request.transferred;
  const missing = request.missing + response.missing;
  if (missing > 0) fields["missing_bytes"] = missing;
  const type = request.values.get("content-type");
  if (type !== undefined) fields["request_content_type"] = mediaType(type);
  put(fields, "accept", request.values.get("accept"));
  put(fields, "accept_language", request.values.get("accept-language"));
  put(fields, "origin", request.values.get("origin"));
  put(fields, "authorization", /^[!-~]{1,32}(?= )/.exec(request.values.get("authorization") ?? "")?.[0]);
  put(fields, "server", response.values.get("server"));
  put(fields, "content_encoding", response.values.get("content-encoding"));
  if (isDnsOverHttps(stream.path, type, response.values.get("content-type"))) fields["doh"] = true;
  if (stream.grpc) fields["grpc"] = grpcFields(stream);
  return fields;
}

/** What is told beside a file, too. */
export function commonFields(stream: Stream): Transaction {
  const { request, response } = stream;
  const fields: Transaction = { ...stream.asked, version: "2" };
  delete fields["protocol"];
  delete fields["length"];
  if (request.list.length > 0) fields["request_headers"] = [...request.list];
  if (response.list.length > 0) fields["response_headers"] = [...response.list];
  const authority = request.values.get("host") ?? request.values.get(":authority");
  if (authority !== undefined) {
    const { host, port } = splitHost(authority);
    put(fields, "hostname", host);
    if (port !== undefined) fields["http_port"] = port;
  }
  put(fields, "url", stream.path);
  put(fields, "http_user_agent", request.values.get("user-agent"));
  put(fields, "http_refer", request.values.get("referer"));
  put(fields, "xff", request.values.get("x-forwarded-for"));
  put(fields, "http_method", request.values.get(":method"));
  const type = response.values.get("content-type");
  if (type !== undefined) fields["http_content_type"] = mediaType(type);
  const status = response.values.get(":status");
  if (status !== undefined && /^\d{3}$/.test(status)) {
    fields["status"] = Number(status);
    if (status.startsWith("3")) put(fields, "redirect", response.values.get("location"));
  } else delete fields["status"];
  if (response.head || response.transferred > 0) fields["length"] = response.transferred;
  fields["http2"] = { stream_id: stream.number, request: sideOf(request), response: sideOf(response) };
  return fields;
}

function sideOf(message: Message): Transaction {
  const fields: Transaction = {};
  if (message.settings.length > 0) fields["settings"] = message.settings;
  if (message.priority !== undefined) fields["priority"] = message.priority;
  put(fields, "error_code", message.errorCode);
  return fields;
}

function grpcFields({ path, request, response }: Stream): Transaction {
  const [, service, method] = /^\/([^/]*)\/(.*)$/.exec(path ?? "") ?? [];
  const fields: Transaction = {};
  put(fields, "service", service);
  put(fields, "method", method);
  fields["request_messages"] = request.grpcMessages;
  fields["response_messages"] = response.grpcMessages;
  const status = response.values.get("grpc-status");
  if (status !== undefined && /^\d{1,3}$/.test(status)) fields["status"] = Number(status);
  put(fields, "message", response.values.get("grpc-message"));
  return fields;
}

function put(fields: Transaction, name: string, value: string | undefined): void {
  if (value !== undefined && value !== "") fields[name] = value;
}
