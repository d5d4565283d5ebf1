import { type ByteView, toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { Probe, type Transaction } from "#contract/parser.ts";
import { type Element, Elements, element, identifier, valueText } from "./ber.ts";

/** Objects of one message that are told. */
const varsMax = 64;
/** Bytes of names that are told. */
const nameBytesMax = 256;

const SEQUENCE = 0x30;
const OCTETS = 0x04;
const GET = 0xa0;
const TRAP_V1 = 0xa4;
const BULK = 0xa5;
const REPORT = 0xa8;

/** By tag, from 0xa0 on (RFC 3416 §3). */
const TYPES = [
  "get_request",
  "get_next_request",
  "response",
  "set_request",
  "trap_v1",
  "get_bulk_request",
  "inform_request",
  "trap_v2",
  "report",
];
const ERRORS =
  "no_error too_big no_such_name bad_value read_only gen_err no_access wrong_type wrong_length wrong_encoding wrong_value no_creation inconsistent_value resource_unavailable commit_failed undo_failed authorization_error not_writable inconsistent_name";
const TRAPS = ["cold_start", "warm_start", "link_down", "link_up", "authentication_failure", "egp_neighbor_loss", "enterprise_specific"];

/** A sequence of a version and a community with a message, or a version and a header. */
export function probe({ bytes, at, end }: ByteView): Probe {
  if (bytes[at] !== SEQUENCE) return Probe.no;
  const message = element(bytes, at, end);
  if (message === undefined || message.end !== end) return Probe.no;
  const parts = new Elements(bytes, message);
  const version = parts.next(0x02);
  if (version.end - version.at !== 1) return Probe.no;
  const number = bytes[version.at] as number;
  if (number === 3) {
    const header = new Elements(bytes, parts.next(SEQUENCE));
    header.integer();
    header.integer();
    const flags = header.next(OCTETS);
    return !header.failed && flags.end - flags.at === 1 && parts.next(OCTETS).tag === OCTETS ? Probe.yes : Probe.no;
  }
  if (number > 1) return Probe.no;
  parts.next(OCTETS);
  const { tag } = parts.next(-1);
  return tag >= GET && tag <= REPORT ? Probe.yes : Probe.no;
}

export function read({ bytes, at, end }: ByteView): Transaction | undefined {
  const message = element(bytes, at, end);
  if (message === undefined || message.tag !== SEQUENCE) return undefined;
  const parts = new Elements(bytes, message);
  const version = parts.integer();
  const fields: Transaction = { version: version === 3 ? 3 : version + 1 };
  if (version === 3) readVersion3(fields, bytes, parts);
  else if (version === 0 || version === 1) {
    const community = parts.next(OCTETS);
    readMessage(fields, bytes, parts.next(-1), parts);
    if (!parts.failed) fields["community"] = nameOf(bytes, community);
  } else return undefined;
  return parts.failed ? undefined : fields;
}

const nameOf = (bytes: Uint8Array, { at, end }: Element): string => looseText(bytes, at, Math.min(end, at + nameBytesMax));

/** RFC 3412 §6: header, security parameters (RFC 3414 §2.4), then the scoped message or what it is encrypted to. */
function readVersion3(fields: Transaction, bytes: Uint8Array, parts: Elements): void {
  parts.next(SEQUENCE);
  const parameters = element(bytes, parts.next(OCTETS).at, parts.at);
  if (parameters?.tag === SEQUENCE) {
    const security = new Elements(bytes, parameters);
    const engine = security.next(OCTETS);
    security.integer();
    security.integer();
    const user = security.next(OCTETS);
    if (!security.failed) {
      fields["usm"] = nameOf(bytes, user);
      if (engine.end > engine.at) fields["engine_id"] = toHex(bytes, engine.at, Math.min(engine.end, engine.at + 32));
    }
  }
  const scoped = parts.next(-1);
  if (scoped.tag === OCTETS) fields["encrypted"] = true;
  else if (scoped.tag === SEQUENCE) {
    const inside = new Elements(bytes, scoped);
    inside.next(OCTETS);
    inside.next(OCTETS);
    readMessage(fields, bytes, inside.next(-1), parts);
  } else parts.failed = true;
}

function readMessage(fields: Transaction, bytes: Uint8Array, message: Element, outer: Elements): void {
  const { tag } = message;
  const type = TYPES[tag - GET];
  if (type === undefined) {
    outer.failed = true;
    return;
  }
  fields["pdu_type"] = type;
  const parts = new Elements(bytes, message);
  if (tag === TRAP_V1) {
    const about = parts.next(0x06);
    const address = parts.next(0x40);
    const kind = parts.integer();
    parts.integer();
    parts.next(0x43);
    fields["trap_type"] = TRAPS[kind] ?? String(kind);
    fields["trap_oid"] = identifier(bytes, about);
    fields["trap_address"] = valueText(bytes, address);
  } else {
    fields["request_id"] = parts.integer();
    const error = parts.integer();
    parts.integer();
    if (error !== 0 && tag !== BULK) fields["error"] = ERRORS.split(" ")[error] ?? String(error);
  }
  readVars(fields, bytes, new Elements(bytes, parts.next(SEQUENCE)), tag);
  outer.failed ||= parts.failed;
}

function readVars(fields: Transaction, bytes: Uint8Array, vars: Elements, tag: number): void {
  const names: string[] = [];
  const values: string[] = [];
  while (vars.more && names.length < varsMax) {
    const pair = new Elements(bytes, vars.next(SEQUENCE));
    const name = pair.next(0x06);
    const value = pair.next(-1);
    if (pair.failed) break;
    names.push(identifier(bytes, name));
    values.push(valueText(bytes, value));
  }
  fields["vars"] = names;
  // Questions carry no values.
  if (tag !== GET && tag !== GET + 1 && tag !== BULK && names.length > 0) fields["values"] = values;
}
