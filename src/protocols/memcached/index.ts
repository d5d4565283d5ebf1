import { ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";
import { BINARY_BYTES, COMMANDS, MemcachedParser, REPLIES } from "./parser.ts";

const memcachedKind: Kind = defineKind({
  name: "memcached",
  message: ["command"],
  summary: "A command to memcached, or its answer.",
  fields: {
    memcached: object("The message.", {
      command: optional(text("Command: `get`, `set`, `stats` …")),
      reply: optional(text("First word of an answer: `STORED`, `VALUE`, `ERROR` …; of the binary protocol its status.")),
      key: optional(text("Key, at most 250 bytes.")),
      keys: optional(integer("Keys that are asked for, when there is more than one.", { unit: "keys" })),
      value_bytes: optional(integer("Length of the value.", { unit: "bytes" })),
      binary: optional(boolean("Binary protocol.")),
    }),
  },
  columns: [
    { name: "command", path: "memcached.command", type: "text", doc: "Command.", index: true },
    { name: "reply", path: "memcached.reply", type: "text", doc: "Answer." },
    { name: "key", path: "memcached.key", type: "text", doc: "Key." },
  ],
});

const headBytes = 300;
/** Number, place, count of datagrams, and a zero in front of each datagram. */
const DATAGRAM_BYTES = 8;

function probe(side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  if (end === at) return Probe.more;
  const first = bytes[at] as number;
  if (first === (side === 0 ? 0x80 : 0x81)) {
    if (end - at < BINARY_BYTES) return Probe.more;
    const body = view.getUint32(at + 8);
    const fits = view.getUint16(at + 2) + (bytes[at + 4] as number) <= body && (bytes[at + 1] as number) <= 0x40 && bytes[at + 5] === 0;
    return fits && body < 0x10_0000 && (usualPort || view.getUint16(at + 6) === 0) ? (usualPort ? Probe.yes : Probe.maybe) : Probe.no;
  }
  const letters = side === 0 ? first >= 0x61 && first <= 0x7a : first >= 0x41 && first <= 0x5a;
  if (!letters) return Probe.no;
  const head = latin1(bytes, at, Math.min(end, at + headBytes));
  const line = /^([^\r\n]*)\r?\n/.exec(head)?.[1];
  if (line === undefined) return head.length < headBytes && prefixFits(side, head) ? Probe.more : Probe.no;
  const known = (side === 0 ? COMMANDS : REPLIES).test(line);
  // Other protocols know some of these words: only the whole line of a storage command or a value tells them apart.
  const telling =
    side === 0
      ? /^(?:set|add|replace|append|prepend|cas|stats|gets|incr|decr|flush_all)\b/.test(line)
      : /^(?:VALUE |STAT |STORED$|NOT_STORED$)/.test(line);
  return known && (usualPort || telling) ? Probe.yes : Probe.no;
}

/** Whether the first word, as far as it is there, is or may become a known one. */
function prefixFits(side: Side, head: string): boolean {
  const word = head.split(/[ \r]/, 1)[0] as string;
  if (word !== head.trimEnd()) return WORDS[side].includes(word);
  return WORDS[side].some((one) => one.startsWith(word));
}
const WORDS: readonly [readonly string[], readonly string[]] = [
  "get gets gat gats set add replace append prepend cas delete incr decr touch stats version verbosity flush_all quit".split(" "),
  "VALUE END STORED NOT_STORED EXISTS NOT_FOUND DELETED TOUCHED OK ERROR CLIENT_ERROR SERVER_ERROR STAT VERSION RESET".split(" "),
];

function probeDatagram(side: Side, view: ByteView, usualPort: boolean): Probe {
  const { view: data, at, end } = view;
  if (end - at <= DATAGRAM_BYTES || data.getUint16(at + 6) !== 0 || data.getUint16(at + 2) >= data.getUint16(at + 4)) return Probe.no;
  const inside = probe(side, new ByteView(view.bytes, data, at + DATAGRAM_BYTES, end), usualPort);
  return inside === Probe.more ? Probe.no : inside;
}

export default definePlugin({
  name: "memcached",
  summary: "memcached: commands and answers, text and binary.",
  kinds: [memcachedKind],
  protocols: [
    { name: "memcached", transports: ["tcp"], ports: [11_211], probe, create: (context) => new MemcachedParser(context, 0) },
    {
      name: "memcached",
      transports: ["udp"],
      ports: [11_211],
      probe: probeDatagram,
      create: (context) => new MemcachedParser(context, DATAGRAM_BYTES),
    },
  ],
});
