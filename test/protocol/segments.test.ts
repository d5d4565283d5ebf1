import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import type { Side } from "#contract/parser.ts";
import type { Plugin } from "#contract/plugin.ts";
import { ProtocolFinder } from "#flow/protocol-finder.ts";
import { type Segment, TcpBench } from "#flow/tcp-testing.ts";
import { protocols } from "#protocols/registry.generated.ts";

/**
 * However a connection is cut into segments, in whatever order they arrive and however often: the same is told of it.
 * Drives every golden flow over TCP through a real partition, as frames.
 */
interface Golden {
  readonly protocol: string;
  readonly transport?: "tcp" | "udp";
  readonly serverPort?: number;
  readonly clientPort?: number;
  readonly from?: string;
  readonly expected?: unknown;
  readonly probed?: boolean;
  readonly steps: readonly (readonly [Side, string | number])[];
  readonly events: readonly (readonly [string])[];
}

const shelf = join(import.meta.dirname, "../../src/protocols");
const variants = 6;
/** Flows that are recognised only when their first message comes in one piece: two bytes of a ping, and a message longer than what is probed. */
const recognisedWhole = new Set(["minecraft/oldest-ping.json", "postgresql/long-query.json"]);

function goldensOf(plugin: Plugin): readonly (readonly [string, Golden])[] {
  const folder = join(shelf, plugin.name, "golden");
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
  const all = names.map((name): readonly [string, Golden] => [
    `${plugin.name}/${name}`,
    JSON.parse(readFileSync(join(folder, name), "utf8")) as Golden,
  ]);
  return all.filter(([name, golden]) => {
    if (recognisedWhole.has(name)) return false;
    const definition = plugin.protocols?.find((one) => one.name === golden.protocol);
    const transport = golden.transport ?? definition?.transports[0];
    return transport === "tcp" && golden.from === undefined && golden.expected === undefined && golden.probed !== false;
  });
}

const bytesOf = (text: string): Uint8Array =>
  text.startsWith("text:") ? Uint8Array.from(text.slice(5), (letter) => letter.charCodeAt(0)) : fromHex(text);

/** Bytes in a row of one side, and where they begin. */
interface Run {
  readonly side: Side;
  readonly bytes: Uint8Array;
  readonly seq: number;
  readonly ack: number;
}

/** The steps as runs; the numbers of both sides begin just below the wrap. */
function runsOf(golden: Golden, begin: readonly [number, number]): readonly Run[] {
  const next: [number, number] = [...begin];
  const runs: Run[] = [];
  for (const [side, what] of golden.steps) {
    const other = side === 0 ? 1 : 0;
    if (typeof what !== "number") runs.push({ side, bytes: bytesOf(what), seq: next[side], ack: next[other] });
    next[side] = (next[side] + (typeof what === "number" ? what : bytesOf(what).length)) | 0;
  }
  return runs;
}

/** Segments of a run; with `random` of any size, in any order, some twice, some with what came before. */
function segmentsOf(run: Run, random: Random | undefined): readonly Segment[] {
  const { side, bytes, seq, ack } = run;
  const make = (from: number, to: number): Segment => ({ side, flags: "PA", seq: (seq + from) | 0, ack, payload: bytes.slice(from, to) });
  if (random === undefined) return bytes.length === 0 ? [] : [make(0, bytes.length)];
  const segments: Segment[] = [];
  const largest = 1 + random.between(0, Math.max(2, bytes.length >> 1));
  for (let at = 0; at < bytes.length; ) {
    const to = Math.min(bytes.length, at + 1 + random.between(0, largest));
    segments.push(make(at, to));
    if (random.between(0, 4) === 0) segments.push(make(Math.max(0, at - random.between(0, 20)), to));
    at = to;
  }
  for (let i = segments.length - 1; i > 0; i--) {
    const j = random.between(0, i + 1);
    [segments[i], segments[j]] = [segments[j] as Segment, segments[i] as Segment];
  }
  return segments;
}

function toldOf(plugin: Plugin, golden: Golden, random: Random | undefined): { events: unknown; anomalies: unknown; bugs: unknown } {
  const definition = plugin.protocols?.find((one) => one.name === golden.protocol);
  const ports = [golden.clientPort ?? 40_000, golden.serverPort ?? definition?.ports[0] ?? 9] as const;
  const begin = [-20, -35] as const;
  const bench = new TcpBench(new ProtocolFinder(protocols.flatMap((one) => one.protocols ?? [])), {}, ports);
  bench.shake(begin[0], begin[1]);
  for (const run of runsOf(golden, begin)) {
    const segments = segmentsOf(run, random);
    // Some in one block, some each in its own.
    if (random === undefined || random.between(0, 2) === 0) bench.send(...segments);
    else for (const segment of segments) bench.send(segment);
    const { side, ack, seq, bytes } = run;
    bench.send({ side: side === 0 ? 1 : 0, flags: "A", seq: ack, ack: (seq + bytes.length) | 0 });
  }
  bench.end();
  // What is said of finding the protocol itself is told by the first segment of each side, as Suricata does.
  const anomalies = bench.anomalies.filter((name) => !name.startsWith("APPLAYER_"));
  return { events: JSON.parse(JSON.stringify(bench.events)), anomalies, bugs: bench.bugs };
}

describe.each(protocols.filter((plugin) => goldensOf(plugin).length > 0).map((plugin) => [plugin.name, plugin] as const))(
  "%s",
  (_name, plugin) => {
    test.each(goldensOf(plugin))("%s: any segments tell the same", (_file, golden) => {
      const whole = toldOf(plugin, golden, undefined);
      for (let seed = 1; seed <= variants; seed++) expect(toldOf(plugin, golden, new Random(seed)), `seed ${seed}`).toEqual(whole);
      expect(whole.bugs).toEqual([]);
    });
  },
);
