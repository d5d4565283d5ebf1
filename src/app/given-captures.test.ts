import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultConfig } from "#schema/config.ts";
import { expected, trafficFile } from "#test/e2e/traffic.ts";
import { FolderOfCaptures } from "./given-captures.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "oddwire-given-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const made = (bytesMax = 1_000_000): FolderOfCaptures =>
  new FolderOfCaptures(join(folder, "captures"), { ...defaultConfig, "api.capture-bytes-max": bytesMax });
const patience = { timeout: 50_000, interval: 50 };
const settled = (captures: FolderOfCaptures) =>
  expect.poll(() => captures.answer().captures.map(({ state }) => state), patience).toEqual([expect.stringMatching(/^(ready|failed)$/)]);

test("a capture in pieces is read into a store of its own, which is there again after a restart", async () => {
  const bytes = trafficFile(20);
  await using captures = made();
  const { id, name } = await captures.begin("../../etc/office.pcap");
  expect(name).toBe("office.pcap");
  const half = bytes.length >> 1;
  await captures.append(id, 0, bytes.subarray(0, half));
  expect((await captures.append(id, 0, bytes.subarray(0, half))).bytes).toBe(half);
  expect((await captures.append(id, half, bytes.subarray(half))).bytes).toBe(bytes.length);
  expect(await captures.open(id)).toBeUndefined();
  expect((await captures.read(id)).state).toBe("waiting");
  await settled(captures);
  const { flows } = expected(20);
  expect(captures.answer().captures[0]).toMatchObject({ state: "ready", flows, name: "office.pcap", bytes: bytes.length });
  await using again = made();
  await using opened = await again.open(id);
  expect((await opened?.store.describe())?.rows["flow"]).toBe(flows);
});

test("what is no capture fails with the reason, and without a word on where it lies", async () => {
  await using captures = made();
  const { id } = await captures.begin("notes.txt");
  await captures.append(id, 0, Buffer.from("these are no packets, only words that somebody has written down"));
  await captures.read(id);
  await settled(captures);
  const [capture] = captures.answer().captures;
  expect(capture).toMatchObject({ state: "failed", cause: expect.stringContaining("is no capture file") });
  expect(capture?.cause).not.toContain(folder);
  expect(await captures.open(id)).toBeUndefined();
});

test("a gap, what is too large, what is empty and what is not known are refused", async () => {
  await using captures = made(100);
  const { id } = await captures.begin("a.pcap");
  await expect(captures.append(id, 5, Buffer.alloc(5))).rejects.toThrow("begins at 0");
  await expect(captures.read(id)).rejects.toThrow("it is empty");
  await expect(captures.append(id, 0, Buffer.alloc(101))).rejects.toThrow("larger than 100 bytes");
  expect(captures.answer().captures).toEqual([]);
  await expect(captures.append(id, 0, Buffer.alloc(1))).rejects.toThrow(`no capture ${id} is here`);
});

test("there are never more than eight: the oldest goes", async () => {
  await using captures = made();
  const ids: string[] = [];
  for (let i = 0; i < 9; i++) ids.push((await captures.begin(`${i}.pcap`)).id);
  const kept = captures.answer().captures.map(({ id }) => id);
  expect(kept).toHaveLength(8);
  expect(kept).not.toContain(ids[0]);
});
