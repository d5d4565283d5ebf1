import { type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { giveCall } from "#protocols/dcerpc/call-values.ts";
import { type Call, callFacts, callFields } from "#protocols/dcerpc/conversation.ts";
import { type Exchange, type OpenFile, type Pending, Transfer, type Tree } from "./file-state.ts";
import { type Status, SUCCESS } from "./names.ts";
import { Pipe } from "./pipe.ts";

/** Shares of a connection that are remembered. */
const treesMax = 128;
/** Files of a connection that are remembered; the oldest is told as if it had been left open. */
const filesMax = 256;
/** Requests whose answers are waited for; the oldest is told without one. */
const pendingMax = 512;

/** What a message says of itself. */
export interface Head {
  readonly side: Side;
  readonly session: number;
  readonly tree: number;
  readonly command: string;
  readonly status: Status | undefined;
}

/** Bytes of a file that follow the part of a long message that was read. */
export interface Rest {
  readonly transfer: Transfer;
  readonly bytes: number;
}

/** What the two SMB versions of a connection share: dialect, shares, files, requests without an answer. */
export class Connection {
  dialect = "unknown";
  readonly context: ParserContext;
  readonly #trees = new Map<number, Tree>();
  readonly #files = new Map<string, OpenFile>();
  readonly #pending = new Map<string, Pending>();
  #transactions = 0;
  /** Bytes of a file behind the part of a long message that was read: they belong to this transfer. */
  #rest: Rest | undefined = undefined;
  /** The message at hand. */
  #head: Head = { side: Side.toServer, session: 0, tree: 0, command: "", status: undefined };
  readonly #calls = new Map<number, Exchange>();

  constructor(context: ParserContext) {
    this.context = context;
  }

  /** Tells which message the calls of pipes belong to. */
  enter(head: Head): void {
    this.#head = head;
  }

  begin(head: Head, fields: Transaction = {}): Exchange {
    return { txId: this.#transactions++, command: head.command, session: head.session, tree: head.tree, fields };
  }

  wait(key: string, pending: Pending): void {
    const replaced = this.#pending.has(key) || this.#pending.size < pendingMax ? key : (this.#pending.keys().next().value as string);
    const before = this.answered(replaced);
    if (before?.exchange !== undefined) this.tell(before.exchange, Side.toServer, undefined);
    this.#pending.set(key, pending);
  }

  /** The request that an answer belongs to; it waits no longer. */
  answered(key: string): Pending | undefined {
    const pending = this.#pending.get(key);
    this.#pending.delete(key);
    return pending;
  }

  tell(exchange: Exchange, side: Side, status: Status | undefined): void {
    this.context.emit("smb", side, exchange.txId, this.#fields(exchange, status));
  }

  #fields(exchange: Exchange, status: Status | undefined): Transaction {
    const fields: Transaction = { id: exchange.txId + 1, dialect: this.dialect, command: exchange.command };
    if (status !== undefined) {
      fields["status"] = status.name;
      fields["status_code"] = status.code;
    }
    fields["session_id"] = exchange.session;
    fields["tree_id"] = exchange.tree;
    return Object.assign(fields, exchange.fields);
  }

  connect(id: number, tree: Tree): void {
    if (this.#trees.size >= treesMax) this.#trees.delete(this.#trees.keys().next().value as number);
    this.#trees.set(id, tree);
  }

  disconnect(id: number): void {
    this.#trees.delete(id);
  }

  tree(id: number): Tree | undefined {
    return this.#trees.get(id);
  }

  /** A file is open; a pipe when its share is one. */
  open(id: string, name: string, tree: Tree | undefined, size: number | undefined, isPipe: boolean): OpenFile {
    const before = this.#files.get(id) ?? (this.#files.size >= filesMax ? this.#files.values().next().value : undefined);
    if (before !== undefined) this.#shut(before, false);
    const pipe = isPipe ? this.#pipe() : undefined;
    const file: OpenFile = { id, name, tree, size, pipe, read: undefined, written: undefined };
    this.#files.set(id, file);
    return file;
  }

  file(id: string): OpenFile | undefined {
    return this.#files.get(id);
  }

  /** The client closes a file. */
  close(id: string): void {
    const file = this.#files.get(id);
    if (file !== undefined) this.#shut(file, true);
  }

  #shut(file: OpenFile, closed: boolean): void {
    this.#files.delete(file.id);
    file.pipe?.end();
    for (const [transfer, side, size] of [
      [file.read, Side.toClient, file.size],
      [file.written, Side.toServer, undefined],
    ] as const) {
      if (transfer === undefined) continue;
      transfer.close(closed, size);
      this.tell(transfer.exchange, side, SUCCESS);
    }
  }

  /** Bytes of a file or pipe. `length` may be more than what is there: the rest follows in a long message. */
  carry(file: OpenFile, side: Side, offset: number, bytes: Uint8Array, from: number, end: number, length: number): void {
    const to = Math.min(end, from + length);
    if (file.pipe !== undefined) {
      if (to - from === length) file.pipe.data(side, bytes, from, to);
      else file.pipe.gap(side);
      return;
    }
    if (length === 0) return;
    const transfer = this.#transfer(file, side, offset);
    transfer.piece(offset);
    transfer.data(bytes, from, Math.max(from, to));
    if (to < from + length) this.#rest = { transfer, bytes: from + length - Math.max(from, to) };
  }

  /** What of a file follows the message that was read, once. */
  takeRest(): Rest | undefined {
    const rest = this.#rest;
    this.#rest = undefined;
    return rest;
  }

  #transfer(file: OpenFile, side: Side, offset: number): Transfer {
    const known = side === Side.toClient ? file.read : file.written;
    if (known !== undefined) return known;
    const fields = { filename: file.name, share: file.tree?.name ?? "", fuid: file.id };
    const exchange = this.begin(this.#head, fields);
    const sink = this.context.file(side, exchange.txId, {
      name: file.name,
      ...(file.size !== undefined && side === Side.toClient ? { size: file.size } : {}),
      ...(offset > 0 ? { start: offset } : {}),
      beside: () => ({ smb: this.#fields(exchange, SUCCESS) }),
    });
    const transfer = new Transfer(exchange, sink, offset);
    if (side === Side.toClient) file.read = transfer;
    else file.written = transfer;
    return transfer;
  }

  #pipe(): Pipe {
    return new Pipe({
      rules: this.context.rules,
      begin: () => {
        const exchange = this.begin(this.#head);
        this.#calls.set(exchange.txId, exchange);
        return exchange.txId;
      },
      asked: (call) => this.#askedCall(call),
      tell: (call, answered) => this.#tellCall(call, answered),
    });
  }

  #askedCall(call: Call): void {
    const exchange = this.#calls.get(call.txId);
    const { rules } = this.context;
    if (exchange === undefined || rules === undefined) return;
    giveCall(rules, callFacts(call, exchange.txId), [Side.toServer]);
    rules.judge(Side.toServer, exchange.txId, () => ({ smb: { ...this.#fields(exchange, SUCCESS), dcerpc: callFields(call, true) } }));
  }

  #tellCall(call: Call, answered: boolean): void {
    const exchange = this.#calls.get(call.txId);
    if (exchange === undefined) return;
    this.#calls.delete(call.txId);
    exchange.fields["dcerpc"] = callFields(call, true);
    giveCall(this.context.rules, callFacts(call, exchange.txId), call.isAsked ? [Side.toClient] : undefined);
    this.tell(exchange, answered ? this.#head.side : Side.toServer, answered ? this.#head.status : undefined);
  }

  /** The flow is over. */
  end(): void {
    for (const file of Array.from(this.#files.values())) this.#shut(file, false);
    for (const { exchange } of this.#pending.values()) if (exchange !== undefined) this.tell(exchange, Side.toServer, undefined);
    this.#pending.clear();
  }
}
