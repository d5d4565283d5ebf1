import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FrameSender } from "#native/frame-sender.ts";
import { datagram } from "./frames.ts";
import { LIVE, Reader } from "./reader.ts";
import { VethPair, whyNotLive } from "./veth-pair.ts";

const reason = whyNotLive();
const untilDamages = (reader: Reader, count: number): Promise<void> => reader.until(() => (reader.words[3] ?? 0) >= count);

describe.skipIf(reason !== undefined)(`an interface that fails${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  let pair: VethPair;
  beforeEach(() => {
    pair = new VethPair();
  });
  afterEach(() => pair[Symbol.dispose]());

  const send = (): void => {
    const sender = new FrameSender(pair.socket(pair.far), pair.number(pair.far, pair.farInterface), [
      datagram({ id: 1, port: 7, payload: 20 }),
    ]);
    sender.sendAll();
  };
  const read = async (): Promise<Reader> => {
    const reader = new Reader({ ...LIVE, interface: pair.nearInterface, fd: pair.socket(pair.near), promiscuous: true });
    await reader.ready();
    send();
    await reader.untilFrames(1);
    return reader;
  };

  test("frames go on after it was down", async () => {
    const reader = await read();
    pair.exec(pair.near, "ip", "link", "set", pair.nearInterface, "down");
    await untilDamages(reader, 1);
    pair.exec(pair.near, "ip", "link", "set", pair.nearInterface, "up");
    await untilDamages(reader, 2);
    send();
    await reader.untilFrames(2);
    const report = await reader.stop();
    expect(report.damage.map((one) => one.reason)).toEqual([
      "interface odw0 is down",
      expect.stringMatching(/^interface odw0 is back after \d s; its frames in between are missing$/),
    ]);
    expect(report.counters).toMatchObject({ frames: 2, damaged: 2 });
  });

  test("frames go on after it was removed and made anew", async () => {
    const reader = await read();
    pair.disconnect();
    await untilDamages(reader, 1);
    pair.connect();
    await untilDamages(reader, 2);
    send();
    await reader.untilFrames(2);
    const report = await reader.stop();
    expect(report.damage[0]?.reason).toBe("interface odw0 went away; it is looked for every second");
    expect(report.counters.frames).toBe(2);
    expect(report.numbersRight).toBe(true);
  });

  test("a reader of an interface that stays away can be stopped", async () => {
    const reader = await read();
    pair.disconnect();
    await untilDamages(reader, 1);
    const report = await reader.stop();
    expect(report.counters.frames).toBe(1);
  });
});
