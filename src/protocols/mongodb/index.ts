import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { mongodbKind } from "./facts.ts";
import { HEADER_BYTES, MongodbParser, messageLength, Opcode } from "./parser.ts";

/** Number of the request that is answered, and where the rest of the message begins. */
const ANSWERS = 8;
const NAME_MAX = 200;

/** A header with a known operation, and what must stand behind it. Requests answer nothing. */
function probe(side: Side, input: ByteView): Probe {
  const { bytes, view, at, end } = input;
  const length = messageLength(input, at);
  if (length < 0) return Probe.no;
  if (length === 0) return end - at < 4 || bytes[at + 3] === 0 || (bytes[at + 3] as number) <= 2 ? Probe.more : Probe.no;
  if (side === 0 && view.getUint32(at + ANSWERS, true) !== 0) return Probe.no;
  if (end - at < HEADER_BYTES + 9) return Probe.more;
  const body = at + HEADER_BYTES;
  const opcode = view.getUint32(at + 12, true);
  if (opcode === Opcode.msg) {
    const flags = view.getUint32(body, true);
    const kind = bytes[body + 4] as number;
    const size = view.getUint32(body + 5, true);
    return (flags & ~0x1_0003) === 0 && kind <= 1 && size >= 5 && size <= length - HEADER_BYTES - 5 ? Probe.yes : Probe.no;
  }
  if (opcode === Opcode.compressed) return (bytes[body + 8] as number) <= 3 && view.getUint32(body, true) >= 1 ? Probe.yes : Probe.no;
  if (opcode === Opcode.reply) return side === 1 && view.getUint32(body, true) <= 15 ? Probe.yes : Probe.no;
  return side === 0 ? probeName(bytes, body + 4, Math.min(end, at + length)) : Probe.no;
}

/** `database.collection` and a zero. */
function probeName(bytes: Uint8Array, at: number, end: number): Probe {
  let dots = 0;
  for (let i = at; i < end && i < at + NAME_MAX; i++) {
    const byte = bytes[i] as number;
    if (byte === 0) return dots > 0 ? Probe.yes : Probe.no;
    if (byte < 0x20 || byte === 0x7f) return Probe.no;
    if (byte === 0x2e && i > at) dots++;
  }
  return end - at < NAME_MAX ? Probe.more : Probe.no;
}

export default definePlugin({
  name: "mongodb",
  summary: "MongoDB: commands and their replies.",
  kinds: [mongodbKind],
  protocols: [
    { name: "mongodb", transports: ["tcp"], ports: [27_017, 27_018, 27_019], probe, create: (context) => new MongodbParser(context) },
  ],
});
