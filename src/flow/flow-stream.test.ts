import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import { FAILED, FINISHED, Probe, type ProtocolDefinition, Side } from "#contract/parser.ts";
import { defaultConfig } from "#schema/config.ts";
import { FileRules } from "./file-rules.ts";
import { FlowStream, type SegmentHost } from "./flow-stream.ts";
import { ProtocolFinder } from "./protocol-finder.ts";
import { streamEventName } from "./stream-event.ts";
import { StreamSide } from "./stream-side.ts";
import { quietSegments, testPlatform } from "./testing.ts";

/** What a stream's parser was told, as text: bytes of each side, `<n>` for gaps. */
interface Heard {
  readonly sides: [string, string];
  ends: number;
  bugs: number;
  gaps: number;
  readonly events: string[];
}

interface Behaviour {
  /** Bytes that the parser takes at once; the rest stays for the next call. */
  readonly step?: number;
  readonly answer?: number;
  readonly throws?: boolean;
}

/** A protocol that begins with `!` and tells all it hears. */
function recorder(heard: Heard, behaviour: Behaviour): ProtocolDefinition {
  return {
    name: "recorder",
    transports: ["tcp", "udp"],
    ports: [],
    probe: (_side, view) => (view.length === 0 ? Probe.more : view.bytes[view.at] === 0x21 ? Probe.yes : Probe.no),
    create: () => ({
      data(side, view) {
        if (behaviour.throws === true) throw new Error("planted");
        if (behaviour.answer !== undefined) return behaviour.answer;
        const size = Math.min(view.length, behaviour.step ?? view.length);
        heard.sides[side] += String.fromCharCode(...view.bytes.subarray(view.at, view.at + size));
        return size;
      },
      gap(side, bytes) {
        heard.sides[side] += `<${bytes}>`;
        return true;
      },
      end() {
        heard.ends++;
      },
    }),
  };
}

function stream(behaviour: Behaviour = {}, flowBytesMax = 100_000): { tcp: FlowStream; heard: Heard; host: SegmentHost } {
  const heard: Heard = { sides: ["", ""], ends: 0, bugs: 0, gaps: 0, events: [] };
  const host: SegmentHost = {
    finder: new ProtocolFinder([recorder(heard, behaviour)]),
    platform: testPlatform,
    files: new FileRules(defaultConfig, testPlatform, 1),
    held: { used: 0, max: 1_000_000 },
    window: new ByteView(),
    flowBytesMax,
    noSide: new StreamSide(),
    ...quietSegments,
    onStreamEvent: (_slot, _side, event) => heard.events.push(streamEventName(event)),
    time: 0,
    inspector: undefined,
    onForward: () => undefined,
    onTransaction: () => undefined,
    onHandOver: () => undefined,
    onMismatch: () => undefined,
    onDetection: () => undefined,
    onExpectation: () => undefined,
    onAnomaly: () => undefined,
    onProtocol: () => undefined,
    onGap: () => heard.gaps++,
    onParserBug: () => heard.bugs++,
    onOpening: () => undefined,
    onParserFailure: () => undefined,
  };
  return { tcp: new FlowStream(host, 0, "tcp", 40_000, 9), heard, host };
}

/** Sends part of a text as a segment; the memory is overwritten afterwards, as a released block's is. */
function send(to: FlowStream, side: Side, text: string, from: number, size: number, start: number): void {
  const bytes = Uint8Array.from(text.slice(from, from + size), (letter) => letter.charCodeAt(0));
  if (bytes.length === 0) return;
  to.segment(side, bytes, new DataView(bytes.buffer), 0, bytes.length, bytes.length, (start + from) | 0);
  bytes.fill(0xdb);
}

const text = `!${"abcdefghijklmnopqrstuvwxyz0123456789".repeat(8)}`;

/** Cuts into segments, some sent twice or overlapping, in any order within a window. */
const segments = fc.array(fc.record({ from: fc.nat(text.length - 1), size: fc.integer({ min: 1, max: 60 }), order: fc.nat(1000) }), {
  maxLength: 40,
});

describe("flow stream", () => {
  test("any cut and order of segments gives the same bytes", () => {
    fc.assert(
      fc.property(segments, fc.integer(), fc.integer({ min: 1, max: 50 }), (extra, start, step) => {
        const { tcp, heard, host } = stream({ step });
        tcp.client.started = true;
        tcp.client.next = start;
        const whole = Array.from({ length: Math.ceil(text.length / 30) }, (_, i) => ({ from: i * 30, size: 30, order: (i * 7919) % 1000 }));
        for (const { from, size } of [...whole, ...extra].toSorted((a, b) => a.order - b.order))
          send(tcp, Side.toServer, text, from, size, start);
        tcp.end();
        // A parser that takes little at a time is called again only when more comes, so its tail may stay unread.
        expect(text.startsWith(heard.sides[0])).toBe(true);
        if (step >= 30) expect(heard.sides[0].length).toBeGreaterThan(text.length - 400);
        expect(heard.gaps).toBe(0);
        expect(heard.ends).toBe(1);
        expect(host.held.used).toBe(0);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("a parser that takes everything hears every byte once", () => {
    fc.assert(
      fc.property(segments, fc.integer(), (extra, start) => {
        const { tcp, heard } = stream();
        tcp.client.started = true;
        tcp.client.next = start;
        for (const { from, size } of extra.toSorted((a, b) => a.order - b.order)) send(tcp, Side.toServer, text, from, size, start);
        send(tcp, Side.toServer, text, 0, text.length, start);
        expect(heard.sides[0]).toBe(text);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test.each<[string, (tcp: FlowStream) => void, [string, string]]>([
    [
      "a hole is skipped when the peer has acknowledged what is behind it",
      (tcp) => {
        send(tcp, Side.toServer, text, 0, 10, 100);
        send(tcp, Side.toServer, text, 15, 5, 100);
        tcp.acknowledged(Side.toServer, 120);
      },
      [`${text.slice(0, 10)}<5>${text.slice(15, 20)}`, ""],
    ],
    [
      "a hole is waited for while nobody has acknowledged what is behind it",
      (tcp) => {
        send(tcp, Side.toServer, text, 0, 10, 100);
        send(tcp, Side.toServer, text, 15, 5, 100);
        tcp.acknowledged(Side.toServer, 110);
      },
      [text.slice(0, 10), ""],
    ],
    [
      "sequence numbers wrap",
      (tcp) => {
        send(tcp, Side.toServer, text, 0, 20, -10);
        send(tcp, Side.toServer, text, 20, 20, -10);
      },
      [text.slice(0, 40), ""],
    ],
    [
      "bytes cut by the snap length are a gap",
      (tcp) => {
        const bytes = Uint8Array.from("!abc", (letter) => letter.charCodeAt(0));
        tcp.segment(Side.toServer, bytes, new DataView(bytes.buffer), 0, 4, 10, 7);
      },
      ["!abc<6>", ""],
    ],
    [
      "what the other side sent before the protocol was known comes too",
      (tcp) => {
        send(tcp, Side.toClient, "!hello", 0, 6, 5);
        send(tcp, Side.toServer, "any", 0, 3, 9);
      },
      ["any", "!hello"],
    ],
  ])("%s", (_case, act, expected) => {
    const { tcp, heard } = stream();
    act(tcp);
    expect(heard.sides).toEqual(expected);
  });

  test.each<[string, Behaviour, { ends: number; bugs: number }]>([
    ["a parser that has finished is ended at once", { answer: FINISHED }, { ends: 1, bugs: 0 }],
    ["a parser that has failed is ended at once", { answer: FAILED }, { ends: 1, bugs: 0 }],
    ["a parser that throws is let go and counted", { throws: true }, { ends: 0, bugs: 1 }],
  ])("%s", (_case, behaviour, expected) => {
    const { tcp, heard, host } = stream(behaviour);
    send(tcp, Side.toServer, text, 0, 50, 1);
    tcp.end();
    expect({ ends: heard.ends, bugs: heard.bugs, done: tcp.done, held: host.held.used }).toEqual({ ...expected, done: true, held: 0 });
  });

  test("a message that never ends is given up at the limit", () => {
    const { tcp, host } = stream({ step: 0 }, 5000);
    for (let i = 0; i < 100; i++)
      send(tcp, Side.toServer, i === 0 ? text : text.slice(1).padEnd(text.length, "x"), 0, text.length, i * text.length);
    expect(tcp.done).toBe(true);
    expect(host.held.used).toBe(0);
  });

  test("pieces beyond a hole are bounded", () => {
    const { tcp, host } = stream({}, 5000);
    send(tcp, Side.toServer, text, 0, 10, 0);
    for (let i = 0; i < 2000; i++) send(tcp, Side.toServer, text, 0, 50, 1000 + i * 100);
    expect(host.held.used).toBeLessThan(20_000);
    expect(tcp.pieceCount).toBeLessThanOrEqual(512);
  });
});
