import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keepProgram } from "#capture/live/fanout-program.ts";
import { FrameFlag } from "#contract/source.ts";
import { FrameSender } from "#native/frame-sender.ts";
import { datagram, tagged } from "./frames.ts";
import { LIVE, Reader } from "./reader.ts";
import { VethPair, whyNotLive } from "./veth-pair.ts";

const reason = whyNotLive();

/** How many listeners want the near interface to be promiscuous. */
const promiscuity = (pair: VethPair): string | undefined =>
  /promiscuity (\d+)/.exec(pair.exec(pair.near, "ip", "-d", "link", "show", pair.nearInterface))?.[1];

describe.skipIf(reason !== undefined)(`live capture on a veth pair${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  let pair: VethPair;
  beforeAll(() => {
    pair = new VethPair();
  });
  afterAll(() => pair[Symbol.dispose]());

  const near = (
    options: Partial<ConstructorParameters<typeof Reader>[0]> = {},
    more: ConstructorParameters<typeof Reader>[1] = {},
  ): Reader => new Reader({ ...LIVE, interface: pair.nearInterface, fd: pair.socket(pair.near), ...options }, more);
  const farSender = (frames: readonly Uint8Array[]): FrameSender =>
    new FrameSender(pair.socket(pair.far), pair.number(pair.far, pair.farInterface), frames);

  test("all frames arrive with the same bytes, in order, at rising times", async () => {
    const frames = Array.from({ length: 500 }, (_, i) => datagram({ id: i + 1, port: 1000 + i, payload: i * 2 + 1 }));
    const reader = near({ overwriteReleased: true });
    await reader.ready();
    farSender(frames).sendAll();
    await reader.untilFrames(frames.length);
    const report = await reader.stop();
    expect(report.frames.map((frame) => frame.bytes)).toEqual(frames.map((frame) => Buffer.from(frame).toString("hex")));
    expect(report.frames.map((frame) => frame.wire)).toEqual(frames.map((frame) => frame.length));
    expect(report.frames.every((frame, i) => i === 0 || frame.time >= (report.frames[i - 1]?.time ?? 0))).toBe(true);
    expect(report.frames.every((frame) => frame.linkType === 1 && frame.flags === 0)).toBe(true);
    expect(report).toMatchObject({ backwards: 0, numbersRight: true, damage: [] });
    expect(report.counters).toMatchObject({ frames: 500, dropped: 0, freezes: 0 });
  });

  test("frames and drops add up to what was sent when the ring is tiny and the reader sleeps", async () => {
    const frames = Array.from({ length: 1000 }, (_, i) => datagram({ id: i + 1, port: i, payload: 1000 }));
    const reader = near({ ringBytes: 1_048_576 }, { sleepMs: 500, keep: 0 });
    await reader.ready();
    const sender = farSender(frames);
    let sent = 0;
    for (let i = 0; i < 10; i++) sent += sender.sendAll();
    await reader.until(() => (reader.words[2] ?? 0) > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { counters } = await reader.stop();
    expect(counters.dropped).toBeGreaterThan(0);
    expect(counters.freezes).toBeGreaterThan(0);
    expect(counters.frames + counters.dropped).toBe(sent);
  });

  test("what came before the stop is handed out after it", async () => {
    const frames = Array.from({ length: 900 }, (_, i) => datagram({ id: i + 1, port: i, payload: 1000 }));
    const reader = near({}, { sleepMs: 500 });
    await reader.ready();
    farSender(frames).sendAll();
    expect((await reader.stop()).counters).toMatchObject({ frames: 900, dropped: 0 });
  });

  test("a single frame is handed over within 30 ms", async () => {
    const reader = near();
    await reader.ready();
    const sender = farSender([datagram({ id: 1, port: 7, payload: 20 })]);
    for (let i = 1; i <= 20; i++) {
      sender.sendAll();
      await reader.untilFrames(i);
    }
    const report = await reader.stop();
    const delays = report.frames.map((frame) => frame.delay).toSorted((a, b) => a - b);
    expect(report.counters.frames).toBe(20);
    // The middle one: a busy machine may hold back a few.
    expect(delays[10]).toBeLessThan(30);
  });

  test("a VLAN tag that the kernel took off is told beside the frame", async () => {
    const plain = datagram({ id: 1, port: 7, payload: 20 });
    const reader = near();
    await reader.ready();
    farSender([tagged(plain, 0x8100, 0x6123), tagged(plain, 0x88a8, 0x0005), plain]).sendAll();
    await reader.untilFrames(3);
    const report = await reader.stop();
    expect(report.frames.map((frame) => frame.vlan)).toEqual([0x81006123, 0x88a80005, 0]);
    expect(new Set(report.frames.map((frame) => frame.bytes)).size).toBe(1);
  });

  test("the filter works in the kernel, and the snap length cuts", async () => {
    const reader = near({ filter: keepProgram(60) });
    await reader.ready();
    farSender([datagram({ id: 1, port: 7, payload: 500 })]).sendAll();
    await reader.untilFrames(1);
    const report = await reader.stop();
    expect(report.frames.map((frame) => [frame.bytes.length / 2, frame.wire])).toEqual([[60, 542]]);
  });

  test("frames that this host sends are marked, or left out", async () => {
    const readers = [near(), near({ ignoreOutgoing: true })];
    await Promise.all(readers.map((reader) => reader.ready()));
    const frames = [datagram({ id: 1, port: 7, payload: 20 })];
    new FrameSender(pair.socket(pair.near), pair.number(pair.near, pair.nearInterface), frames, true).sendAll();
    await readers[0]?.untilFrames(1);
    const reports = await Promise.all(readers.map((reader) => reader.stop()));
    expect(reports.map((report) => report.frames.map((frame) => frame.flags & FrameFlag.outgoing))).toEqual([[FrameFlag.outgoing], []]);
  });

  test("the second copy from a mirror port is marked; a repeated datagram without identification is not", async () => {
    const copies = datagram({ id: 77, port: 7, payload: 20 });
    const repeated = datagram({ id: 0, port: 8, payload: 20 });
    const reader = near();
    await reader.ready();
    farSender([copies, copies, repeated, repeated, copies]).sendAll();
    await reader.untilFrames(5);
    const report = await reader.stop();
    expect(report.frames.map((frame) => frame.flags & FrameFlag.duplicate)).toEqual([0, FrameFlag.duplicate, 0, 0, 0]);
  });

  test("promiscuous mode is asked for, and only when wanted", async () => {
    const reader = near();
    await reader.ready();
    const without = promiscuity(pair);
    const other = near({ promiscuous: true });
    await other.ready();
    const during = promiscuity(pair);
    await Promise.all([reader.stop(), other.stop()]);
    expect([without, during, promiscuity(pair)]).toEqual(["0", "1", "0"]);
  });

  test.each([
    ["address", "an address pair"],
    ["flow", "a flow"],
  ] as const)("two workers share an interface by %s: every frame comes once, %s to one worker", async (spread, _what) => {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const fanout = { group: process.pid & 0xffff, workers: 2, gate, spread };
    const readers = [near({ fanout }), near({ fanout })];
    await Promise.all(readers.map((reader) => reader.ready()));
    await new Promise((resolve) => setTimeout(resolve, 150));
    const frames = Array.from({ length: 400 }, (_, i) => datagram({ id: i + 1, port: i, payload: 20, host: i % 40, back: i % 3 === 0 }));
    farSender(frames).sendAll();
    await readers[0]?.until(() => readers.reduce((sum, reader) => sum + (reader.words[2] ?? 0), 0) >= frames.length);
    const reports = await Promise.all(readers.map((reader) => reader.stop()));
    // Addresses in either order, and with them the client's port where flows are spread.
    const key = (bytes: string): string =>
      [bytes.slice(52, 60), bytes.slice(60, 68)].toSorted().join(" ") + (spread === "flow" ? bytes.slice(68, 72) : "");
    const pairs = reports.map((report) => new Set(report.frames.map((frame) => key(frame.bytes))));
    expect(reports.map((report) => report.counters.frames).reduce((a, b) => a + b)).toBe(frames.length);
    expect(pairs[0]?.size).toBeGreaterThan(5);
    expect(pairs[1]?.size).toBeGreaterThan(5);
    expect(pairs[0]?.intersection(pairs[1] ?? new Set()).size).toBe(0);
  });

  test("while two workers start, no frame comes twice", async () => {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const fanout = { group: (process.pid + 1) & 0xffff, workers: 2, gate };
    const frames = Array.from({ length: 100 }, (_, i) => datagram({ id: i + 1, port: i, payload: 20, host: i }));
    const sender = farSender(frames);
    const readers = [
      near({ fanout, markDuplicates: false }, { keep: 100_000 }),
      near({ fanout, markDuplicates: false }, { keep: 100_000 }),
    ];
    let rounds = 0;
    let after = 0;
    for (const end = Date.now() + 8000; Date.now() < end && after < 30; rounds++) {
      sender.sendAll();
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (readers.every((reader) => (reader.words[2] ?? 0) > 0)) after++;
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
    const reports = await Promise.all(readers.map((reader) => reader.stop()));
    const seen = reports.map((report) => Map.groupBy(report.frames, (frame) => frame.bytes));
    // A frame belongs to one worker, which has it once a round from the moment that both stood ready.
    expect((seen[0]?.size ?? 0) + (seen[1]?.size ?? 0)).toBe(frames.length);
    for (const mine of seen) {
      const counts = [...mine.values()].map((copies) => copies.length);
      expect(Math.max(...counts)).toBeLessThan(rounds);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  test("on loopback the second passage of a frame is marked", async () => {
    const reader = new Reader({ ...LIVE, interface: "lo", fd: pair.socket(pair.near) });
    await reader.ready();
    pair.exec(pair.near, "sh", "-c", "for i in 1 2 3; do echo hello | timeout 1 bash -c 'cat > /dev/udp/127.0.0.1/9'; done");
    await reader.untilFrames(12, 1000);
    const report = await reader.stop();
    expect(report.frames.length).toBeGreaterThanOrEqual(6);
    expect(report.frames.every((frame) => ((frame.flags & FrameFlag.duplicate) !== 0) !== ((frame.flags & FrameFlag.outgoing) !== 0))).toBe(
      true,
    );
  });
});
