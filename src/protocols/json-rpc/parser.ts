import type { ByteView } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FINISHED, otherSide, type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { DocumentCutter } from "./documents.ts";

/** Calls that wait for their answer; beyond it the oldest is told without one. */
export const pendingMax = 256;
/** Messages of one batch that are read. */
export const batchMax = 256;
/** Characters of a method or name, of an identity, of an error's text. */
const methodCharactersMax = 256;
const idCharactersMax = 128;
const errorCharactersMax = 512;

interface Call {
  readonly side: Side;
  readonly txId: number;
  readonly time: number;
  readonly fields: Transaction;
}

type Json = { readonly [name: string]: unknown };

/** Reads JSON-RPC 1.0 and 2.0 of both sides, either of which may call, and pairs calls with answers. */
export class JsonRpcParser implements Parser {
  readonly #context: ParserContext;
  readonly #cutters: readonly [DocumentCutter, DocumentCutter] = [new DocumentCutter(), new DocumentCutter()];
  readonly #pending = new Map<string, Call>();
  #count = 0;
  /** No document was anything else so far. */
  #sure = false;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, { bytes, at: start, end }: ByteView): number {
    let at = start;
    while (at < end) {
      const step = this.#cutters[side].step(bytes, at, end);
      if (step.what === "foreign") return FINISHED;
      if (step.what === "document" && step.whole && !this.#document(side, bytes, at, step.next)) return FINISHED;
      if (step.next === at) break;
      at = step.next;
    }
    return at - start;
  }

  gap(side: Side): boolean {
    this.#cutters[side].lose();
    return true;
  }

  end(): void {
    for (const call of this.#pending.values()) this.#unanswered(call);
    this.#pending.clear();
  }

  /** False when it is no JSON-RPC and none came before it. */
  #document(side: Side, bytes: Uint8Array, from: number, to: number): boolean {
    const value = parsed(looseText(bytes, from, to));
    const messages = Array.isArray(value) ? value.slice(0, batchMax) : [value];
    const batch = Array.isArray(value) ? value.length : undefined;
    for (const message of messages)
      if (isMessage(message)) {
        this.#sure = true;
        this.#message(side, message, batch);
      }
    return this.#sure;
  }

  #message(side: Side, message: Json, batch: number | undefined): void {
    const { jsonrpc, method, id } = message;
    const answers = method === undefined;
    const fields: Transaction = typeof jsonrpc === "string" ? { version: jsonrpc.slice(0, 8) } : {};
    const identity = id === undefined || id === null ? undefined : JSON.stringify(id).slice(0, idCharactersMax);
    if (answers) {
      this.#answer(side, message, identity, fields);
      return;
    }
    fields["type"] = identity === undefined ? "notification" : "call";
    fields["caller"] = side === Side.toServer ? "client" : "server";
    fields["method"] = (typeof method === "string" ? method : JSON.stringify(method)).slice(0, methodCharactersMax);
    if (identity !== undefined) fields["id"] = identity;
    const name = nameOf(message["params"]);
    if (name !== undefined) fields["name"] = name.slice(0, methodCharactersMax);
    if (message["params"] !== undefined) fields["params_bytes"] = JSON.stringify(message["params"]).length;
    if (batch !== undefined) fields["batch"] = batch;
    const txId = this.#count++;
    if (identity === undefined) this.#context.emit("json_rpc", side, txId, fields);
    else this.#await(`${side}${identity}`, { side, txId, time: this.#context.time, fields });
  }

  #await(key: string, call: Call): void {
    const earlier = this.#pending.get(key);
    if (earlier !== undefined) this.#unanswered(earlier);
    // The newest stand at the end, a repeated identity too.
    this.#pending.delete(key);
    if (this.#pending.size >= pendingMax)
      for (const [oldest, waiting] of this.#pending) {
        this.#unanswered(waiting);
        this.#pending.delete(oldest);
        break;
      }
    this.#pending.set(key, call);
  }

  #answer(side: Side, message: Json, identity: string | undefined, own: Transaction): void {
    const caller = otherSide(side);
    const key = `${caller}${identity ?? ""}`;
    const call = this.#pending.get(key);
    this.#pending.delete(key);
    const fields = call?.fields ?? { ...own, type: "answer", caller: caller === Side.toServer ? "client" : "server" };
    if (call === undefined && identity !== undefined) fields["id"] = identity;
    const { error, result } = message;
    if (error !== undefined && error !== null) {
      const { code, message: why } = error as Json;
      if (Number.isSafeInteger(code)) fields["error_code"] = code;
      fields["error_message"] = (typeof why === "string" ? why : JSON.stringify(error)).slice(0, errorCharactersMax);
    } else if (result !== undefined) fields["result_bytes"] = JSON.stringify(result).length;
    if (call !== undefined) fields["duration"] = Math.max(0, this.#context.time - call.time);
    this.#context.emit("json_rpc", caller, call?.txId ?? this.#count++, fields);
  }

  #unanswered({ side, txId, fields }: Call): void {
    fields["answered"] = false;
    this.#context.emit("json_rpc", side, txId, fields);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A call has a method, an answer a result or an error; version 1 has always an identity. */
function isMessage(value: unknown): value is Json {
  if (typeof value !== "object" || value === null) return false;
  const { jsonrpc, method, id, params, result, error } = value as Json;
  if (method !== undefined && typeof method !== "string") return false;
  if (jsonrpc !== undefined) return typeof jsonrpc === "string" && (method !== undefined || result !== undefined || error !== undefined);
  if (id === undefined) return false;
  return method === undefined ? result !== undefined && error !== undefined : Array.isArray(params);
}

function nameOf(params: unknown): string | undefined {
  if (typeof params !== "object" || params === null) return undefined;
  const { name, uri } = params as Json;
  return typeof name === "string" ? name : typeof uri === "string" ? uri : undefined;
}
