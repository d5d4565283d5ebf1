import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { toHex } from "#base/bytes.ts";
import { PcapWriter } from "./pcap-writer.ts";
import { numberedFrame, pcapFile, readCapture } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "oddwire-writer-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the pcap writer", () => {
  test("writes what the reader reads, also frames across its buffer's end", async () => {
    const path = join(folder, "many.pcap");
    const frames = Array.from({ length: 900 }, (_, i) => numberedFrame(i, (i * 91) % 2000));
    using writer = new PcapWriter(path, { linkType: 101 });
    frames.forEach((frame, i) => {
      writer.write(1_600_000_000_999_999 + i, frame, 0, frame.length, frame.length + 4);
    });
    const { bytes } = writer;
    writer.close();
    expect(readFileSync(path).length).toBe(bytes);
    const read = await readCapture(new Uint8Array(0), { paths: [path] });
    expect(read.counters).toMatchObject({ frames: 900, damaged: 0 });
    expect(read.frames.map((frame) => frame.hex)).toEqual(frames.map((frame) => toHex(frame)));
    expect(read.frames[1]).toMatchObject({ time: 1_600_000_001_000_000, wire: 95, linkType: 101 });
  });

  test("writes these bytes", () => {
    const path = join(folder, "golden.pcap");
    const writer = new PcapWriter(path, { snapBytes: 4 });
    writer.write(1_000_002, Uint8Array.of(9, 1, 2, 3, 4, 5, 9), 1, 6);
    writer.close();
    writer.close();
    const expected = pcapFile({ snapBytes: 4 }, [{ seconds: 1, fraction: 2, data: Uint8Array.of(1, 2, 3, 4), wire: 5 }]);
    expect(toHex(readFileSync(path))).toBe(toHex(expected));
  });

  test("says why a file cannot be written", () => {
    expect(() => new PcapWriter(join(folder, "no", "such.pcap"))).toThrow("cannot write");
  });
});
