import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileLiveFilter } from "#capture/live/filter.ts";
import { OddwireError } from "#contract/errors.ts";
import { FrameSender } from "#native/frame-sender.ts";
import { inNetworkNamespace } from "#native/network-namespace.ts";
import { datagram, tagged } from "./frames.ts";
import { LIVE, Reader } from "./reader.ts";
import { VethPair, whyNotLive } from "./veth-pair.ts";

const reason = whyNotLive();
const hex = (frame: Uint8Array): string => Buffer.from(frame).toString("hex");

describe.skipIf(reason !== undefined)(`libpcap on a veth pair${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  let pair: VethPair;
  beforeAll(() => {
    pair = new VethPair();
  });
  afterAll(() => pair[Symbol.dispose]());

  const compile = (text: string): Uint8Array =>
    inNetworkNamespace(`/run/netns/${pair.near}`, () => compileLiveFilter(pair.nearInterface, text, LIVE.snapBytes));
  const send = (frames: readonly Uint8Array[]): number =>
    new FrameSender(pair.socket(pair.far), pair.number(pair.far, pair.farInterface), frames).sendAll();

  const plain = datagram({ id: 1, port: 7, payload: 20 });
  const other = datagram({ id: 2, port: 8, payload: 20, host: 9 });
  const inVlan = tagged(datagram({ id: 3, port: 7, payload: 20 }), 0x8100, 5);
  const sent = [plain, other, inVlan];

  test.each([
    ["a port", "udp src port 8", ["0002"]],
    ["a host", "host 10.9.0.1 and not vlan", ["0001"]],
    ["a VLAN whose tag the kernel took off", "vlan 5", ["0003"]],
    ["nothing that was sent", "tcp", []],
  ])("the ring's filter finds %s", async (_case, text, ids) => {
    const reader = new Reader({ ...LIVE, interface: pair.nearInterface, fd: pair.socket(pair.near), filter: compile(text) });
    await reader.ready();
    send(sent);
    await reader.untilFrames(ids.length === 0 ? 1 : ids.length, 300);
    const report = await reader.stop();
    expect(report.frames.map((frame) => frame.bytes.slice(36, 40))).toEqual(ids);
  });

  test("a filter that makes no sense is told with libpcap's reason", () => {
    expect(() => compile("ports 80")).toThrow(OddwireError);
    expect(() => compile("ports 80")).toThrow(/bad filter ports 80: .*syntax error/);
  });

  test("all frames arrive with the same bytes through libpcap, VLAN tags in their place", async () => {
    const frames = [...Array.from({ length: 500 }, (_, i) => datagram({ id: i + 1, port: i, payload: i * 2 })), inVlan];
    const reader = new Reader({ ...LIVE, interface: pair.nearInterface }, { kind: "libpcap", namespace: pair.near });
    await reader.ready();
    send(frames);
    await reader.untilFrames(frames.length);
    const report = await reader.stop();
    expect(report.frames.map((frame) => frame.bytes)).toEqual(frames.map(hex));
    expect(report.frames.every((frame, i) => i === 0 || frame.time >= (report.frames[i - 1]?.time ?? 0))).toBe(true);
    expect(report).toMatchObject({ backwards: 0, numbersRight: true, damage: [] });
    expect(report.counters).toMatchObject({ frames: 501, dropped: 0 });
  });

  test("libpcap keeps what the filter keeps, cuts to the snap length, and counts what was lost", async () => {
    const options = { ...LIVE, snapBytes: 60, ringBytes: 1_048_576, interface: pair.nearInterface, filter: compile("udp src port 8") };
    const reader = new Reader(options, { kind: "libpcap", namespace: pair.near, sleepMs: 500, keep: 10 });
    await reader.ready();
    const many = Array.from({ length: 1000 }, (_, i) => datagram({ id: i + 1, port: 7 + (i % 2), payload: 1000 }));
    for (let i = 0; i < 40; i++) send(many);
    await reader.until(() => (reader.words[2] ?? 0) > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const report = await reader.stop();
    expect(report.frames[0]?.wire).toBe(1042);
    expect((report.frames[0]?.bytes.length ?? 0) / 2).toBe(60);
    expect(report.counters.dropped).toBeGreaterThan(0);
    expect(report.counters.frames + report.counters.dropped).toBe(20_000);
  });

  test("what came before the stop is handed out after it", async () => {
    const reader = new Reader({ ...LIVE, interface: pair.nearInterface }, { kind: "libpcap", namespace: pair.near, sleepMs: 500 });
    await reader.ready();
    send(Array.from({ length: 900 }, (_, i) => datagram({ id: i + 1, port: i, payload: 1000 })));
    expect((await reader.stop()).counters).toMatchObject({ frames: 900, dropped: 0 });
  });

  test("libpcap's source tells that its interface went away, and goes on looking", async () => {
    const reader = new Reader({ ...LIVE, interface: pair.nearInterface }, { kind: "libpcap", namespace: pair.near });
    await reader.ready();
    pair.disconnect();
    await reader.until(() => (reader.words[3] ?? 0) >= 1);
    const report = await reader.stop();
    pair.connect();
    expect(report.damage[0]?.reason).toMatch(/^interface odw0 went away: /);
  });

  test("an interface that does not exist is named with the choices", async () => {
    const reader = new Reader({ ...LIVE, interface: "odw7" }, { kind: "libpcap", namespace: pair.near });
    await expect(reader.ready()).rejects.toThrow(/no interface odw7 \(one of: .*lo/);
  });
});
