import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadConfig } from "#app/config.ts";
import { enabledPlugins } from "#app/plugins.ts";
import { Random } from "#base/random.ts";
import { BlockPoolMemory } from "#capture/block.ts";
import { openCaptures } from "#capture/open.ts";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { concat, inPieces, type PcapRecord, pcapFile, words } from "#capture/testing.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import { runInline } from "#pipeline/run-inline.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { M } from "#schema/metrics.ts";
import { chosen } from "./corpora.ts";
import { parseLines, temporary } from "./oddwire.ts";
import { complaints } from "./schema-complaints.ts";
import { trafficFile } from "./traffic.ts";

const mutations = 10_000;
const perRun = 1000;
/** Frames of a capture that are mutated. */
const framesMax = 60;
/** Numbers that break readers. */
const extremes = [0, 1, 3, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

interface Analysis {
  readonly packets: number;
  readonly bugs: readonly string[];
  readonly events: readonly OddwireEvent[];
  readonly milliseconds: number;
  /** Heap and buffers after the run, bytes. */
  readonly memory: number;
}

/** A capture through the whole pipeline in this process, on blocks that are overwritten when they are given back. */
async function analyse(capture: Uint8Array, settings: readonly string[] = []): Promise<Analysis> {
  const { config } = await loadConfig({ settings: ["capture.checksum-validation=no", "flow.flows-max=20000", ...settings] });
  const pool = new BlockPoolMemory({ bytesMax: 1 << 19, framesMax: 1024, blocks: 1, shared: false, poison: true });
  const parts: string[] = [];
  const sink = {
    name: "test",
    dropped: 0,
    start: async () => undefined,
    write: async (lines: Uint8Array) => void parts.push(Buffer.from(lines).toString()),
    flush: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const bugs: string[] = [];
  const onBug = (where: string, error: unknown): void =>
    void bugs.push(`${where}: ${error instanceof Error ? error.stack : String(error)}`);
  const started = performance.now();
  await using source = await openCaptures(["-"], { pool, standardInput: inPieces(capture, [65_536]) });
  const { counters } = await runInline({
    config,
    source,
    sinks: [sink],
    plugins: enabledPlugins(config),
    platform: createNodePlatform(),
    onBug,
  });
  const milliseconds = performance.now() - started;
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  expect(counters[M.parserBugs]).toBe(bugs.length);
  return {
    packets: counters[M.packets] as number,
    bugs,
    events: parseLines(parts.join("")),
    milliseconds,
    memory: heapUsed + arrayBuffers,
  };
}

/** Ethernet frames of captures to start from: made-up traffic, and real captures where they are. */
function seeds(): readonly (readonly Uint8Array[])[] {
  using folder = temporary();
  writeScenario(folder.at("scenario.pcap"), { seed: 11, seconds: 60 });
  const scenario = framesOf(readFileSync(folder.at("scenario.pcap")));
  const parts = Array.from({ length: 20 }, (_, i) => scenario.slice(i * framesMax, (i + 1) * framesMax)).filter((part) => part.length > 0);
  const real = chosen(200, () => true, 60_000).map(({ path }) => framesOf(readFileSync(path)).slice(0, framesMax));
  return [framesOf(trafficFile(4)), ...parts, ...real].filter((frames) => frames.length > 0);
}

/** Frames of a pcap file of Ethernet; none of any other file. */
function framesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes.length > 24 && view.getUint32(0, true) === 0xa1b2c3d4;
  if (!little && (bytes.length <= 24 || view.getUint32(0) !== 0xa1b2c3d4)) return [];
  if (view.getUint32(20, little) !== 1) return [];
  const frames: Uint8Array[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const length = view.getUint32(at + 8, little);
    frames.push(bytes.slice(at + 16, Math.min(bytes.length, at + 16 + length)));
    at += 16 + length;
  }
  return frames;
}

/** A copy with frames taken out, doubled and put in the wrong order, and bytes changed in some of those that are left. */
function mutate(frames: readonly Uint8Array[], random: Random): readonly Uint8Array[] {
  const result = frames.map((frame) => (random.chance(0.15) ? mutateFrame(frame, random) : frame));
  for (let i = random.between(0, 4); i > 0 && result.length > 1; i--) {
    const at = random.between(0, result.length);
    const [taken] = result.splice(at, 1);
    if (taken !== undefined && random.chance(0.7)) result.splice(random.between(0, result.length), 0, taken);
    if (taken !== undefined && random.chance(0.3)) result.splice(at, 0, taken);
  }
  return result;
}

function mutateFrame(frame: Uint8Array, random: Random): Uint8Array {
  const result = frame.slice();
  if (result.length < 20) return result;
  const view = new DataView(result.buffer);
  for (let i = random.between(1, 4); i > 0; i--) {
    const at = random.between(12, result.length - 4);
    switch (random.between(0, 5)) {
      case 0:
        result[at] = random.between(0, 256);
        break;
      case 1:
        view.setUint16(at, random.pick(extremes) & 0xffff);
        break;
      case 2:
        view.setUint32(at, random.pick(extremes));
        break;
      case 3:
        result.copyWithin(at, random.between(12, result.length));
        break;
      default:
        return random.chance(0.5)
          ? result.subarray(0, at)
          : concat([result.subarray(0, at), random.bytes(random.between(1, 64)), result.subarray(at)]);
    }
  }
  return result;
}

/** The frame in a VLAN of its own, so that the flows of mutated copies stay apart. */
const tagged = (frame: Uint8Array, id: number): Uint8Array =>
  frame.length < 14 ? frame : concat([frame.subarray(0, 12), Uint8Array.of(0x81, 0, (id >> 8) & 0x0f, id & 0xff), frame.subarray(12)]);

const records = (frames: readonly Uint8Array[]): readonly PcapRecord[] =>
  frames.map((data, i) => ({ seconds: 1_700_000_000 + Math.floor(i / 1000), fraction: (i % 1000) * 1000, data }));

describe("hostile input ends with a verdict: no exception, no hang, no memory without bound", () => {
  const originals = seeds();

  test.each(Array.from({ length: mutations / perRun }, (_, run) => run))("changed captures, seed %i", async (run) => {
    const random = new Random(1000 + run);
    const frames = Array.from({ length: perRun }, (_, i) =>
      mutate(random.pick(originals), random).map((frame) => tagged(frame, i + 1)),
    ).flat();
    const { packets, bugs, events, milliseconds, memory } = await analyse(pcapFile({ snapBytes: 262_144 }, records(frames)));
    expect(bugs).toEqual([]);
    expect(packets).toBe(frames.length);
    expect(complaints(events)).toEqual([]);
    expect(events.filter((event) => event.event_type === "flow").length).toBeGreaterThan(perRun / 2);
    expect(milliseconds).toBeLessThan(20_000);
    expect(memory).toBeLessThan(1_500_000_000);
  });

  test.each<[string, number, () => Uint8Array]>([
    ["frames without a byte", 100, () => pcapFile({}, records(Array.from({ length: 100 }, () => new Uint8Array(0))))],
    [
      "frames of one to sixty bytes",
      60,
      () => pcapFile({}, records(Array.from({ length: 60 }, (_, i) => (framesOf(trafficFile(1))[2] as Uint8Array).subarray(0, i + 1)))),
    ],
    ["a record that says 4 GB", 12, () => concat([trafficFile(1), words(true, [1_750_000_001, 0, 0xffff_ffff, 0xffff_ffff])])],
    ["IP in IP, 100 deep", 1, () => one(nested(100, ipInIp))],
    ["GRE, 100 deep", 1, () => one(nested(100, gre))],
    ["VXLAN, 100 deep", 1, () => one(vxlan(100))],
    ["100 VLAN tags", 1, () => one(tags(100, [0x81, 0, 0, 5]))],
    [
      "100 MPLS labels",
      1,
      () =>
        one(concat([Uint8Array.from([...macs, 0x88, 0x47]), ...Array.from({ length: 100 }, () => Uint8Array.of(0, 1, 0, 64)), datagram])),
    ],
    ["1,000 IPv6 extension headers", 1, () => one(extensions(1000))],
    ["a TCP segment at every sequence number of a window", 3000, () => pcapFile({}, records(scattered(3000)))],
  ])("%s", async (_case, count, capture) => {
    const { packets, bugs, events, milliseconds } = await analyse(capture());
    expect([packets, bugs, complaints(events)]).toEqual([count, [], []]);
    expect(milliseconds).toBeLessThan(5000);
  });
});

const macs = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
const ethernet = Uint8Array.from([...macs, 8, 0]);
/** An IPv4 packet with an empty UDP datagram. */
const datagram = ipv4(17, Uint8Array.of(4, 0, 0, 53, 0, 8, 0, 0));

const one = (frame: Uint8Array): Uint8Array => pcapFile({ snapBytes: 262_144 }, records([frame]));

function ipv4(protocol: number, payload: Uint8Array): Uint8Array {
  const length = Math.min(0xffff, 20 + payload.length);
  return concat([Uint8Array.of(0x45, 0, length >> 8, length & 0xff, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2), payload]);
}

const ipInIp = (inner: Uint8Array): Uint8Array => ipv4(4, inner);
const gre = (inner: Uint8Array): Uint8Array => ipv4(47, concat([Uint8Array.of(0, 0, 8, 0), inner]));

function nested(depth: number, wrap: (inner: Uint8Array) => Uint8Array): Uint8Array {
  let packet = datagram;
  for (let i = 0; i < depth; i++) packet = wrap(packet);
  return concat([ethernet, packet]);
}

function vxlan(depth: number): Uint8Array {
  let frame = concat([ethernet, datagram]);
  for (let i = 0; i < depth; i++) {
    const length = 16 + frame.length;
    const header = Uint8Array.of(0x30, 0x39, 0x12, 0xb5, length >> 8, length & 0xff, 0, 0, 8, 0, 0, 0, 0, 0, i & 0xff, 0);
    frame = concat([ethernet, ipv4(17, concat([header, frame]))]);
  }
  return frame;
}

const tags = (count: number, tag: readonly number[]): Uint8Array =>
  concat([Uint8Array.from(macs), ...Array.from({ length: count }, () => Uint8Array.from(tag)), Uint8Array.of(8, 0), datagram]);

function extensions(count: number): Uint8Array {
  const length = count * 8 + 8;
  const head = Uint8Array.from([0x60, 0, 0, 0, length >> 8, length & 0xff, 60, 64, ...Array.from({ length: 32 }, (_, i) => i)]);
  const chain = Array.from({ length: count }, (_, i) => Uint8Array.of(i === count - 1 ? 17 : 60, 0, 1, 4, 0, 0, 0, 0));
  return concat([Uint8Array.from([...macs, 0x86, 0xdd]), head, ...chain, Uint8Array.of(4, 0, 0, 53, 0, 8, 0, 0)]);
}

/** Segments of one connection with holes between all of them. */
function scattered(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const header = new Uint8Array(20 + 100);
    const view = new DataView(header.buffer);
    view.setUint16(0, 40_000);
    view.setUint16(2, 80);
    view.setUint32(4, i === 0 ? 0 : 1000 + ((i * 7919) % count) * 1460);
    header[12] = 0x50;
    header[13] = i === 0 ? 2 : 0x10;
    return concat([ethernet, ipv4(6, i === 0 ? header.subarray(0, 20) : header)]);
  });
}
