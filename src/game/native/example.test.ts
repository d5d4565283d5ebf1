import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crypt, Opcode } from "#capture/scenario/lantern/packet.ts";
import type { DecryptRequest, DecryptResult } from "#contract/game-plugin.ts";
import { LanternHost, lanternInfo } from "#game/reader/testing.ts";
import type { NativePluginHost } from "./host.ts";
import { openNativePlugin } from "./open.ts";
import { compilers, headerFolder, request, Workshop } from "./testing.ts";

const folder = join(headerFolder, "example");
const workshop = new Workshop();
let session = 1;

const told = (results: readonly DecryptResult[]): string[] =>
  results.map((result) => (result.status === "ok" ? Buffer.from(result.bytes).toString("hex") : result.status));

describe.skipIf(compilers.length === 0)("the example game's plugin in C (skipped without a C compiler)", () => {
  let host: NativePluginHost;
  const expected = new LanternHost();
  beforeAll(async () => {
    const c = join(folder, "c");
    const flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", `-I${join(headerFolder, "../catalog/example")}`, `-I${c}`];
    host = await openNativePlugin(workshop.library(join(c, "lantern.c"), [...flags, join(c, "inflate.c")]));
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    workshop[Symbol.dispose]();
  });

  /** Both plugins' words for the same session. */
  async function compare(pieces: readonly Pick<DecryptRequest, "side" | "bytes">[]): Promise<string[]> {
    session++;
    const batch = pieces.map((piece, index) => request(0, { session, time: index * 1000, ...piece }));
    const ours = told(await host.decrypt(batch));
    expect(ours).toEqual(told(await expected.decrypt(batch)));
    return ours;
  }

  test("it says of itself what the protocol does", () => {
    const { kind: _kind, file: _file, version: _version, tracksPlayers, ...info } = host.info;
    const { kind: _kind2, file: _file2, version: _version2, tracksPlayers: _tracks, ...wanted } = lanternInfo;
    expect(info).toEqual(wanted);
    expect(tracksPlayers).toBe(true);
  });

  test("the sample session gives what the sample says, and its player", async () => {
    const lines = readFileSync(join(folder, "sample.hex"), "utf8").trim().split("\n");
    const pieces = lines.map((line) => ({ side: Number(line[0]) as 0 | 1, bytes: Uint8Array.from(Buffer.from(line.slice(2), "hex")) }));
    expect(await compare(pieces)).toEqual(JSON.parse(readFileSync(join(folder, "sample.json"), "utf8")));
    expect((await host.players()).filter((player) => player.session === session)).toEqual([
      {
        session,
        name: "Ada",
        id: "42",
        level: 7,
        position: { x: 12, y: 20.5, z: -3, map: "meadow" },
        health: { now: 95, most: 100 },
        connection: { packetsIn: 6, packetsOut: 4 },
      },
    ]);
    host.sessionClosed(session, "finished");
    expect((await host.players()).filter((player) => player.session === session)).toEqual([]);
  });

  test("any packets, cut anywhere, with any bytes in between, packed at any level, give what the reference gives", async () => {
    const packet = fc.record({
      opcode: fc.constantFrom(...Object.values(Opcode)),
      body: fc.oneof(
        fc.uint8Array({ maxLength: 600, size: "max" }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3000, size: "max" }).map((all) => Uint8Array.from(all)),
      ),
      level: fc.constantFrom(-1, 0, 1, 6, 9),
      harm: fc.option(fc.nat(), { freq: 12 }),
      noise: fc.option(fc.uint8Array({ maxLength: 12 }), { freq: 12 }),
    });
    const property = fc.asyncProperty(
      fc.array(packet, { maxLength: 12 }),
      fc.array(fc.integer({ min: 20, max: 2500 }), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      fc.constantFrom(0 as const, 1 as const),
      async (packets, cuts, hasKey, side) => {
        const wire = Buffer.concat(
          packets.map((one, index) => Buffer.concat([sealed(one, index + 1, side), one.noise ?? new Uint8Array(0)])),
        );
        const pieces = cut(wire, cuts).map((bytes) => ({ side, bytes }));
        const key = Uint8Array.from([12, 0, Opcode.key, 0, 1, 0, 0, 0, 0x78, 0x56, 0x34, 0x12]);
        await compare(hasKey ? [{ side: (side ^ 1) as 0 | 1, bytes: key }, ...pieces] : pieces);
      },
    );
    await fc.assert(property, { numRuns: 100, seed: 7 });
  });
});

const KEY = 0x1234_5678;

/** A packet as it goes over the wire; `harm` changes a bit of its body. */
function sealed(
  one: { readonly opcode: number; readonly body: Uint8Array; readonly level: number; readonly harm: number | null },
  sequence: number,
  side: 0 | 1,
): Uint8Array {
  const isOpen = one.opcode === Opcode.hello || one.opcode === Opcode.key;
  // A second key would need a body of its size.
  const clear = one.opcode === Opcode.key ? new Uint8Array([0x78, 0x56, 0x34, 0x12]) : one.body;
  const packed = one.level >= 0 && !isOpen;
  const body = packed ? Uint8Array.from(deflateRawSync(clear, { level: one.level })) : Uint8Array.from(clear);
  if (one.harm !== null && body.length > 0 && !isOpen)
    body[one.harm % body.length] = (body[one.harm % body.length] ?? 0) ^ (1 << (one.harm % 8));
  if (!isOpen) crypt(body, KEY, sequence, side);
  const header = Buffer.alloc(8);
  header.writeUInt16LE(8 + body.length, 0);
  header.writeUInt16LE(packed ? one.opcode | 0x8000 : one.opcode, 2);
  header.writeUInt32LE(sequence, 4);
  return Buffer.concat([header, body]);
}

function cut(wire: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, index = 0; at < wire.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(Uint8Array.from(wire.subarray(at, at + size)));
    at += size;
  }
  return pieces;
}
