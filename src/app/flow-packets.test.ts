import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { trafficFile } from "#test/e2e/traffic.ts";
import { KeptPackets, recordedFiles } from "./flow-packets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oddwire-packets-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const always = { from: 0, to: 4e15 };

const micros = (text: string): number => Date.parse(text) * 1000;

/** Lengths of the records of a pcap file. */
function records(file: Buffer): number[] {
  const lengths: number[] = [];
  for (let at = 24; at < file.length; at += 16 + (lengths.at(-1) as number)) lengths.push(file.readUInt32LE(at + 8));
  return lengths;
}

test("the packets of one flow come as a pcap file, those of others do not", async () => {
  const path = join(folder, "all.pcap");
  writeFileSync(path, trafficFile(20));
  const kept = new KeptPackets(() => [path]);
  const question = { src_ip: "10.1.0.7", src_port: 20_007, dest_port: 80, proto: "TCP", ...always };
  const all = await Promise.all(
    ["10.2.0.7", "10.9.9.9"].map(async (dest_ip) => buffer(kept.read({ ...question, dest_ip }) ?? expect.fail("no file"))),
  );
  for (const file of all) expect(file.readUInt32LE(0)).toBe(0xa1b2c3d4);
  expect(records(all[0] as Buffer).length).toBeGreaterThan(7);
  expect(records(all[1] as Buffer)).toEqual([]);
});

test("only files of the time are looked into", () => {
  const at = (name: string, written: string) => {
    writeFileSync(join(folder, name), "");
    utimesSync(join(folder, name), new Date(written), new Date(written));
  };
  at("oddwire-20260105T090000.000000Z.pcap", "2026-01-05T10:00:00Z");
  at("oddwire-20260105T100000.000000Z.pcap", "2026-01-05T11:00:00Z");
  at("oddwire-20260105T110000.000000Z-l113.pcap", "2026-01-05T12:00:00Z");
  at("notes.txt", "2026-01-05T10:30:00Z");

  const files = recordedFiles(folder, micros("2026-01-05T10:20:00Z"), micros("2026-01-05T10:30:00Z"));
  expect(files).toEqual([join(folder, "oddwire-20260105T100000.000000Z.pcap")]);
  expect(recordedFiles(join(folder, "nowhere"), 0, 4e15)).toEqual([]);
  expect(new KeptPackets(() => []).read({ src_ip: "", dest_ip: "", proto: "", ...always })).toBeUndefined();
});
