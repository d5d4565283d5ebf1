import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

/** Enough to see a command's head. */
const headBytes = 48;
const COMMAND = /^\*[1-9]\d{0,6}\r\n\$[1-9]\d{0,6}\r\n[A-Za-z]/;
const COMMAND_PREFIX = /^\*(?:[1-9]\d{0,6}(?:\r(?:\n(?:\$(?:[1-9]\d{0,6}(?:\r\n?)?)?)?)?)?)?$/;
const REPLY_LIST = /^[*>~%]\d{1,7}\r\n[$:*+_#,%]-?\d/;
const REPLY_LIST_PREFIX = /^[*>~%](?:\d{1,7}(?:\r(?:\n(?:[$:*+_#,%]-?)?)?)?)?$/;
/** Replies that nobody else gives. */
const NAMED = [
  "-NOAUTH Auth",
  "-DENIED Redis",
  "-WRONGTYPE Op",
  "-LOADING Redis",
  "-WRONGPASS inv",
  "-MISCONF Redis",
  "-READONLY You",
  "+PONG\r\n",
  "+QUEUED\r\n",
];
const REPLY_ANY = /^(?:[+-][A-Z][^\r\n]*|:-?\d{1,20}|\$(?:-1|\d{1,9}))\r\n/;
const REPLY_PREFIX = /^(?:[+-](?:[A-Z][^\r\n]*)?|:-?\d{0,20}|\$(?:-|-1|\d{0,9}))\r?$/;
const WORDS =
  /^(?:ping|set|get|info|auth|select|config|client|hello|keys|del|incr|lpush|rpush|hset|hget|echo|quit|flushall|eval|publish|subscribe|monitor|exists|expire|scan|dbsize|multi|command|slaveof|module|save)(?: .*)?\r?\n/i;
const WORDS_PREFIX = /^[a-z]{1,12}(?: .*)?\r?$/i;

/** Looks for a command or a reply; commands in lines of text, and short replies, only on the usual port. */
export function probe(side: Side, { bytes, at, end }: ByteView, usualPort: boolean): Probe {
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  // Marks of values, or letters of a command in a line.
  if (first > 0x7e || (first >= 0x30 && first !== 0x3e && first < 0x41) || first < 0x20) return Probe.no;
  if (side === 0 && first !== 0x2a && !usualPort) return Probe.no;
  const head = latin1(bytes, at, Math.min(end, at + headBytes));
  return side === 0 ? probeCommand(head, usualPort) : probeReply(head, usualPort);
}

function probeCommand(head: string, usualPort: boolean): Probe {
  if (COMMAND.test(head)) return Probe.yes;
  if (COMMAND_PREFIX.test(head)) return Probe.more;
  if (!usualPort) return Probe.no;
  return WORDS.test(head) ? Probe.yes : head.length < headBytes && WORDS_PREFIX.test(head) ? Probe.more : Probe.no;
}

function probeReply(head: string, usualPort: boolean): Probe {
  if (REPLY_LIST.test(head) || NAMED.some((name) => head.startsWith(name))) return Probe.yes;
  if (REPLY_LIST_PREFIX.test(head) || NAMED.some((name) => name.startsWith(head))) return Probe.more;
  if (!usualPort) return Probe.no;
  if (REPLY_ANY.test(head) || head.length === headBytes) return /^[+-][A-Z]|^[:$]/.test(head) ? Probe.yes : Probe.no;
  return REPLY_PREFIX.test(head) ? Probe.more : Probe.no;
}
