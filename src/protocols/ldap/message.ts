import { ByteView } from "#base/bytes.ts";
import { DerCursor, elementBytes, Tag } from "#base/der.ts";
import { looseText } from "#base/loose-text.ts";
import type { Transaction } from "#contract/parser.ts";
import { findMessage, MessageType, readMessage as readNtlm } from "#protocols/ntlm/message.ts";
import { filterText } from "./filter.ts";

/** Longest text that is told, bytes; of lists, the most members. */
export const textBytesMax = 512;
export const membersMax = 64;

/** Operations by tag (RFC 4511 §4.2 to §4.14). */
export const OPERATIONS: Readonly<Record<number, string>> = {
  96: "bind_request",
  97: "bind_response",
  66: "unbind_request",
  99: "search_request",
  100: "search_result_entry",
  101: "search_result_done",
  115: "search_result_reference",
  102: "modify_request",
  103: "modify_response",
  104: "add_request",
  105: "add_response",
  74: "del_request",
  107: "del_response",
  108: "mod_dn_request",
  109: "mod_dn_response",
  110: "compare_request",
  111: "compare_response",
  80: "abandon_request",
  119: "extended_request",
  120: "extended_response",
  121: "intermediate_response",
};

/** Numbers of operations by name: the tag without its class. */
export const operationNumbers: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(OPERATIONS).map(([tag, name]) => [name, Number(tag) & 31]),
);

/** RFC 4511 appendix A, by number. */
const RESULTS =
  "success,operations_error,protocol_error,time_limit_exceeded,size_limit_exceeded,compare_false,compare_true,auth_method_not_supported,stronger_auth_required,,referral,admin_limit_exceeded,unavailable_critical_extension,confidentiality_required,sasl_bind_in_progress,,no_such_attribute,undefined_attribute_type,inappropriate_matching,constraint_violation,attribute_or_value_exists,invalid_attribute_syntax,,,,,,,,,,,no_such_object,alias_problem,invalid_dn_syntax,,alias_dereferencing_problem,,,,,,,,,,,,inappropriate_authentication,invalid_credentials,insufficient_access_rights,busy,unavailable,unwilling_to_perform,loop_detect,,,,,,,,,,naming_violation,object_class_violation,not_allowed_on_non_leaf,not_allowed_on_rdn,entry_already_exists,object_class_mods_prohibited,,affects_multiple_dsas,,,,,,,,,other";
/** Numbers of results by name. */
export const resultNumbers: Readonly<Record<string, number>> = Object.fromEntries(
  RESULTS.split(",").flatMap((name, code) => (name === "" ? [] : [[name, code]])),
);
const resultName = (code: number): string => RESULTS.split(",")[code] || String(code);

export interface LdapMessage {
  readonly id: number;
  readonly operation: string;
  readonly isRequest: boolean;
  /** Members of the operation's own object; `undefined` for an operation without any. */
  readonly fields: Transaction | undefined;
}

/** What stands at `cursor`, as text. */
export const text = (cursor: DerCursor): string =>
  looseText(cursor.bytes, cursor.start, Math.min(cursor.stop, cursor.start + textBytesMax));

/**
 * True when a message begins at `at`: a sequence that opens with a number and an operation whose length fits. What
 * is not there yet is given the benefit of the doubt.
 */
export function plausible(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== Tag.sequence) return false;
  const length = elementBytes(bytes, at, end);
  if (length <= 0) return length === 0;
  const stop = at + length;
  let i = at + 2 + ((bytes[at + 1] as number) > 0x80 ? (bytes[at + 1] as number) & 0x7f : 0);
  if (i + 2 > end) return i >= end || bytes[i] === Tag.integer;
  const idBytes = bytes[i + 1] as number;
  if (bytes[i] !== Tag.integer || idBytes < 1 || idBytes > 4) return false;
  i += 2 + idBytes;
  if (i >= end) return i < stop;
  if (OPERATIONS[bytes[i] as number] === undefined) return false;
  const operation = elementBytes(bytes, i, end);
  if (operation <= 0) return operation === 0;
  i += operation;
  return i === stop || (i < stop && (i >= end || bytes[i] === 0xa0));
}

/** Reads the message that fills `bytes[from..to)`; `undefined` when it is none. */
export function readMessage(bytes: Uint8Array, from: number, to: number): LdapMessage | undefined {
  const outer = new DerCursor(bytes, from, to);
  if (!outer.nextIs(Tag.sequence)) return undefined;
  const members = outer.inside();
  if (!members.nextIs(Tag.integer)) return undefined;
  const id = members.integer();
  if (id === undefined || id < 0 || !members.next()) return undefined;
  const operation = OPERATIONS[members.tag];
  if (operation === undefined) return undefined;
  return { id, operation, isRequest: operation.endsWith("_request"), fields: readOperation(operation, members) };
}

function readOperation(operation: string, cursor: DerCursor): Transaction | undefined {
  const members = cursor.inside();
  if (operation === "unbind_request") return undefined;
  if (operation === "del_request") return { dn: text(cursor) };
  if (operation === "abandon_request") return { message_id: cursor.integer() ?? 0 };
  if (operation === "bind_request") return readBind(members);
  if (operation === "search_request") return readSearch(members);
  if (operation === "search_result_entry") return { base_object: next(members), attributes: attributes(members, "type") };
  if (operation === "search_result_reference") return { uris: texts(members) };
  if (operation === "modify_request") return { object: next(members), changes: changes(members) };
  if (operation === "add_request") return { entry: next(members), attributes: attributes(members, "name") };
  if (operation === "mod_dn_request") return readRename(members);
  if (operation === "compare_request") return readCompare(members);
  if (operation === "extended_request" || operation === "intermediate_response") return readNamed(members, {});
  return readResult(members);
}

/** The next element as text; empty when there is none. */
const next = (members: DerCursor): string => (members.next() ? text(members) : "");

function texts(members: DerCursor): string[] {
  const found: string[] = [];
  while (found.length < membersMax && members.next()) found.push(text(members));
  return found;
}

/** A list of attributes with values: SEQUENCE OF SEQUENCE { type, SET OF value }. */
function attributes(members: DerCursor, nameOf: "type" | "name"): Transaction[] {
  const found: Transaction[] = [];
  if (!members.nextIs(Tag.sequence)) return found;
  const list = members.inside();
  while (found.length < membersMax && list.nextIs(Tag.sequence)) {
    const parts = list.inside();
    const name = next(parts);
    found.push({ [nameOf]: name, values: parts.nextIs(Tag.set) ? texts(parts.inside()) : [] });
  }
  return found;
}

/** RFC 4511 §4.2. Passwords and tokens are not told. */
function readBind(members: DerCursor): Transaction {
  const fields: Transaction = { version: members.next() ? (members.integer() ?? 0) : 0, name: next(members) };
  if (!members.next()) return fields;
  if (members.tag === 0x80) fields["authentication"] = members.start === members.stop ? "anonymous" : "simple";
  else if (members.tag === 0xa3) {
    fields["authentication"] = "sasl";
    const parts = members.inside();
    fields["sasl"] = { mechanism: next(parts) };
    if (parts.next()) addNtlm(fields, parts);
  } else if (members.tag >= 0x89 && members.tag <= 0x8b) {
    // Microsoft's own way (MS-ADTS §5.1.1.1.3).
    fields["authentication"] = "sicily";
    addNtlm(fields, members);
  }
  return fields;
}

function addNtlm(fields: Transaction, { bytes, start, stop }: DerCursor): void {
  const at = findMessage(bytes, start, stop);
  const message = at < 0 ? undefined : readNtlm(bytes, ByteView.over(bytes).view, at, stop);
  if (message?.type !== MessageType.authenticate) return;
  const { domain, user, host } = message;
  fields["ntlmssp"] = { domain, user, host };
}

function readSearch(members: DerCursor): Transaction {
  const number = (tag: number): number => (members.nextIs(tag) ? (members.integer() ?? 0) : 0);
  const fields: Transaction = {
    base_object: next(members),
    scope: number(0x0a),
    deref_alias: number(0x0a),
    size_limit: number(Tag.integer),
    time_limit: number(Tag.integer),
    types_only: members.nextIs(Tag.boolean) && members.bytes[members.start] !== 0,
  };
  if (members.next()) {
    const filter = filterText(members);
    if (filter !== "") fields["filter"] = filter;
  }
  fields["attributes"] = members.nextIs(Tag.sequence) ? texts(members.inside()) : [];
  return fields;
}

const CHANGES = ["add", "delete", "replace", "increment"] as const;

function changes(members: DerCursor): Transaction[] {
  const found: Transaction[] = [];
  if (!members.nextIs(Tag.sequence)) return found;
  const list = members.inside();
  while (found.length < membersMax && list.nextIs(Tag.sequence)) {
    const parts = list.inside();
    const kind = parts.nextIs(0x0a) ? (parts.integer() ?? -1) : -1;
    const change: Transaction = { operation: CHANGES[kind] ?? String(kind) };
    if (parts.nextIs(Tag.sequence)) {
      const inside = parts.inside();
      const name = next(inside);
      change["modification"] = { attribute_type: name, attribute_values: inside.nextIs(Tag.set) ? texts(inside.inside()) : [] };
    }
    found.push(change);
  }
  return found;
}

function readRename(members: DerCursor): Transaction {
  const fields: Transaction = { entry: next(members), new_rdn: next(members) };
  fields["delete_old_rdn"] = members.nextIs(Tag.boolean) && members.bytes[members.start] !== 0;
  if (members.nextIs(0x80)) fields["new_superior"] = text(members);
  return fields;
}

function readCompare(members: DerCursor): Transaction {
  const entry = next(members);
  const parts = members.nextIs(Tag.sequence) ? members.inside() : undefined;
  const description = parts === undefined ? "" : next(parts);
  return { entry, attribute_value_assertion: { description, value: parts === undefined ? "" : next(parts) } };
}

/** Name and value of an extension; of requests the tags are [0] and [1], of answers [10] and [11]. */
function readNamed(members: DerCursor, fields: Transaction): Transaction {
  while (members.next()) {
    if (members.tag === 0x80 || members.tag === 0x8a) fields["name"] = text(members);
    // A value may hold a password (RFC 3062): its length says enough.
    else if (members.tag === 0x81 || members.tag === 0x8b) fields["value_size"] = members.stop - members.start;
  }
  return fields;
}

/** LDAPResult: code, matched name, message; then what the operation adds. */
function readResult(members: DerCursor): Transaction {
  const code = members.nextIs(0x0a) ? (members.integer() ?? -1) : -1;
  return readNamed(members, { result_code: resultName(code), matched_dn: next(members), message: next(members) });
}
