import { looseText } from "#base/loose-text.ts";
import type { Transaction } from "#contract/parser.ts";

/** Bytes of a message that are told. */
export const messageBytesMax = 2048;

const FACILITIES =
  "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7";
const SEVERITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/** `Jan  2 03:04:05`, a year before or behind it as some devices write, or a date of RFC 3339. */
const OLD_TIME =
  /^(?:\d{4} )?(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20})(?: [A-Z]{3,4})?:? /;
const OLD_HEAD = /^([\w.:-]{1,255}) (?=\S)/;
const OLD_TAG = /^([\w./()-]{1,64})(?:\[(\w{1,32})\])?: ?/;
/** Version 1, time, host, program, process, kind; `-` where there is none. */
const NEW_HEAD = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /;

/** Reads one message. */
export function readMessage(bytes: Uint8Array, at: number, end: number): Transaction {
  const fields: Transaction = {};
  let rest = looseText(bytes, at, Math.min(end, at + messageBytesMax)).replace(/[\r\n\0]+$/, "");
  const priority = /^<(\d{1,3})>/.exec(rest);
  if (priority !== null && Number(priority[1]) <= 191) {
    fields["facility"] = FACILITIES.split(" ")[Number(priority[1]) >> 3];
    fields["severity"] = SEVERITIES[Number(priority[1]) & 7];
    rest = rest.slice(priority[0].length);
    const head = NEW_HEAD.exec(rest);
    rest = head === null ? old(fields, rest) : modern(fields, head, rest.slice(head[0].length));
  }
  fields["message"] = rest;
  if (end - at > messageBytesMax) fields["truncated"] = true;
  return fields;
}

/** RFC 3164 §4: what of it is there. */
function old(fields: Transaction, text: string): string {
  let rest = text;
  const time = OLD_TIME.exec(rest);
  if (time !== null) {
    fields["timestamp"] = time[0].replace(/:? $/, "");
    rest = rest.slice(time[0].length);
    const host = OLD_HEAD.exec(rest);
    // A program's name ends with a colon: then the host was left out.
    if (host !== null && !(host[1] as string).endsWith(":")) {
      fields["hostname"] = host[1];
      rest = rest.slice(host[0].length);
    }
  }
  const tag = OLD_TAG.exec(rest);
  if (tag !== null) {
    fields["app_name"] = tag[1];
    if (tag[2] !== undefined) fields["proc_id"] = tag[2];
    rest = rest.slice(tag[0].length);
  }
  return rest;
}

/** RFC 5424 §6. */
function modern(fields: Transaction, head: RegExpExecArray, text: string): string {
  for (const [index, name] of ["timestamp", "hostname", "app_name", "proc_id", "msg_id"].entries()) {
    const value = head[index + 1] as string;
    if (value !== "-") fields[name] = value;
  }
  let end = text.startsWith("-") ? 1 : 0;
  if (end === 0) {
    let quoted = false;
    for (; end < text.length; end++) {
      const letter = text[end];
      if (quoted && letter === "\\") end++;
      else if (letter === '"') quoted = !quoted;
      else if (!quoted && letter === "]" && text[end + 1] !== "[") break;
    }
    end = Math.min(text.length, end + 1);
    fields["structured_data"] = text.slice(0, end);
  }
  // A byte order mark tells that UTF-8 follows.
  return text.slice(end).replace(/^ ?\ufeff?/, "");
}
