import { expect, test } from "vitest";
import * as checksum from "#wire/checksum.ts";
import { actors } from "./actors/list.ts";
import { Playback } from "./playback.ts";

const VLAN = 0x8100;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TCP = 6;
const UDP = 17;

/** What a TCP side has sent so far. */
interface Sent {
  next: number;
  packets: number;
  ended: boolean;
}

interface Tally {
  tcp: number;
  udp: number;
  /** Segments behind a hole, and those that come again. */
  late: number;
  readonly wrong: string[];
}

/** Checks one frame; the sides' sequence numbers are kept in `sides`. */
function check(view: DataView, from: number, to: number, sides: Map<string, Sent>, tally: Tally): void {
  let ip = from + 14;
  if (view.getUint16(ip - 2) === VLAN) ip += 4;
  const type = view.getUint16(ip - 2);
  if (type !== IPV4 && type !== IPV6) return;
  const four = type === IPV4;
  const l4 = ip + (four ? 20 : 40);
  const length = four ? view.getUint16(ip + 2) - 20 : view.getUint16(ip + 4);
  const protocol = view.getUint8(four ? ip + 9 : ip + 6);
  if (l4 + length > to) tally.wrong.push("length");
  if (four && checksum.sumBytes(view, ip, l4) !== 0xffff) tally.wrong.push("IPv4 checksum");
  if (protocol !== TCP && protocol !== UDP) return;
  const pseudo = four ? checksum.pseudoSum4(view, ip, protocol, length) : checksum.pseudoSum6(view, ip, protocol, length);
  if (checksum.sumBytes(view, l4, l4 + length, pseudo) !== 0xffff) tally.wrong.push(`checksum of ${protocol}`);
  if (protocol === UDP) {
    tally.udp++;
    if (view.getUint16(l4 + 4) !== length) tally.wrong.push("UDP length");
    return;
  }
  tally.tcp++;
  const addresses = four
    ? `${view.getUint32(ip + 12)} ${view.getUint32(ip + 16)}`
    : `${view.getUint32(ip + 20)} ${view.getUint32(ip + 36)} v6`;
  sequence(view, l4, length, `${addresses} ${view.getUint32(l4)}`, sides, tally);
}

function sequence(view: DataView, l4: number, length: number, key: string, sides: Map<string, Sent>, tally: Tally): void {
  const flags = view.getUint8(l4 + 13);
  const payload = length - (view.getUint8(l4 + 12) >> 4) * 4;
  const at = view.getUint32(l4 + 4);
  const side = sides.get(key);
  if ((flags & 2) !== 0) sides.set(key, { next: (at + 1) >>> 0, packets: 1, ended: false });
  else if ((flags & 4) === 0) {
    if (side === undefined) return void tally.wrong.push("a segment without a SYN");
    if (side.ended && payload > 0) tally.wrong.push("data behind the end");
    const next = (at + payload + (flags & 1)) >>> 0;
    if (at !== side.next) tally.late++;
    if (((next - side.next) | 0) > 0) side.next = next;
    if ((flags & 1) !== 0) side.ended = true;
    side.packets++;
  }
}

test("every frame but the broken ones has right lengths, checksums and sequence numbers", () => {
  const { frames, scheduler } = new Playback({ seed: 11, actors: actors.filter((actor) => actor.name !== "malformed") });
  const end = scheduler.nextTime + 130e6;
  const sides = new Map<string, Sent>();
  const tally: Tally = { tcp: 0, udp: 0, late: 0, wrong: [] };
  while (scheduler.nextTime < end) {
    scheduler.step();
    for (let i = 0; i < frames.count; i++)
      check(frames.view, frames.start[i] as number, (frames.start[i] as number) + (frames.length[i] as number), sides, tally);
    frames.clear();
  }
  expect(tally.wrong).toEqual([]);
  expect(tally.tcp).toBeGreaterThan(40_000);
  expect(tally.udp).toBeGreaterThan(4_000);
  // A lost segment makes two: the one behind the hole, and itself when it comes again.
  expect(tally.late).toBeGreaterThan(0);
  expect(tally.late).toBeLessThan(tally.tcp / 1_000);
});
