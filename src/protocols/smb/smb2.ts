import { utf16Text } from "#base/utf16-text.ts";
import { Side, type Transaction } from "#contract/parser.ts";
import type { Connection, Head } from "./connection.ts";
import type { Pending } from "./file-state.ts";
import * as names from "./names.ts";
import { looksLikeCall } from "./pipe.ts";
import { readSecurityBlob } from "./security-blob.ts";
import { DELETE_ON_CLOSE, DIRECTORY_FILE, idText, nameBytesMax, ROOT_NAME, UNKNOWN_NAME, unixSeconds, wide } from "./wire.ts";

/** Offsets of the header (MS-SMB2 §2.2.1). */
const STRUCTURE_SIZE = 4;
const STATUS = 8;
const COMMAND = 12;
const FLAGS = 16;
const NEXT = 20;
const MESSAGE_ID = 24;
const TREE = 36;
const SESSION = 40;
export const HEADER_BYTES = 64;

const Flag = { response: 1, async: 2, related: 4 } as const;
const Command = {
  negotiate: 0,
  sessionSetup: 1,
  logoff: 2,
  treeConnect: 3,
  treeDisconnect: 4,
  create: 5,
  close: 6,
  read: 8,
  write: 9,
  ioctl: 11,
  cancel: 12,
  getInfo: 16,
  setInfo: 17,
} as const;

/** Parts of one compound that are read. */
const partsMax = 64;
/** Dialects of one offer that are told. */
const dialectsMax = 32;
const RELATED_FILE = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const OK_STATUS = 0;
const BUFFER_OVERFLOW = 0x8000_0005;
/** Classes of FileInformation that a client sets and that are told (MS-FSCC §2.4). */
const RENAME = 10;
const DISPOSITION = 13;

/** A part of a message: where it stands, and what its header says. */
interface Part {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** First byte of the header. */
  readonly at: number;
  /** First byte behind the header. */
  readonly body: number;
  readonly end: number;
  readonly command: number;
  readonly status: number;
  readonly key: string;
  readonly head: Head;
}

export class Smb2Reader {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A message that stands in `view[from..to)`; of a long one, its beginning. Returns false when it is malformed. */
  message(side: Side, bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    let at = from;
    let opener: Pending | undefined;
    for (let n = 0; n < partsMax; n++) {
      if (to - at < HEADER_BYTES || view.getUint32(at) !== 0xfe53_4d42 || view.getUint16(at + STRUCTURE_SIZE, true) !== 64) return n > 0;
      const next = view.getUint32(at + NEXT, true);
      const end = next >= HEADER_BYTES && next <= to - at ? at + next : to;
      const part = this.#part(side, bytes, view, at, end);
      this.#connection.enter(part.head);
      if ((view.getUint32(at + FLAGS, true) & Flag.response) !== 0) this.#answer(part);
      else opener = this.#request(part, opener) ?? opener;
      if (next === 0 || end === to) return true;
      at = end;
    }
    return true;
  }

  #part(side: Side, bytes: Uint8Array, view: DataView, at: number, end: number): Part {
    const command = view.getUint16(at + COMMAND, true);
    const flags = view.getUint32(at + FLAGS, true);
    const isAnswer = (flags & Flag.response) !== 0;
    const status = view.getUint32(at + STATUS, true);
    const head: Head = {
      side,
      session: wide(view, at + SESSION),
      tree: (flags & Flag.async) !== 0 ? 0 : view.getUint32(at + TREE, true),
      command: names.smb2Command(command),
      status: isAnswer ? names.ntStatus(status) : undefined,
    };
    return { bytes, view, at, body: at + HEADER_BYTES, end, command, status, key: `2 ${wide(view, at + MESSAGE_ID)}`, head };
  }

  /** Returns the request when it opens a file that later parts of the compound mean. */
  #request(part: Part, opener: Pending | undefined): Pending | undefined {
    const { command, head, body, end, view } = part;
    const room = end - body;
    const fields: Transaction = {};
    let file = "";
    let name = "";
    let offset = 0;
    if (command === Command.negotiate && room >= 36) readOffer(part, fields);
    else if (command === Command.sessionSetup && room >= 24) securityBlob(part, fields, 12);
    else if (command === Command.treeConnect && room >= 8) name = pointedText(part, 4, 6);
    else if (command === Command.create && room >= 56) name = readCreate(part, fields);
    else if (command === Command.close && room >= 24) {
      file = idText(view, body + 8);
      if (file !== RELATED_FILE) this.#connection.close(file);
    } else if (command === Command.read && room >= 32) {
      [file, offset] = [idText(view, body + 16), wide(view, body + 8)];
      return this.#wait(part, { exchange: undefined, command, file, opener, name, offset });
    } else if (command === Command.write && room >= 32) {
      file = this.#write(part, opener);
      return this.#wait(part, { exchange: undefined, command, file, opener, name, offset });
    } else if (command === Command.ioctl && room >= 32) {
      file = idText(view, body + 8);
      const control = view.getUint32(body + 4, true);
      if (control === names.TRANSCEIVE && this.#pipeBytes(part, file, 24, 28))
        return this.#wait(part, { exchange: undefined, command, file, opener, name, offset });
      fields["function"] = names.controlName(control);
    } else if (command === Command.setInfo && room >= 32) {
      file = idText(view, body + 16);
      if (!this.#setInfo(part, fields, file, opener)) return undefined;
    } else if (command === Command.getInfo || command === Command.read || command === Command.write || command === Command.setInfo)
      return undefined;
    const exchange = this.#connection.begin(head, fields);
    if (command === Command.cancel) {
      this.#connection.tell(exchange, head.side, undefined);
      return undefined;
    }
    if (command === Command.treeDisconnect) this.#connection.disconnect(head.tree);
    const pending: Pending = { exchange, command, file, opener, name, offset };
    this.#wait(part, pending);
    return command === Command.create ? pending : undefined;
  }

  #wait(part: Part, pending: Pending): undefined {
    this.#connection.wait(part.key, pending);
    return undefined;
  }

  /** Returns the file's identifier. */
  #write({ bytes, view, at, body, end, head }: Part, opener: Pending | undefined): string {
    const id = idText(view, body + 16);
    const from = at + view.getUint16(body + 2, true);
    const length = view.getUint32(body + 4, true);
    if (from < body + 16 || from > end) return id;
    const file = this.#fileOf(id, opener, head.tree, looksLikeCall(view, from, Math.min(end, from + length)));
    if (file !== undefined) this.#connection.carry(file, Side.toServer, wide(view, body + 8), bytes, from, end, length);
    return id;
  }

  /** The file of an identifier; one whose opening is not in the capture is opened now, without a name. */
  #fileOf(id: string, opener: Pending | undefined, treeId: number, looksLikePipe: boolean) {
    const known = this.#connection.file(id === RELATED_FILE ? (opener?.file ?? id) : id);
    if (known !== undefined || id === RELATED_FILE) return known;
    const tree = this.#connection.tree(treeId);
    return this.#connection.open(id, UNKNOWN_NAME, tree, undefined, tree?.pipe ?? looksLikePipe);
  }

  /** Gives a transaction's bytes to its pipe; false when it is none that carries calls. */
  #pipeBytes(part: Part, id: string, offsetAt: number, lengthAt: number): boolean {
    const { bytes, view, at, body, end, head } = part;
    const from = at + view.getUint32(body + offsetAt, true);
    const length = view.getUint32(body + lengthAt, true);
    if (from < body || from + length > end || !looksLikeCall(view, from, from + length)) return false;
    const file = this.#fileOf(id, undefined, head.tree, true);
    if (file?.pipe === undefined) return false;
    this.#connection.carry(file, head.side, 0, bytes, from, end, length);
    return true;
  }

  /** Fills in what is told of a rename or of a deletion; false for all else. */
  #setInfo(part: Part, fields: Transaction, id: string, opener: Pending | undefined): boolean {
    const { view, body, at, end, bytes } = part;
    if (view.getUint8(body + 2) !== 1) return false;
    const from = at + view.getUint16(body + 8, true);
    const name = this.#connection.file(id)?.name ?? opener?.name ?? "";
    if (view.getUint8(body + 3) === DISPOSITION && from + 1 <= end) {
      fields["filename"] = name;
      fields["access"] = view.getUint8(from) !== 0 ? "delete on close" : "normal";
    } else if (view.getUint8(body + 3) === RENAME && from + 20 <= end) {
      const to = Math.min(end, from + 20 + Math.min(view.getUint32(from + 16, true), nameBytesMax));
      fields["rename"] = { from: name, to: utf16Text(bytes, from + 20, to) };
    } else return false;
    fields["fuid"] = id;
    return true;
  }

  #answer(part: Part): void {
    const { command, status, head } = part;
    // The server will answer once more.
    if (status === names.PENDING) return;
    if (command === Command.negotiate && status === OK_STATUS) this.#negotiated(part);
    const pending =
      this.#connection.answered(part.key) ?? (command === Command.negotiate ? this.#connection.answered("1 negotiate") : undefined);
    if (pending === undefined) {
      if (command === Command.read) this.#readAnswer(part, undefined);
      return;
    }
    const { exchange } = pending;
    if (command === Command.read) this.#readAnswer(part, pending);
    else if (command === Command.ioctl && exchange === undefined) this.#ioctlAnswer(part, pending);
    if (exchange === undefined) return;
    if (head.session !== 0) exchange.session = head.session;
    if (head.tree !== 0) exchange.tree = head.tree;
    this.#complete(part, pending, exchange.fields);
    this.#connection.tell(exchange, head.side, head.status);
  }

  #complete(part: Part, pending: Pending, fields: Transaction): void {
    const { view, body, end, command, status, head } = part;
    if (command === Command.negotiate && status === OK_STATUS && end - body >= 48) {
      fields["server_guid"] = idText(view, body + 8);
      fields["max_read_size"] = view.getUint32(body + 32, true);
      fields["max_write_size"] = view.getUint32(body + 36, true);
    } else if (command === Command.treeConnect) {
      const type = status === OK_STATUS && end - body >= 16 ? view.getUint8(body + 2) : 0;
      fields[type === 2 ? "named_pipe" : "share"] = pending.name;
      if (type === 0) return;
      fields["share_type"] = names.shareTypeName(type);
      this.#connection.connect(head.tree, { name: pending.name, pipe: type === 2 });
    } else if (command === Command.create) this.#created(part, pending, fields);
    else if (command === Command.close && pending.file === RELATED_FILE && pending.opener !== undefined)
      this.#connection.close(pending.opener.file);
  }

  #created({ view, body, end, status, head }: Part, pending: Pending, fields: Transaction): void {
    const isOpen = status === OK_STATUS && end - body >= 80;
    const place = (offset: number): number => (isOpen ? unixSeconds(view, body + offset) : 0);
    fields["created"] = place(8);
    fields["accessed"] = place(16);
    fields["modified"] = place(24);
    fields["changed"] = place(32);
    fields["size"] = isOpen ? wide(view, body + 48) : 0;
    fields["fuid"] = isOpen ? idText(view, body + 64) : "";
    if (!isOpen) return;
    pending.file = fields["fuid"] as string;
    const tree = this.#connection.tree(head.tree);
    const size = wide(view, body + 48);
    this.#connection.open(pending.file, pending.name, tree, size > 0 ? size : undefined, tree?.pipe === true);
  }

  #negotiated({ view, body, end }: Part): void {
    if (end - body >= 6) this.#connection.dialect = names.dialectName(view.getUint16(body + 4, true));
  }

  #readAnswer({ bytes, view, at, body, end, status, head }: Part, pending: Pending | undefined): void {
    if ((status !== OK_STATUS && status !== BUFFER_OVERFLOW) || end - body < 16 || pending === undefined) return;
    const from = at + view.getUint8(body + 2);
    const length = view.getUint32(body + 4, true);
    if (from < body + 16 || from > end) return;
    const looksLikePipe = looksLikeCall(view, from, Math.min(end, from + length));
    const file = this.#fileOf(pending.file, pending.opener, head.tree, looksLikePipe);
    if (file !== undefined) this.#connection.carry(file, Side.toClient, pending.offset, bytes, from, end, length);
  }

  #ioctlAnswer({ bytes, view, at, body, end, status }: Part, pending: Pending): void {
    if ((status !== OK_STATUS && status !== BUFFER_OVERFLOW) || end - body < 40) return;
    const from = at + view.getUint32(body + 32, true);
    const length = view.getUint32(body + 36, true);
    const file = this.#connection.file(pending.file);
    if (file?.pipe !== undefined && from >= body && from + length <= end)
      this.#connection.carry(file, Side.toClient, 0, bytes, from, end, length);
  }
}

function readOffer({ view, body, end }: Part, fields: Transaction): void {
  const count = view.getUint16(body + 2, true);
  const dialects: string[] = [];
  for (let n = 0; n < count && n < dialectsMax && body + 38 + n * 2 <= end; n++)
    dialects.push(names.dialectName(view.getUint16(body + 36 + n * 2, true)));
  fields["client_dialects"] = dialects;
  fields["client_guid"] = idText(view, body + 12);
}

function securityBlob({ bytes, view, at, body, end }: Part, fields: Transaction, offsetAt: number): void {
  const from = at + view.getUint16(body + offsetAt, true);
  const to = Math.min(end, from + view.getUint16(body + offsetAt + 2, true));
  if (from >= body && from < to) readSecurityBlob(fields, bytes, view, from, to);
}

/** A text that an offset from the header and a length point at. */
function pointedText({ bytes, view, at, body, end }: Part, offsetAt: number, lengthAt: number): string {
  const from = at + view.getUint16(body + offsetAt, true);
  const to = Math.min(end, from + Math.min(view.getUint16(body + lengthAt, true), nameBytesMax));
  return from >= body && from < to ? utf16Text(bytes, from, to) : "";
}

/** Returns the file's name. */
function readCreate(part: Part, fields: Transaction): string {
  const { view, body } = part;
  const options = view.getUint32(body + 40, true);
  const name = pointedText(part, 44, 46);
  if (name !== "" && (options & DIRECTORY_FILE) !== 0) fields["directory"] = name;
  else fields["filename"] = name || ROOT_NAME;
  fields["disposition"] = names.dispositionName(view.getUint32(body + 36, true));
  fields["access"] = (options & DELETE_ON_CLOSE) !== 0 ? "delete on close" : "normal";
  return name || ROOT_NAME;
}
