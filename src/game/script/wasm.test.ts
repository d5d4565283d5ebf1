import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { headerFolder, requests, Workshop, words } from "#game/native/testing.ts";
import { openWasmPlugin } from "./open.ts";

const workshop = new Workshop();
afterAll(() => workshop[Symbol.dispose]());
let written = 0;

/** Bytes of the binary format (WebAssembly Core Specification, section 5); all lengths here are below 2^14. */
const text = (value: string): number[] => list([...new TextEncoder().encode(value)]);
const count = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
const list = (bytes: readonly number[]): number[] => [...count(bytes.length), ...bytes];
const section = (id: number, ...items: readonly number[][]): number[] => [id, ...list([...count(items.length), ...items.flat()])];
const I32 = 0x7f;
const type = (parameters: number, results: number): number[] => [
  0x60,
  ...list(Array.from({ length: parameters }, () => I32)),
  ...list(Array.from({ length: results }, () => I32)),
];
const body = (...instructions: readonly number[]): number[] => list([0, ...instructions, 0x0b]);

const described = JSON.stringify({ name: "My Game", gameId: "mygame", version: "1", transports: ["udp"], ports: [7777] });
/** `i32.const 65536`: memory behind the first page. */
const page = [0x41, 0x80, 0x80, 0x04];

interface Parts {
  readonly decrypt?: readonly number[];
  readonly buffer?: readonly number[];
  readonly description?: string;
  readonly imports?: readonly (readonly [module: string, name: string])[];
  readonly names?: readonly string[];
  readonly test?: number;
}

/** A module as plugins are, with these bodies of functions. */
function module({
  decrypt = [0x41, 1],
  buffer = page,
  description = described,
  imports = [],
  names,
  test: answer = 0,
}: Parts = {}): string {
  const exported = names ?? ["oddwire_describe", "oddwire_buffer", "oddwire_decrypt", "oddwire_self_test"];
  const first = imports.length;
  const bytes = [
    0,
    ...new TextEncoder().encode("asm"),
    1,
    0,
    0,
    0,
    ...section(1, type(0, 1), type(1, 1), type(5, 1), type(2, 0)),
    ...(first === 0 ? [] : section(2, ...imports.map(([from, name]) => [...text(from), ...text(name), 0, 3]))),
    ...section(3, [0], [1], [2], [0]),
    ...section(5, [0, 4]),
    ...section(7, [...text("memory"), 2, 0], ...exported.map((name, index) => [...text(name), 0, first + index])),
    ...section(10, body(0x41, 16), body(...buffer), body(...decrypt), body(0x41, answer)),
    ...section(11, [0, 0x41, 16, 0x0b, ...text(`${description}\0`)]),
  ];
  return workshop.write(`module-${written++}.wasm`, Uint8Array.from(bytes));
}

test.each([
  ["a text", workshop.write("text.wasm", "no module"), /it cannot be loaded: .*expected magic word/],
  ["an import that is not Oddwire's", module({ imports: [["env", "abort"]] }), /it imports env\.abort: there is only oddwire\.log/],
  ["an import of WASI's", module({ imports: [["wasi_snapshot_preview1", "fd_write"]] }), /it imports wasi_snapshot_preview1\.fd_write/],
  ["no decrypt", module({ names: ["oddwire_describe", "oddwire_buffer"] }), /it does not export oddwire_decrypt/],
  ["no JSON", module({ description: "{" }), /oddwire_describe tells no JSON/],
  ["no ports", module({ description: described.replace("[7777]", "[]") }), /it names no port/],
  ["a self-test that fails", module({ test: 3 }), /its self-test failed: it answers 3/],
])("refused: %s", async (_case, file, why) => {
  await expect(openWasmPlugin(file)).rejects.toThrow(why);
});

test("a module may say something", async () => {
  const call = [...page, 0x41, 2, 0x10, 0, 0x41, 1];
  await using host = await openWasmPlugin(module({ imports: [["oddwire", "log"]], decrypt: call }));
  expect(words(await host.decrypt(requests(2)))).toEqual([0x5a, 0x5a]);
  expect(host.info).toMatchObject({ kind: "wasm", gameId: "mygame", abi: 5, tracksPlayers: false });
  expect(host.fences).toEqual(["user", "limits", "landlock", "seccomp"]);
});

const failed = "the plugin failed";
test.each([
  ["traps", { decrypt: [0x00] }, failed],
  ["says that it wrote more than there is room for", { decrypt: [0x41, 0xff, 0xff, 0xff, 0x3f] }, failed],
  ["answers less than -1", { decrypt: [0x41, 0x7e] }, failed],
  ["skips", { decrypt: [0x41, 0x7f] }, "skip"],
  ["has no room", { buffer: [0x41, 0] }, failed],
  ["names room beyond its memory", { buffer: [0x41, 0x7f] }, failed],
  ["wants 6 GiB, and gets none", { decrypt: [0x41, 0xa0, 0x8d, 0x06, 0x40, 0x00] }, "skip"],
])("a module that %s", async (_case, parts, answer) => {
  await using host = await openWasmPlugin(module(parts));
  expect(words(await host.decrypt(requests(2)))).toEqual([answer, answer]);
  expect(host.health).toMatchObject({ state: "running", restarts: 0 });
});

test("a module that hangs is ended, and given up in the end", async () => {
  await using host = await openWasmPlugin(module({ decrypt: [0x03, 0x40, 0x0c, 0, 0x0b, 0x41, 1] }), { deadlineMs: 100 });
  await host.decrypt(requests(6));
  expect(host.health).toMatchObject({ state: "quarantined", deadlinesMissed: 5 });
});

const example = join(headerFolder, "example/wasm");
const compiler = join(example, "node_modules/assemblyscript/bin/asc.js");
test.skipIf(!existsSync(compiler))(
  "the example is byte for byte what its sources give (skipped without `npm ci` in plugins/example/wasm)",
  () => {
    const out = join(workshop.folder, "lantern.wasm");
    const { status, stderr } = spawnSync(process.execPath, [compiler, "--config", "asconfig.json", "--outFile", out], {
      cwd: example,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    expect(readFileSync(out).equals(readFileSync(join(example, "lantern.wasm")))).toBe(true);
  },
  60_000,
);
