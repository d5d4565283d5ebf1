import { describe, expect, test } from "vitest";
import { type ByteView, fromHex, toHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import type { ProtocolDefinition } from "#contract/parser.ts";
import { drive, joinBytes, type Step } from "#test/protocol/drive.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { controlName, dialectName, dosStatus, ntStatus, smb1Command } from "./names.ts";

protocolSuite(plugin, import.meta.dirname);

const definition = plugin.protocols?.[0] as ProtocolDefinition;
const little = (value: number, bytes: number): string =>
  Array.from({ length: bytes }, (_, i) => (Math.floor(value / 256 ** i) % 256).toString(16).padStart(2, "0")).join("");
const FILE = "0100000000000000aa00000000000000";

/** A write of SMB 2 with `length` bytes at `offset` of the file. */
function write(offset: number, length: number, letter: string): Uint8Array {
  const header = `fe534d4240000100000000000900010000000000${"00".repeat(4)}${little(offset, 8)}fffe000005000000${little(9, 8)}${"00".repeat(16)}`;
  const body = `31007000${little(length, 4)}${little(offset, 8)}${FILE}${"00".repeat(16)}`;
  const data = new Uint8Array(length).fill(letter.charCodeAt(0));
  const size = (64 + 48 + length).toString(16).padStart(6, "0");
  return joinBytes(fromHex(`00${size}${header}${body}`), data);
}
const close = fromHex(
  `00000058fe534d4240000100000000000600010000000000${"00".repeat(4)}${little(77, 8)}fffe000005000000${little(9, 8)}${"00".repeat(16)}1800000000000000${FILE}`,
);

/** What the one file of a flow was told to be. */
function file(steps: readonly Step[], size?: () => number): unknown {
  const outcome = drive(definition, steps, size === undefined ? {} : { size });
  const fields = outcome.events.find(([kind]) => kind === "fileinfo")?.[3] as { bytes: string; complete: boolean; start?: number };
  const runs = fields.bytes.replace(/([a-z])\1*/g, (run) => (run.length > 3 ? `${run[0]}*${run.length} ` : run));
  return [runs.trim(), fields.complete];
}

describe("long messages", () => {
  test("a write longer than what is waited for is told whole, in pieces of any size", () => {
    const steps: Step[] = [
      [0, write(0, 300_000, "a")],
      [0, write(300_000, 200_000, "b")],
      [0, close],
    ];
    expect(file(steps)).toEqual(["a*300000 b*200000", true]);
    const random = new Random(5);
    for (const largest of [1500, 9000, 200_000]) expect(file(steps, () => random.between(1, largest))).toEqual(["a*300000 b*200000", true]);
  });

  test("bytes missing inside it are a gap of the file, and the next message is found", () => {
    const long = write(0, 300_000, "a");
    const steps: Step[] = [
      [0, long.subarray(0, 100_000)],
      [0, 50_000],
      [0, long.subarray(150_000)],
      [0, write(300_000, 10, "b")],
      [0, close],
    ];
    expect(file(steps)).toEqual(["a*99884 <50000>a*150116 b*10", true]);
  });

  test("bytes missing beyond its end", () => {
    const steps: Step[] = [
      [0, write(0, 300_000, "a").subarray(0, 100_000)],
      [0, 250_000],
      [0, joinBytes(fromHex("aabb"), write(400_000, 10, "b"))],
      [0, close],
    ];
    expect(file(steps)).toEqual(["a*99884 <200116><100000>b*10", true]);
  });

  test("what is written twice is told once", () => {
    const steps: Step[] = [
      [0, write(0, 100, "a")],
      [0, write(50, 100, "b")],
      [0, write(0, 20, "c")],
      [0, close],
    ];
    expect(file(steps)).toEqual(["a*100 b*50", true]);
  });
});

test("a server that never answers does not fill the memory", () => {
  const flood: Step[] = Array.from({ length: 2000 }, (_, i): Step => {
    const request = write(i, 0, "x");
    request[16] = 7;
    return [0, request];
  });
  expect(drive(definition, flood).events).toHaveLength(2000);
});

test.each([
  ["probe: a session request", "81000044204646", 2],
  ["probe: names in no half-ASCII", "8100004420ff46", 0],
  ["probe: a frame without magic", "0000003000534d42", 0],
  ["probe: a magic number", "00000030ff534d42", 1],
  ["probe: half of it", "00000030ff53", 2],
])("%s", (_case, hex, answer) => {
  const bytes = fromHex(hex);
  const view = { bytes, view: new DataView(bytes.buffer), at: 0, end: bytes.length, length: bytes.length } as ByteView;
  expect(definition.probe(0, view, false)).toBe(answer);
});

test.each([
  [ntStatus(0xc000_006d), "STATUS_LOGON_FAILURE", "0xc000006d"],
  [ntStatus(0), "STATUS_SUCCESS", "0x0"],
  [ntStatus(0x8000_0006), "STATUS_NO_MORE_FILES", "0x80000006"],
  [dosStatus(2, 91), "SRV_BADUID", "0x005b"],
  [dosStatus(0, 0), "UNKNOWN_00_0000", "0x0000"],
])("a status: %o", (status, name, code) => expect(status).toEqual({ name, code }));

test("names", () => {
  expect([smb1Command(0xa2), smb1Command(0x99), controlName(0x0006_0194), controlName(1), dialectName(0x300), dialectName(0x2ff)]).toEqual([
    "SMB1_COMMAND_NT_CREATE_ANDX",
    "SMB1_COMMAND_UNKNOWN_153",
    "FSCTL_DFS_GET_REFERRALS",
    "0x00000001",
    "3.00",
    "2.??",
  ]);
  expect(toHex(close).length).toBe(184);
});
