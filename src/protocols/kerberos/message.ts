import { DerCursor, Tag } from "#base/der.ts";
import { looseText } from "#base/loose-text.ts";

/** Message types (RFC 4120 §7.5.7); the application tag of a message is its type too. */
export const MessageType = { asReq: 10, asRep: 11, tgsReq: 12, tgsRep: 13, apReq: 14, apRep: 15, error: 30 } as const;
const APPLICATION = 0x60;
const CONTEXT = 0xa0;
const TICKET = APPLICATION + 1;

/** Longest name or realm that is told, bytes. */
const nameBytesMax = 512;
/** Parts of a principal's name that are told. */
const partsMax = 8;

/** What the key distribution centre and its clients tell each other. */
export interface KerberosMessage {
  readonly type: number;
  /** Parts of the client's name. */
  cname: readonly string[] | undefined;
  realm: string | undefined;
  /** Parts of the service's name. */
  sname: readonly string[] | undefined;
  /** Encryption type of the reply's own part, and of the ticket. */
  encryption: number | undefined;
  ticketEncryption: number | undefined;
  errorCode: number | undefined;
}

/** Of a ticket that a client shows to a service (AP-REQ). */
export interface Ticket {
  readonly realm: string;
  readonly snames: readonly string[];
  readonly encryption: number | undefined;
}

const text = (bytes: Uint8Array, from: number, to: number): string => looseText(bytes, from, Math.min(to, from + nameBytesMax));

/** Descends into the current element when it is explicitly tagged: the cursor stands on its one content. */
function content(cursor: DerCursor): DerCursor | undefined {
  const inside = cursor.inside();
  return inside.next() ? inside : undefined;
}

/** Parts of a PrincipalName: SEQUENCE { [0] type, [1] SEQUENCE OF GeneralString }. `cursor` stands on it. */
function principal(cursor: DerCursor | undefined): string[] | undefined {
  if (cursor === undefined || cursor.tag !== Tag.sequence) return undefined;
  const members = cursor.inside();
  while (members.next()) {
    if (members.tag !== CONTEXT + 1) continue;
    const list = content(members)?.inside();
    const parts: string[] = [];
    while (list?.next() === true && parts.length < partsMax) parts.push(text(list.bytes, list.start, list.stop));
    return parts;
  }
  return undefined;
}

/** Number of the encryption type of EncryptedData: SEQUENCE { [0] etype … }. */
function encryptionType(cursor: DerCursor | undefined): number | undefined {
  const members = cursor?.inside();
  return members?.nextIs(CONTEXT) === true ? content(members)?.integer() : undefined;
}

const name = (cursor: DerCursor): string[] | undefined => principal(content(cursor));

/** Members of a request's body (RFC 4120 §5.4.1). */
function readBody(message: KerberosMessage, body: DerCursor | undefined): void {
  const members = body?.inside();
  while (members?.next() === true) {
    if (members.tag === CONTEXT + 1) message.cname = name(members);
    else if (members.tag === CONTEXT + 2) {
      const realm = content(members);
      if (realm !== undefined) message.realm = text(realm.bytes, realm.start, realm.stop);
    } else if (members.tag === CONTEXT + 3) message.sname = name(members);
  }
}

/** Members of a ticket (RFC 4120 §5.3): [1] realm, [2] sname, [3] enc-part. `cursor` stands on its application tag. */
function readTicket(cursor: DerCursor | undefined): Ticket | undefined {
  if (cursor?.tag !== TICKET) return undefined;
  const members = content(cursor)?.inside();
  let realm = "";
  let snames: readonly string[] = [];
  let encryption: number | undefined;
  while (members?.next() === true) {
    const inside = content(members);
    if (members.tag === CONTEXT + 1 && inside !== undefined) realm = text(inside.bytes, inside.start, inside.stop);
    else if (members.tag === CONTEXT + 2) snames = principal(inside) ?? [];
    else if (members.tag === CONTEXT + 3) encryption = encryptionType(inside);
  }
  return { realm, snames, encryption };
}

function readReply(message: KerberosMessage, members: DerCursor): void {
  while (members.next()) {
    if (members.tag === CONTEXT + 3) {
      const realm = content(members);
      if (realm !== undefined) message.realm = text(realm.bytes, realm.start, realm.stop);
    } else if (members.tag === CONTEXT + 4) message.cname = name(members);
    else if (members.tag === CONTEXT + 5) {
      const ticket = readTicket(content(members));
      message.sname = ticket?.snames;
      message.ticketEncryption = ticket?.encryption;
    } else if (members.tag === CONTEXT + 6) message.encryption = encryptionType(content(members));
  }
}

function readError(message: KerberosMessage, members: DerCursor): void {
  while (members.next()) {
    const inside = content(members);
    if (inside === undefined) continue;
    if (members.tag === CONTEXT + 6) message.errorCode = inside.integer();
    else if (members.tag === CONTEXT + 7) message.realm = text(inside.bytes, inside.start, inside.stop);
    else if (members.tag === CONTEXT + 8) message.cname = name(members);
    else if (members.tag === CONTEXT + 10) message.sname = name(members);
  }
}

/** Reads one message that fills `bytes[from..to)`; `undefined` when it is none. */
export function readMessage(bytes: Uint8Array, from: number, to: number): KerberosMessage | undefined {
  const outer = new DerCursor(bytes, from, to);
  if (!outer.next() || (outer.tag & 0xe0) !== APPLICATION) return undefined;
  const type = outer.tag - APPLICATION;
  const members = content(outer)?.inside();
  if (members === undefined || !sound(members, type)) return undefined;
  const message: KerberosMessage = {
    type,
    cname: undefined,
    realm: undefined,
    sname: undefined,
    encryption: undefined,
    ticketEncryption: undefined,
    errorCode: undefined,
  };
  if (type === MessageType.asReq || type === MessageType.tgsReq) {
    while (members.next()) if (members.tag === CONTEXT + 4) readBody(message, content(members));
  } else if (type === MessageType.asRep || type === MessageType.tgsRep) readReply(message, members);
  else if (type === MessageType.error) readError(message, members);
  return message;
}

/** The first two members are the version, 5, and the type once more; requests count them from 1, all others from 0. */
function sound(members: DerCursor, type: number): boolean {
  const first = type === MessageType.asReq || type === MessageType.tgsReq ? CONTEXT + 1 : CONTEXT;
  if (!members.nextIs(first) || content(members)?.integer() !== 5) return false;
  return members.nextIs(first + 1) && content(members)?.integer() === type;
}

/** The ticket of an AP-REQ that begins at `from`, as SPNEGO tokens carry it; `undefined` when there is none. */
export function readServiceTicket(bytes: Uint8Array, from: number, to: number): Ticket | undefined {
  const outer = new DerCursor(bytes, from, to);
  if (!outer.nextIs(APPLICATION + MessageType.apReq)) return undefined;
  const members = content(outer)?.inside();
  if (members === undefined || !sound(members, MessageType.apReq)) return undefined;
  while (members.next()) if (members.tag === CONTEXT + 3) return readTicket(content(members));
  return undefined;
}

/** Bytes of a token that are searched: mechanisms that may stand in front of a ticket are short. */
const searchBytesMax = 512;

/** The same of a token of SPNEGO or of Kerberos' own mechanism (RFC 4121 §4.1), where 01 00 stands in front of it. */
export function findServiceTicket(bytes: Uint8Array, from: number, to: number): Ticket | undefined {
  for (let at = from; at + 2 < to && at < from + searchBytesMax; at++) {
    if (bytes[at + 2] !== APPLICATION + MessageType.apReq || bytes[at] !== 1 || bytes[at + 1] !== 0) continue;
    const ticket = readServiceTicket(bytes, at + 2, to);
    if (ticket !== undefined) return ticket;
  }
  return undefined;
}
