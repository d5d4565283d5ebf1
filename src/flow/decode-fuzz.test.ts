import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex, toHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import type { FrameBlock } from "#contract/source.ts";
import { newCounters } from "#schema/metrics.ts";
import { LinkType } from "#wire/link-type.ts";
import { BATCH_PACKETS, Fragment, PacketColumns } from "./columns.ts";
import { Decoder } from "./decode.ts";
import { decodeReason } from "./decode-reason.ts";
import { blockOf, carriers, DNS, ETHER, type Frame, tcp, v4, v6 } from "./decode-testing.ts";

const linkTypes: readonly number[] = [...Object.values(LinkType), 147];

/** What must hold for every row, whatever the bytes. Answers the first breach in words. */
function breach(block: FrameBlock, columns: PacketColumns): string | undefined {
  for (let row = 0; row < columns.count; row++) {
    const frame = columns.frame[row] as number;
    const start = block.offset[frame] as number;
    const end = start + (block.captured[frame] as number);
    const inside = (at: number): boolean => at >= start && at <= end;
    const where = `link type ${block.linkType[frame]} frame ${toHex(block.bytes, start, end)}`;
    const ether = columns.ether[row] as number;
    if (ether >= 0 && !(inside(ether) && inside(ether + 14))) return `ether outside: ${where}`;
    if (columns.ipVersion[row] === 0) {
      if (columns.l4[row] !== -1) return `offset without IP: ${where}`;
      // An ARP message that has passed its check (RFC 826: 28 bytes over Ethernet).
      const arp = columns.l3[row] as number;
      if (arp !== -1 && !(inside(arp) && inside(arp + 28))) return `ARP outside: ${where}`;
      continue;
    }
    const l3 = columns.l3[row] as number;
    if (!inside(l3) || !inside(l3 + (columns.ipVersion[row] === 4 ? 20 : 40))) return `l3 outside: ${where}`;
    const l4 = columns.l4[row] as number;
    if (l4 !== -1 && !inside(l4)) return `l4 outside: ${where}`;
    const payload = columns.payload[row] as number;
    const bytes = columns.payloadBytes[row] as number;
    if (!inside(payload) || bytes < 0 || !inside(payload + bytes)) return `payload outside: ${where}`;
    if ((columns.payloadWireBytes[row] as number) < bytes) return `wire payload smaller than captured: ${where}`;
    if (columns.fragment[row] === Fragment.later && l4 !== -1) return `later fragment with a transport header: ${where}`;
    const header = l4 === -1 ? 0 : { 6: 20, 17: 8, 1: 8, 58: 8, 132: 12, 136: 8 }[columns.protocol[row] as number];
    if (header !== undefined && l4 !== -1 && payload - l4 < header) return `transport header not there: ${where}`;
  }
  return undefined;
}

const columns = new PacketColumns();
const others = new PacketColumns();
const decoders = (["no", "auto", "yes"] as const).map((checksums) => new Decoder({ checksums }, newCounters()));

/** Decodes the whole block in each checksum mode, asks for the reasons, and once more with other bytes around the frames. */
function check(block: FrameBlock): void {
  for (const decoder of decoders) {
    for (let from = 0; from < block.count; from += BATCH_PACKETS) {
      const to = Math.min(from + BATCH_PACKETS, block.count);
      decoder.decode(block, from, to, columns);
      const found = breach(block, columns);
      if (found !== undefined) throw new Error(found);
      decoder.decode(surrounded(block, 0x45), from, to, others);
      for (const [name, values] of Object.entries(columns)) {
        if (typeof values === "number") continue;
        const row = (values as Int32Array)
          .subarray(0, to - from)
          .findIndex((value, index) => value !== (others[name as keyof PacketColumns] as Int32Array)[index]);
        if (row >= 0) throw new Error(`${name} depends on bytes outside of frame ${from + row}`);
      }
    }
  }
  for (let row = 0; row < Math.min(columns.count, 4); row++)
    decodeReason(block, columns.frame[row] as number, columns.verdict[row] as number);
}

/** The same frames at the same places, with other bytes between them. */
function surrounded(block: FrameBlock, filler: number): FrameBlock {
  const bytes = new Uint8Array(block.bytes.length).fill(filler);
  for (let index = 0; index < block.count; index++) {
    const start = block.offset[index] as number;
    bytes.set(block.bytes.subarray(start, start + (block.captured[index] as number)), start);
  }
  return { ...block, bytes, view: new DataView(bytes.buffer) };
}

test("any bytes of any link type neither throw nor leave the frame", () => {
  fc.assert(
    fc.property(fc.constantFrom(...linkTypes), fc.uint8Array({ maxLength: 120 }), fc.nat(40), fc.nat(), (link, bytes, cut, vlan) =>
      check(blockOf([{ hex: toHex(bytes), link, cut, vlan }])),
    ),
    { seed: 7, numRuns: 3000 },
  );
});

test("every shorter prefix of every carrier, cut by the snap length or not", () => {
  for (const [, frame] of carriers) {
    const text = toHex(fromHex(frame.hex));
    const whole = text.length / 2;
    const prefixes: Frame[] = [];
    for (let bytes = 0; bytes < whole; bytes++) {
      prefixes.push({ ...frame, hex: text.slice(0, bytes * 2) }, { ...frame, hex: text.slice(0, bytes * 2), cut: whole - bytes });
    }
    check(blockOf(prefixes));
  }
});

test("random changes of every carrier", () => {
  const random = new Random(4789);
  for (const [, frame] of carriers)
    check(blockOf(Array.from({ length: 200 }, () => ({ ...frame, hex: mutate(fromHex(frame.hex), random) }))));
});

/** One to four bytes changed to anything, to an extreme, or by one. */
function mutate(bytes: Uint8Array, random: Random): string {
  const changed = bytes.slice();
  for (let count = random.between(1, 5); count > 0 && changed.length > 0; count--) {
    const at = random.between(0, changed.length);
    changed[at] = random.pick([random.between(0, 256), 0, 0xff, 0x7f, (changed[at] as number) + 1, (changed[at] as number) - 1]);
  }
  return toHex(changed, 0, random.chance(0.3) ? random.between(0, changed.length + 1) : changed.length);
}

test("the straight path for common frames writes what the walk writes", () => {
  const random = new Random(3);
  const texts = [
    `${ETHER} 0800 ${v4(6, tcp("6162"))} 0000`,
    `${ETHER} 0800 ${v4(6, `${tcp("").replace("50 18", "80 18")}0101080a 00000001 00000002 61`)}`,
    `${ETHER} 0800 ${v4(17, DNS)}`,
    `${ETHER} 86dd ${v6(6, tcp("6162"))}`,
    `${ETHER} 86dd ${v6(17, DNS)} 0000`,
  ].map((text) => toHex(fromHex(text)));
  const all = texts.flatMap((text) => Array.from({ length: 600 }, (_, index) => (index === 0 ? text : mutate(fromHex(text), random))));
  for (let from = 0; from < all.length; from += BATCH_PACKETS) {
    const batch = all.slice(from, from + BATCH_PACKETS);
    const decoder = new Decoder({ checksums: "no" }, newCounters());
    decoder.decode(blockOf(batch.map((hex) => ({ hex }))), 0, batch.length, columns);
    // A tag of id 0 is not told, but leads to the walk.
    decoder.decode(blockOf(batch.map((hex) => ({ hex, vlan: 0x81000000 }))), 0, batch.length, others);
    expect(others).toEqual(columns);
  }
});

test("the same frame gives the same row alone and among others", () => {
  const random = new Random(1);
  const frames = Array.from({ length: 150 }, () => {
    const [, frame] = random.pick(carriers);
    return random.chance(0.5) ? frame : { ...frame, hex: mutate(fromHex(frame.hex), random) };
  });
  const block = blockOf(frames);
  const together = new PacketColumns();
  const alone = new PacketColumns();
  const decoder = new Decoder({ checksums: "auto" }, newCounters());
  decoder.decode(block, 0, block.count, together);
  for (let index = 0; index < block.count; index++) {
    decoder.decode(block, index, index + 1, alone);
    for (const [name, values] of Object.entries(together)) {
      if (typeof values === "number") continue;
      expect([name, (alone[name as keyof PacketColumns] as Int32Array)[0]]).toEqual([name, (values as Int32Array)[index]]);
    }
  }
});

const corpora = process.env["ODDWIRE_CORPORA"];

/** The first frames of a classic pcap file with their link type; none for other files. */
function framesOf(path: string): Frame[] {
  const bytes = readFileSync(path);
  if (bytes.length < 24) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint32(0, true) === 0xa1b2c3d4;
  if (!little && view.getUint32(0) !== 0xa1b2c3d4) return [];
  const link = view.getUint32(20, little) & 0xffff;
  const frames: Frame[] = [];
  for (let at = 24; at + 16 <= bytes.length && frames.length < 40; ) {
    const captured = view.getUint32(at + 8, little);
    if (at + 16 + captured > bytes.length) break;
    frames.push({ hex: toHex(bytes, at + 16, at + 16 + captured), link });
    at += 16 + captured;
  }
  return frames;
}

test.skipIf(corpora === undefined)("random changes of real captures (needs ODDWIRE_CORPORA)", () => {
  const folder = join(corpora as string, "dev", "pcaps");
  const files = ["tunnel", "link", "robustness", "icmp", "sctp"].flatMap((name) =>
    readdirSync(join(folder, name))
      .toSorted()
      .map((file) => join(folder, name, file)),
  );
  const random = new Random(20_261_121);
  const deadline = performance.now() + 2000;
  for (const file of files) {
    if (performance.now() > deadline) return;
    const frames = framesOf(file);
    if (frames.length === 0) continue;
    check(blockOf(frames));
    check(blockOf(frames.flatMap((frame) => Array.from({ length: 5 }, () => ({ ...frame, hex: mutate(fromHex(frame.hex), random) })))));
  }
});
