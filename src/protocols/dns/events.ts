import type { Transaction } from "#contract/parser.ts";
import * as header from "./header.ts";
import type { Message, Question, ResourceRecord, Variant } from "./message-reader.ts";
import { rcodeName } from "./names.ts";

const FLAG_TEXTS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const flagsText = (flags: number): string => `${FLAG_TEXTS[flags >>> 8]}${FLAG_TEXTS[flags & 0xff]}`;

/** The event of one question, members in Suricata's order. `isFirst` carries what the message says beside its questions. */
export function queryEvent(
  message: Message,
  question: Question | undefined,
  isFirst: boolean,
  txId: number,
  variant: Variant | undefined,
): Transaction {
  const fields: Transaction = { version: 2, type: "query", id: message.id };
  if (question !== undefined) nameQuestion(fields, question);
  fields["tx_id"] = txId;
  if (variant !== "nbns" && (message.flags & header.Z) !== 0) fields["z"] = true;
  fields["opcode"] = header.opcode(message.flags);
  if (isFirst) sections(fields, message);
  if (variant !== undefined) fields["variant"] = variant;
  return fields;
}

/** The event of an answer. */
export function answerEvent(message: Message, variant: Variant | undefined): Transaction {
  const { flags } = message;
  const fields: Transaction = { version: 2, type: "answer", id: message.id, flags: flagsText(flags), qr: true };
  // LLMNR has other meanings for these bits (RFC 4795 §2.1.1).
  if ((flags & header.Flag.authoritative) !== 0 && variant !== "llmnr") fields["aa"] = true;
  if ((flags & header.Flag.truncated) !== 0) fields["tc"] = true;
  if ((flags & header.Flag.recursionDesired) !== 0 && variant !== "llmnr") fields["rd"] = true;
  if ((flags & header.Flag.recursionAvailable) !== 0) fields["ra"] = true;
  if (variant !== "nbns" && (flags & header.Z) !== 0) fields["z"] = true;
  fields["opcode"] = header.opcode(flags);
  const first = message.questions[0];
  if (first !== undefined) nameQuestion(fields, first);
  fields["rcode"] = rcodeName(message.rcode);
  if (message.questions.length > 1) fields["queries"] = message.questions.map(({ rrname, rrtype }) => ({ rrname, rrtype }));
  sections(fields, message);
  if (variant !== undefined) fields["variant"] = variant;
  return fields;
}

function nameQuestion(fields: Transaction, question: Question): void {
  fields["rrname"] = question.rrname;
  if (question.truncated) fields["rrname_truncated"] = true;
  fields["rrtype"] = question.rrtype;
  if (question.rrclass !== undefined) fields["rrclass"] = question.rrclass;
  if (question.unicast) fields["unicast"] = true;
}

function sections(fields: Transaction, message: Message): void {
  if (message.answers.length > 0) {
    fields["answers"] = message.answers;
    fields["grouped"] = grouped(message.answers);
  }
  if (message.authorities.length > 0) fields["authorities"] = message.authorities;
  if (message.additionals.length > 0) fields["additionals"] = message.additionals;
  if (message.edns !== undefined) fields["edns"] = message.edns;
  if (message.omitted > 0) fields["omitted"] = message.omitted;
}

/** What the answers say, by type. */
function grouped(answers: readonly ResourceRecord[]): { [type: string]: unknown[] } {
  const groups: { [type: string]: unknown[] } = {};
  for (const answer of answers) {
    const value = answer.rdata ?? answer.srv ?? answer.sshfp ?? answer.soa;
    if (value === undefined) continue;
    const group = groups[answer.rrtype];
    if (group === undefined) groups[answer.rrtype] = [value];
    else group.push(value);
  }
  return groups;
}
