import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { concat, ngBlock, ngInterface, ngPacket, ngSection, words } from "#capture/testing.ts";
import { temporary } from "#test/e2e/oddwire.ts";
import { eventsIn, firstDifference, type Reading, type ReadingOptions, reading as readingOf } from "#test/e2e/reading.ts";

const recording = JSON.parse(readFileSync(new URL("../protocols/tls/recordings/tls13-gcm.json", import.meta.url), "utf8")) as {
  readonly keyLog: readonly string[];
  readonly steps: readonly (readonly [0 | 1, string])[];
};
const keyLog = recording.keyLog.join("\n");

/** The frames below have no checksums. */
const reading = (files: readonly string[], { settings = [] }: ReadingOptions = {}): Promise<Reading> =>
  readingOf(files, { settings: ["capture.checksum-validation=no", ...settings] });

/** Ethernet, IPv4 and TCP around a payload. */
function frame(from: readonly number[], to: readonly number[], ports: readonly number[], numbers: readonly number[], payload: Uint8Array) {
  const [source, target] = ports as [number, number];
  const [sequence, acknowledged, flags] = numbers as [number, number, number];
  const bytes = new Uint8Array(54 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, 0x0800);
  bytes[14] = 0x45;
  view.setUint16(16, 40 + payload.length);
  bytes[22] = 64;
  bytes[23] = 6;
  bytes.set(from, 26);
  bytes.set(to, 30);
  view.setUint16(34, source);
  view.setUint16(36, target);
  view.setUint32(38, sequence);
  view.setUint32(42, acknowledged);
  bytes[46] = 0x50;
  bytes[47] = flags;
  view.setUint16(48, 64_000);
  bytes.set(payload, 54);
  return bytes;
}

/** The recorded connection between two made-up hosts. */
function frames(port: number): Uint8Array[] {
  const hosts = [
    { address: [192, 0, 2, port % 250], port },
    { address: [198, 51, 100, 1], port: 443 },
  ] as const;
  const next: [number, number] = [1000, 5000];
  const all: Uint8Array[] = [];
  const send = (side: 0 | 1, flags: number, payload: Uint8Array): void => {
    const [from, to] = side === 0 ? hosts : [hosts[1], hosts[0]];
    const [sequence, acknowledged] = side === 0 ? next : [next[1], next[0]];
    all.push(frame(from.address, to.address, [from.port, to.port], [sequence, acknowledged, flags], payload));
    next[side] += payload.length + ((flags & 2) === 0 ? 0 : 1);
  };
  send(0, 2, new Uint8Array(0));
  send(1, 0x12, new Uint8Array(0));
  for (const [side, hex] of recording.steps) {
    const bytes = fromHex(hex);
    for (let at = 0; at < bytes.length; at += 1400) send(side, 0x18, bytes.subarray(at, at + 1400));
  }
  return all;
}

/** Several such connections; with their secrets in the middle of the file, or without. */
function capture(secrets: boolean): Uint8Array {
  const text = new TextEncoder().encode(keyLog.padEnd(Math.ceil(keyLog.length / 4) * 4, "\n"));
  const block = ngBlock(10, concat([words(true, [0x544c534b, text.length]), text]));
  const packets = Array.from({ length: 20 }, (_, i) => frames(20_000 + i)).flat();
  const all = packets.map((data, i) => ngPacket({ data, low: 1_000_000 + i * 1000 }));
  return concat([ngSection(), ngInterface(1), ...(secrets ? [block] : []), ...all]);
}

const pages = (read: Reading): number => eventsIn(read).filter((event) => event["event_type"] === "http").length;

describe("secrets of TLS", () => {
  const folder = temporary();
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(() => {
    writeFileSync(folder.at("with.pcapng"), capture(true));
    writeFileSync(folder.at("without.pcapng"), capture(false));
    writeFileSync(folder.at("keys.log"), keyLog);
  });

  test("without them, nothing is decrypted", async () => {
    expect(pages(await reading([folder.at("without.pcapng")]))).toBe(0);
  });

  test.each([1, 2, 3])(
    "those of the capture reach %i workers, and the bytes are the same",
    async (workers) => {
      const wanted = await reading([folder.at("with.pcapng")]);
      const read = await reading([folder.at("with.pcapng")], { settings: [`engine.workers=${workers}`] });
      expect(pages(read)).toBe(20);
      expect(firstDifference(wanted.eve, read.eve)).toBeUndefined();
    },
    60_000,
  );

  test.each([1, 2])(
    "those of a key log, with %i workers",
    async (workers) => {
      const settings = [`engine.workers=${workers}`, `tls.key-log=${folder.at("keys.log")}`];
      const read = await reading([folder.at("without.pcapng")], { settings });
      expect(pages(read)).toBe(20);
      expect(read.bugs).toEqual([]);
    },
    60_000,
  );

  test("a key log that is not there is an error with a code", async () => {
    const settings = [`tls.key-log=${folder.at("nothing.log")}`];
    await expect(reading([folder.at("without.pcapng")], { settings })).rejects.toMatchObject({ code: "ODW_FILE_MISSING" });
  });
});
