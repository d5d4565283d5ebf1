import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "#base/bytes.ts";
import { defaultConfig } from "#schema/config.ts";
import { M, newCounters } from "#schema/metrics.ts";
import { Verdict } from "#wire/verdict.ts";
import { PacketColumns } from "./columns.ts";
import { Decoder } from "./decode.ts";
import { blockOf, ETHER, hex, INNER, size, udp } from "./decode-testing.ts";
import { Defragmenter } from "./defragmenter.ts";

const MORE = 0x2000;
const PAYLOAD = Array.from({ length: 200 }, (_, i) => hex(i, 1)).join("");
const DATAGRAM = udp(40_000, 5000, PAYLOAD);
const V6_PAIR = "20010db8000000000000000000000001 20010db8000000000000000000000002";

/** Part `[from, to)` of a payload, as an IPv4 fragment. */
function part4(payload: string, from: number, to: number, id = 0x1234, protocol = 17): string {
  const bytes = fromHex(payload);
  const end = Math.min(to, bytes.length);
  const field = (from >> 3) | (end < bytes.length ? MORE : 0);
  return `${ETHER} 0800 45 00 ${hex(20 + end - from, 2)} ${hex(id, 2)} ${hex(field, 2)} 40 ${hex(protocol, 1)} 0000 0a000001 0a000002 ${toHex(bytes, from, end)}`;
}

/** The same for IPv6, behind a hop-by-hop header. */
function part6(payload: string, from: number, to: number): string {
  const bytes = fromHex(payload);
  const end = Math.min(to, bytes.length);
  const fragment = `1100 ${hex(from | (end < bytes.length ? 1 : 0), 2)} 00001234`;
  const rest = `2c00 050200000100 ${fragment} ${toHex(bytes, from, end)}`;
  return `${ETHER} 86dd 60000000 ${hex(size(rest), 2)} 00 40 ${V6_PAIR} ${rest}`;
}

interface Result {
  readonly wholes: readonly string[];
  readonly verdicts: readonly number[];
  readonly counters: Float64Array;
  readonly defragmenter: Defragmenter;
}

/** Adds frames, one a second; tells the payloads of the whole datagrams in hexadecimal. */
function put(
  frames: readonly string[],
  config: { readonly [name: string]: number } = {},
  seconds: (index: number) => number = (i) => i,
): Result {
  const counters = newCounters();
  const defragmenter = new Defragmenter({ ...defaultConfig, ...config }, "no", counters, () => true);
  const block = blockOf(frames.map((frame) => ({ hex: frame })));
  const columns = new PacketColumns();
  const wholes: string[] = [];
  const verdicts: number[] = [];
  for (const index of frames.keys()) {
    block.time[index] = seconds(index) * 1_000_000;
    new Decoder({ checksums: "no" }, newCounters()).decode(block, index, index + 1, columns);
    if (defragmenter.add(block, columns, 0, 0)) {
      const { columns: whole, block: own } = defragmenter;
      const at = whole.payload[0] as number;
      wholes.push(toHex(own.bytes, at, at + (whole.payloadBytes[0] as number)));
      expect([own.firstNumber, whole.verdict[0]]).toEqual([1 + index, Verdict.ok]);
    }
    verdicts.push(columns.verdict[0] as number);
  }
  return { wholes, verdicts, counters, defragmenter };
}

describe("defragmenter", () => {
  test.each([
    ["IPv4", part4],
    ["IPv6 behind an extension header", part6],
  ])("%s: fragments of any size in any order are the datagram", (_case, part) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 6 }), fc.infiniteStream(fc.nat()), (cuts, order) => {
        const total = size(DATAGRAM);
        const places = [...new Set([0, ...cuts.map((cut) => cut * 8)])].toSorted((a, b) => a - b);
        const frames = places.map((from, index) => part(DATAGRAM, from, places[index + 1] ?? total));
        if (frames.length < 2) return;
        for (let i = frames.length - 1; i > 0; i--) {
          const j = (order.next().value as number) % (i + 1);
          [frames[i], frames[j]] = [frames[j] as string, frames[i] as string];
        }
        const { wholes, verdicts, defragmenter } = put(frames);
        expect([wholes, Math.max(...verdicts)]).toEqual([[PAYLOAD], Verdict.ok]);
        expect([defragmenter.held, defragmenter.waiting]).toEqual([0, 0]);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test("a datagram that carries a tunnel is read to the innermost packet", () => {
    const { wholes, defragmenter } = put([part4(INNER, 0, 16, 1, 4), part4(INNER, 16, 99, 1, 4)]);
    expect([wholes, defragmenter.columns.source0[0], defragmenter.carried]).toEqual([["abcd"], 0xc0a80001 | 0, true]);
  });

  test("fragments inside fragments are put together", () => {
    const inner = part4(DATAGRAM, 0, 104, 7).slice(ETHER.length + 5);
    const last = part4(DATAGRAM, 104, 999, 7).slice(ETHER.length + 5);
    const frames = [inner, last].flatMap((packet, id) => [part4(packet, 0, 64, id, 4), part4(packet, 64, 999, id, 4)]);
    expect(put(frames).wholes).toEqual([PAYLOAD]);
  });

  test("an overlap is told of the fragment that makes it", () => {
    const { wholes, verdicts } = put([part4(DATAGRAM, 0, 64), part4(DATAGRAM, 48, 104), part4(DATAGRAM, 104, 999)]);
    expect([wholes, verdicts]).toEqual([[PAYLOAD], [Verdict.ok, Verdict.ipv4FragmentOverlap, Verdict.ok]]);
  });

  test.each([
    ["another identification", part4(DATAGRAM, 64, 999, 0x1235)],
    ["another protocol", part4(DATAGRAM, 64, 999, 0x1234, 6)],
    ["a VLAN tag", part4(DATAGRAM, 64, 999).replace(" 0800 ", " 8100 0064 0800 ")],
  ])("a fragment with %s does not belong to the datagram", (_case, frame) => {
    const { wholes, defragmenter } = put([part4(DATAGRAM, 0, 64), frame]);
    expect([wholes, defragmenter.waiting]).toEqual([[], 2]);
  });

  test("fragments that come too late begin anew, and what waited too long is given up", () => {
    const frames = [part4(DATAGRAM, 0, 64), part4(DATAGRAM, 64, 999), part4(DATAGRAM, 0, 64, 9)];
    const { wholes, counters, defragmenter } = put(frames, { "defrag.timeout-s": 10 }, (index) => index * 11);
    expect([wholes, counters[M.datagramsTimedOut], defragmenter.waiting]).toEqual([[], 2, 1]);
  });

  test("the oldest datagram goes when too many wait", () => {
    const frames = Array.from({ length: 40 }, (_, id) => part4(DATAGRAM, 0, 64, id));
    const { counters, defragmenter } = put(frames, { "defrag.datagrams-max": 16 });
    expect([defragmenter.waiting, counters[M.datagramsEvicted]]).toEqual([16, 24]);
  });

  test("memory stays below its limit, whatever is sent", () => {
    const frames = Array.from({ length: 600 }, (_, i) => part4(DATAGRAM, (i % 20) * 8, (i % 20) * 8 + 8, i % 300));
    const { defragmenter, counters } = put(frames, { "defrag.bytes-max": 20_000 });
    expect(defragmenter.held).toBeLessThanOrEqual(20_000);
    expect(counters[M.datagramsEvicted]).toBeGreaterThan(100);
  });

  test("no datagram has more fragments than it may", () => {
    const frames = Array.from({ length: 5 }, (_, i) => part4(DATAGRAM, 8 + i * 8, 16 + i * 8));
    const { verdicts, counters } = put(frames, { "defrag.fragments-max": 3 });
    const ignored = Verdict.ipv4FragmentIgnored;
    expect([verdicts, counters[M.fragmentsIgnored]]).toEqual([[0, 0, 0, ignored, ignored], 2]);
  });
});
