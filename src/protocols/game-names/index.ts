import type { ByteView } from "#base/bytes.ts";
import { FINISHED, type Parser, Probe, type ProtocolDefinition, type Side } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";

/** Games that are told by name and no more: one look at the first message. */
type Look = (side: Side, view: ByteView) => Probe;

const parser: Parser = { data: () => FINISHED, gap: () => false, end: () => undefined };

const named = (name: string, transports: readonly ("tcp" | "udp")[], look: Look): ProtocolDefinition => ({
  name,
  depth: "named",
  transports,
  ports: [],
  probe: look,
  create: () => parser,
});

/** Probe of a stream that begins with the characters of `text`. */
function beginsWith({ bytes, at, end }: ByteView, text: string): Probe {
  const length = Math.min(text.length, end - at);
  for (let i = 0; i < length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return Probe.no;
  return length === text.length ? Probe.yes : Probe.more;
}

/** Both sides greet with a length of 48 and a sentence. */
const worldOfWarcraft: Look = (_side, view) => beginsWith(view, "0\0WORLD OF WARCRAFT CONNECTION - ");

/** The Elder Scrolls Online: three lengths and versions that agree. */
function elderScrolls(_side: Side, { view, at, end }: ByteView): Probe {
  for (let i = at; i < Math.min(end, at + 2); i++) if (view.getUint8(i) !== 0) return Probe.no;
  if (end - at < 8) return Probe.more;
  if (view.getUint32(at + 4) !== 0x00010001) return Probe.no;
  if (end - at < 12) return Probe.more;
  const length = view.getUint32(at);
  return length >= 32 && length < 16_384 && view.getUint32(at + 8) === length - 8 ? Probe.yes : Probe.no;
}

/** Tencent's gateways: a magic, a version twice, then the lengths of head and body, which make up the packet. */
function tencent(_side: Side, { view, at, end }: ByteView): Probe {
  const length = end - at;
  if (length < 6)
    return prefixOf(view, at, end, 0x33660000) || prefixOf(view, at, end, 0x4215f787) || prefixOf(view, at, end, 0x4366aa00)
      ? Probe.more
      : Probe.no;
  const magic = view.getUint32(at);
  if (magic === 0x4366aa00) return view.getUint16(at + 4) === 0 && length >= 16 ? Probe.yes : length < 16 ? Probe.more : Probe.no;
  if (magic === 0x4215f787) {
    if (length < 10) return Probe.more;
    const kind = view.getUint16(at + 4);
    return kind === 0x03e9 || kind === 0x03ea ? Probe.yes : Probe.no;
  }
  if (magic >>> 16 !== 0x3366 || view.getUint16(at + 4) !== (magic & 0xffff)) return Probe.no;
  if (length < 21) return Probe.more;
  const head = view.getUint32(at + 13);
  const body = view.getUint32(at + 17);
  if (head < 21 || head > 4096 || body > 65_536) return Probe.no;
  return length < head + body ? (length < 1024 ? Probe.more : Probe.yes) : Probe.yes;
}

/** The first two bytes of a magic, as far as they are there. */
function prefixOf(view: DataView, at: number, end: number, magic: number): boolean {
  for (let i = 0; i < Math.min(2, end - at); i++) if (view.getUint8(at + i) !== ((magic >>> (24 - 8 * i)) & 0xff)) return false;
  return true;
}

/** Genshin Impact over UDP: the handshake and its answer, each with its own number at the end. */
function genshin(_side: Side, { view, at, end }: ByteView): Probe {
  if (end - at !== 20 || view.getUint32(at + 12) !== 0x499602d2) return Probe.no;
  const first = view.getUint32(at);
  const last = view.getUint32(at + 16);
  return (first === 0xff && last === 0xffffffff) || (first === 0x145 && last === 0x14514545) ? Probe.yes : Probe.no;
}

/** The same over TCP: a first packet of 42 bytes that says its length and is empty but for two numbers. */
function genshinStream(side: Side, { view, at, end }: ByteView): Probe {
  if (side !== 0) return Probe.no;
  const head = [1, 0, 0, 0, 42, 7, 0, 0, 0, 0];
  for (let i = 0; i < Math.min(head.length, end - at); i++) if (view.getUint8(at + i) !== head[i]) return Probe.no;
  for (let i = at + 18; i < Math.min(at + 37, end); i++) if (view.getUint8(i) !== 0) return Probe.no;
  return end - at < 38 ? Probe.more : Probe.yes;
}

/** Nintendo's connections between consoles: a magic and a version. */
const nintendo: Look = (_side, { view, at, end }) =>
  end - at >= 12 && view.getUint32(at) === 0x32ab9864 && (view.getUint8(at + 4) & 0x7f) >= 1 && (view.getUint8(at + 4) & 0x7f) <= 2
    ? Probe.yes
    : Probe.no;

/** Call of Duty between consoles: 29 bytes with the sender's own address and port 3074. */
function activision(_side: Side, { view, at, end }: ByteView): Probe {
  if (end - at !== 29) return Probe.no;
  const first = view.getUint8(at);
  if ((first !== 0x0c && first !== 0x0d) || view.getUint16(at + 1) !== 0x0200) return Probe.no;
  return view.getUint16(at + 21, true) === 3074 ? Probe.yes : Probe.no;
}

/** Steam's connection managers, and pings of its relays. */
function steam(_side: Side, { view, at, end }: ByteView): Probe {
  if (end - at < 8) return Probe.no;
  const first = view.getUint32(at);
  if (first === 0x56533031) return end - at >= 36 ? Probe.yes : Probe.no;
  return first === 0x01017364 && view.getUint32(at + 4) === 0x70696e67 ? Probe.yes : Probe.no;
}

/** The same over TCP: a length, then a mark. */
function steamStream(_side: Side, { view, at, end }: ByteView): Probe {
  const mark = [0x56, 0x54, 0x30, 0x31];
  for (let i = at + 2; i < Math.min(end, at + 4); i++) if (view.getUint8(i) !== 0) return Probe.no;
  for (let i = 0; i < Math.min(mark.length, end - at - 4); i++) if (view.getUint8(at + 4 + i) !== mark[i]) return Probe.no;
  return end - at < 8 ? Probe.more : Probe.yes;
}

/** Sony's game servers (Medius): the client's first frame is a key of 64 bytes behind its check sum, or a certificate. */
function medius(side: Side, { view, at, end }: ByteView): Probe {
  if (side !== 0 || end === at) return side === 0 ? Probe.more : Probe.no;
  const first = view.getUint8(at);
  if (first !== 0x92 && first !== 0x24) return Probe.no;
  if (end - at < 9) return Probe.more;
  const length = view.getUint16(at + 1, true);
  if (first === 0x92) return length === 64 && end - at === 71 ? Probe.yes : length === 64 && end - at < 71 ? Probe.more : Probe.no;
  if (view.getUint16(at + 3, true) !== 1 || view.getUint16(at + 7, true) !== 3 || length < 64 || length > 4096) return Probe.no;
  return end - at === length + 3 ? Probe.yes : end - at < length + 3 ? Probe.more : Probe.no;
}

export default definePlugin({
  name: "game-names",
  summary: "Games that are recognised and not read: World of Warcraft, Genshin Impact, Steam, consoles and others.",
  protocols: [
    named("world-of-warcraft", ["tcp"], worldOfWarcraft),
    named("tes-online", ["tcp"], elderScrolls),
    named("tencent-games", ["tcp"], tencent),
    named("genshin-impact", ["udp"], genshin),
    named("genshin-impact", ["tcp"], genshinStream),
    named("nintendo", ["udp"], nintendo),
    named("medius", ["tcp"], medius),
    named("activision", ["udp"], activision),
    named("steam", ["udp"], steam),
    named("steam", ["tcp"], steamStream),
  ],
});
