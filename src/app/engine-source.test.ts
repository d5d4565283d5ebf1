import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkSource } from "./engine-source.ts";

const folder = mkdtempSync(join(tmpdir(), "oddwire-source-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** A pcap file's head and no packet: little-endian, Ethernet. */
const emptyCapture = Buffer.from("d4c3b2a1020004000000000000000000ffff000001000000", "hex");
writeFileSync(at("empty.pcap"), emptyCapture);
writeFileSync(at("letter.pcap"), "Dear reader, this is no capture at all, whatever its name says.\n");
execFileSync("mkfifo", [at("pipe")]);

const replay = (names: readonly string[], filter?: string) => checkSource({ kind: "replay", files: names.map(at), speed: 1, filter });

test.each<[string, readonly string[], string | undefined, string]>([
  ["a file that is not there", ["missing.pcap"], undefined, "ODW_FILE_MISSING"],
  ["one of two that is not there", ["empty.pcap", "missing.pcap"], undefined, "ODW_FILE_MISSING"],
  ["a directory", [""], undefined, "ODW_FILE_MISSING"],
  ["a file that is no capture", ["letter.pcap"], undefined, "ODW_FILE_NOT_CAPTURE"],
  ["a filter that makes no sense", ["empty.pcap"], "tcp and and", "ODW_FILTER_BAD"],
])("a replay is refused before it starts for %s", async (_case, names, filter, code) => {
  await expect(replay(names, filter)).rejects.toMatchObject({ code });
});

test.each<[string, readonly string[]]>([
  ["a capture", ["empty.pcap"]],
  ["a pipe, of which nothing is read", ["pipe"]],
])("a replay may start with %s", async (_case, names) => {
  await expect(replay(names)).resolves.toBeUndefined();
});
