import { Side, type Transaction } from "#contract/parser.ts";
import type { Connection, Head } from "./connection.ts";
import type { Pending } from "./file-state.ts";
import * as names from "./names.ts";
import { looksLikeCall } from "./pipe.ts";
import { readSecurityBlob } from "./security-blob.ts";
import { narrowText, type Part, renamePair, TextCursor, transactionName } from "./smb1-text.ts";
import { DELETE_ON_CLOSE, DIRECTORY_FILE, idText, ROOT_NAME, UNKNOWN_NAME, unixSeconds, wide } from "./wire.ts";

/** Offsets of the header (MS-CIFS §2.2.3.1). */
const COMMAND = 4;
const STATUS = 5;
const ERROR = 7;
const FLAGS = 9;
const FLAGS_2 = 10;
const TREE = 24;
const PROCESS = 26;
const USER = 28;
const MULTIPLEX = 30;
const HEADER_BYTES = 32;
const REPLY = 0x80;
const NT_STATUS = 0x4000;
const UNICODE = 0x8000;

const Command = {
  close: 0x04,
  rename: 0x07,
  trans: 0x25,
  openAndX: 0x2d,
  readAndX: 0x2e,
  writeAndX: 0x2f,
  trans2: 0x32,
  treeDisconnect: 0x71,
  negotiate: 0x72,
  sessionSetup: 0x73,
  logoff: 0x74,
  treeConnect: 0x75,
  ntCreate: 0xa2,
  ntCancel: 0xa4,
} as const;
/** Commands in front of another one in the same message; the first words say which. */
const CHAINING: readonly number[] = [0x24, 0x2d, 0x2e, 0x2f, 0x73, 0x74, 0x75, 0xa2];
const NO_MORE = 0xff;
/** Commands in one message that are read. */
const chainMax = 8;
/** Dialects of one offer that are told. */
const dialectsMax = 32;
/** Function of a transaction: write to a pipe and read the answer (MS-CIFS §2.2.5.6). */
const TRANSACT_PIPE = 0x26;
const SET_PATH_INFO = 0x06;
const SET_FILE_INFO = 0x08;

export class Smb1Reader {
  readonly #connection: Connection;
  #dialects: readonly string[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A message that stands in `view[from..to)`; of a long one, its beginning. Returns false when it is malformed. */
  message(side: Side, bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    if (to - from < HEADER_BYTES + 3) return false;
    const flags2 = view.getUint16(from + FLAGS_2, true);
    const isAnswer = (view.getUint8(from + FLAGS) & REPLY) !== 0;
    const number = (flags2 & NT_STATUS) !== 0 ? view.getUint32(from + STATUS, true) : undefined;
    const status =
      number === undefined ? names.dosStatus(view.getUint8(from + STATUS), view.getUint16(from + ERROR, true)) : names.ntStatus(number);
    const failed = number === undefined ? view.getUint8(from + STATUS) !== 0 : number >= 0xc000_0000;
    const wideText = (flags2 & UNICODE) !== 0;
    let command = view.getUint8(from + COMMAND);
    let words = from + HEADER_BYTES;
    for (let n = 0; n < chainMax; n++) {
      if (words < from + HEADER_BYTES || words + 3 > to) return n > 0;
      const wordBytes = view.getUint8(words) * 2;
      const data = words + 1 + wordBytes + 2;
      if (data > to) return n > 0;
      const head: Head = {
        side,
        session: view.getUint16(from + USER, true),
        tree: view.getUint16(from + TREE, true),
        command: names.smb1Command(command),
        status: isAnswer ? status : undefined,
      };
      const key = `1 ${view.getUint16(from + PROCESS, true)} ${view.getUint16(from + MULTIPLEX, true)} ${command}`;
      const part: Part = { bytes, view, at: from, words: words + 1, wordBytes, data, end: to, command, key, head, wide: wideText, failed };
      this.#connection.enter(head);
      if (isAnswer) this.#answer(part);
      else this.#request(part);
      if (!CHAINING.includes(command) || wordBytes < 4) return true;
      command = view.getUint8(words + 1);
      const next = from + view.getUint16(words + 3, true);
      if (command === NO_MORE || next <= words) return true;
      words = next;
    }
    return true;
  }

  #request(part: Part): void {
    const { command, head, view, words, wordBytes, data, end, wide: isWide } = part;
    const fields: Transaction = {};
    let file = "";
    let name = "";
    let offset = 0;
    let exchange = true;
    if (command === Command.negotiate) {
      this.#dialects = readDialects(part);
      fields["client_dialects"] = this.#dialects;
    } else if (command === Command.sessionSetup) readSessionSetup(part, fields);
    else if (command === Command.treeConnect && wordBytes >= 8) {
      const cursor = new TextCursor(part, data + view.getUint16(words + 6, true));
      name = cursor.text(isWide);
      fields["service"] = { request: cursor.text(false) };
    } else if (command === Command.ntCreate && wordBytes >= 48) name = readCreate(part, fields);
    else if (command === Command.openAndX) name = new TextCursor(part, data).text(isWide);
    else if (command === Command.rename) renamePair(part, fields);
    else if (command === Command.close && wordBytes >= 2) this.#connection.close(narrowId(view.getUint16(words, true)));
    else if (command === Command.treeDisconnect) this.#connection.disconnect(head.tree);
    else if (command === Command.readAndX && wordBytes >= 20) {
      file = narrowId(view.getUint16(words + 4, true));
      offset = view.getUint32(words + 6, true) + (wordBytes >= 24 ? view.getUint32(words + 20, true) * 4_294_967_296 : 0);
      exchange = false;
    } else if (command === Command.writeAndX && wordBytes >= 24) {
      this.#write(part);
      return;
    } else if (command === Command.trans) {
      file = this.#trans(part);
      if (file === "") return;
      exchange = false;
    } else if (command === Command.trans2) {
      if (!this.#trans2(part, fields)) return;
    } else if (command === Command.readAndX || command === Command.writeAndX || data > end) return;
    const begun = exchange ? this.#connection.begin(head, fields) : undefined;
    // Nobody is logged on yet, whatever the header says.
    if (begun !== undefined && command === Command.negotiate) {
      begun.session = 0;
      begun.tree = 0;
    }
    const key = command === Command.negotiate ? "1 negotiate" : part.key;
    if (command === Command.ntCancel && begun !== undefined) this.#connection.tell(begun, head.side, undefined);
    else this.#connection.wait(key, { exchange: begun, command, file, opener: undefined, name, offset });
  }

  #write({ bytes, view, at, words, wordBytes, data, end, head }: Part): void {
    const length = view.getUint16(words + 20, true) + view.getUint16(words + 18, true) * 65_536;
    const from = at + view.getUint16(words + 22, true);
    const offset = view.getUint32(words + 6, true) + (wordBytes >= 28 ? view.getUint32(words + 24, true) * 4_294_967_296 : 0);
    if (from < data || from > end) return;
    const file = this.#fileOf(view.getUint16(words + 4, true), head.tree, looksLikeCall(view, from, Math.min(end, from + length)));
    this.#connection.carry(file, Side.toServer, offset, bytes, from, end, length);
  }

  /** The file of an identifier; one whose opening is not in the capture is opened now, without a name. */
  #fileOf(number: number, treeId: number, looksLikePipe: boolean) {
    const id = narrowId(number);
    const known = this.#connection.file(id);
    if (known !== undefined) return known;
    const tree = this.#connection.tree(treeId);
    return this.#connection.open(id, UNKNOWN_NAME, tree, undefined, tree?.pipe ?? looksLikePipe);
  }

  /** A transaction on a pipe: returns the pipe's identifier, or nothing when it is another one. */
  #trans({ bytes, view, at, words, wordBytes, data, end, head }: Part): string {
    if (wordBytes < 32 || view.getUint16(words + 28, true) !== TRANSACT_PIPE) return "";
    const number = view.getUint16(words + 30, true);
    const length = view.getUint16(words + 22, true);
    const from = at + view.getUint16(words + 24, true);
    if (from < data || from + length > end) return "";
    const file = this.#fileOf(number, head.tree, true);
    this.#connection.carry(file, Side.toServer, 0, bytes, from, end, length);
    return narrowId(number);
  }

  /** Fills in what is told of a rename or of a deletion; false for all else. */
  #trans2(part: Part, fields: Transaction): boolean {
    const { view, at, words, wordBytes, end } = part;
    if (wordBytes < 30) return false;
    const kind = view.getUint16(words + 28, true);
    const parameters = at + view.getUint16(words + 20, true);
    const from = at + view.getUint16(words + 24, true);
    if ((kind !== SET_PATH_INFO && kind !== SET_FILE_INFO) || parameters < words || parameters + 6 > end || from >= end) return false;
    const byPath = kind === SET_PATH_INFO;
    const level = view.getUint16(byPath ? parameters : parameters + 2, true);
    const id = narrowId(view.getUint16(parameters, true));
    const name = byPath ? transactionName(part, parameters + 6) : (this.#connection.file(id)?.name ?? "");
    // SMB_SET_FILE_DISPOSITION_INFO, and the same two of Windows NT behind 1000 (MS-SMB §2.2.2.3.5).
    if (level === 0x102 || level === 1013) {
      fields["filename"] = name;
      fields["access"] = view.getUint8(from) !== 0 ? "delete on close" : "normal";
    } else if (level === 1010 && from + 12 <= end)
      fields["rename"] = { from: name, to: narrowText(part, from + 12, view.getUint32(from + 8, true)) };
    else return false;
    if (!byPath) fields["fuid"] = id;
    return true;
  }

  #answer(part: Part): void {
    const { command, head } = part;
    const pending = this.#connection.answered(command === Command.negotiate ? "1 negotiate" : part.key);
    if (pending === undefined) return;
    if (command === Command.readAndX) this.#readAnswer(part, pending);
    else if (command === Command.trans && pending.exchange === undefined) this.#transAnswer(part, pending);
    const { exchange } = pending;
    if (exchange === undefined) return;
    if (command !== Command.negotiate) {
      exchange.session = head.session;
      exchange.tree = head.tree;
    }
    this.#complete(part, pending, exchange.fields);
    this.#connection.tell(exchange, head.side, head.status);
  }

  #complete(part: Part, pending: Pending, fields: Transaction): void {
    const { view, words, wordBytes, data, end, command, head, failed, wide: isWide } = part;
    if (command === Command.negotiate && wordBytes >= 2) {
      this.#connection.dialect = this.#dialects[view.getUint16(words, true)] ?? "unknown";
      if (end - data >= 16 && wordBytes === 34) fields["server_guid"] = idText(view, data);
    } else if (command === Command.sessionSetup && wordBytes >= 6) {
      const cursor = new TextCursor(part, data + (wordBytes >= 8 ? view.getUint16(words + 6, true) : 0));
      fields["response"] = { native_os: cursor.text(isWide), native_lm: cursor.text(isWide) };
    } else if (command === Command.treeConnect) this.#connected(part, pending, fields);
    else if (command === Command.ntCreate) this.#created(part, pending, fields);
    else if (command === Command.openAndX && !failed && wordBytes >= 6) {
      const tree = this.#connection.tree(head.tree);
      this.#connection.open(narrowId(view.getUint16(words + 4, true)), pending.name, tree, undefined, tree?.pipe === true);
    }
  }

  #connected(part: Part, pending: Pending, fields: Transaction): void {
    const service = part.failed ? "" : new TextCursor(part, part.data).text(false);
    const isPipe = service === "IPC";
    fields[isPipe ? "named_pipe" : "share"] = pending.name;
    fields["service"] = { ...(fields["service"] as Transaction), response: service };
    if (!part.failed) this.#connection.connect(part.head.tree, { name: pending.name, pipe: isPipe });
  }

  #created({ view, words, wordBytes, head, failed }: Part, pending: Pending, fields: Transaction): void {
    const isOpen = !failed && wordBytes >= 68;
    const place = (offset: number): number => (isOpen ? unixSeconds(view, words + offset) : 0);
    fields["created"] = place(11);
    fields["accessed"] = place(19);
    fields["modified"] = place(27);
    fields["changed"] = place(35);
    const size = isOpen ? wide(view, words + 55) : 0;
    fields["size"] = size;
    const id = isOpen ? narrowId(view.getUint16(words + 5, true)) : "";
    fields["fuid"] = id;
    if (!isOpen) return;
    const tree = this.#connection.tree(head.tree);
    this.#connection.open(id, pending.name, tree, size > 0 ? size : undefined, tree?.pipe === true);
  }

  #readAnswer({ bytes, view, at, words, wordBytes, data, end, head, failed }: Part, pending: Pending): void {
    if (failed || wordBytes < 24) return;
    const length = view.getUint16(words + 10, true) + view.getUint16(words + 14, true) * 65_536;
    const from = at + view.getUint16(words + 12, true);
    if (from < data || from > end) return;
    const looksLikePipe = looksLikeCall(view, from, Math.min(end, from + length));
    const file = this.#fileOf(Number.parseInt(pending.file, 16), head.tree, looksLikePipe);
    this.#connection.carry(file, Side.toClient, pending.offset, bytes, from, end, length);
  }

  #transAnswer({ bytes, view, at, words, wordBytes, data, end, failed }: Part, pending: Pending): void {
    if (failed || wordBytes < 20) return;
    const length = view.getUint16(words + 12, true);
    const from = at + view.getUint16(words + 14, true);
    const file = this.#connection.file(pending.file);
    if (file?.pipe !== undefined && from >= data && from + length <= end)
      this.#connection.carry(file, Side.toClient, 0, bytes, from, end, length);
  }
}

const narrowId = (number: number): string => number.toString(16).padStart(4, "0");

/** Names behind a byte 2, each up to a NUL. */
function readDialects(part: Part): string[] {
  const cursor = new TextCursor(part, part.data);
  const dialects: string[] = [];
  while (dialects.length < dialectsMax && cursor.tagged(2)) dialects.push(cursor.text(false));
  return dialects;
}

/** MS-SMB §2.2.4.6.1: with a token; MS-CIFS §2.2.4.53.1: with passwords and an account. */
function readSessionSetup(part: Part, fields: Transaction): void {
  const { bytes, view, words, wordBytes, data, end, wide: isWide } = part;
  if (wordBytes < 20) return;
  const withToken = wordBytes === 24;
  const secrets = wordBytes >= 26 ? view.getUint16(words + 14, true) + view.getUint16(words + 16, true) : view.getUint16(words + 14, true);
  const cursor = new TextCursor(part, data + secrets);
  if (withToken) readSecurityBlob(fields, bytes, view, data, Math.min(end, data + secrets));
  else {
    const user = cursor.text(isWide);
    const domain = cursor.text(isWide);
    if (user !== "") fields["account"] = { user, domain };
  }
  fields["request"] = { native_os: cursor.text(isWide), native_lm: cursor.text(isWide) };
}

/** Returns the file's name. */
function readCreate(part: Part, fields: Transaction): string {
  const { view, words, data, wide: isWide } = part;
  const options = view.getUint32(words + 39, true);
  const name = new TextCursor(part, data).text(isWide);
  if (name !== "" && (options & DIRECTORY_FILE) !== 0) fields["directory"] = name;
  else fields["filename"] = name || ROOT_NAME;
  fields["disposition"] = names.dispositionName(view.getUint32(words + 35, true));
  fields["access"] = (options & DELETE_ON_CLOSE) !== 0 ? "delete on close" : "normal";
  return name || ROOT_NAME;
}
