import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bodies } from "#capture/scenario/lantern/bodies.ts";
import { loadCatalog } from "#game/catalog/catalog.ts";
import type { UnknownOpcodeRow } from "#schema/game.ts";
import { headerOf } from "./header-guess.ts";
import { UnknownOpcode } from "./unknown-opcode.ts";

const move = (i: number): Uint8Array => bodies.move(5_000 + i * 100, { x: 100 + i * 0.6, y: 50 - i * 0.4, z: 3 + i * 0.01 }, i % 6, 1);

function row(make: (i: number) => Uint8Array, more: Partial<UnknownOpcodeRow> = {}): UnknownOpcodeRow {
  const unknown = new UnknownOpcode();
  for (let i = 0; i < 64; i++) unknown.add(make(i), 1e9 + i * 100_000, 1);
  return {
    game: "lantern",
    opcode: "0x42",
    opcode_number: 0x42,
    direction: "to_server",
    named: false,
    endian: "little",
    ...unknown.profile(false),
    ...more,
  };
}

test("the guessed header is read by the catalog, and names the fields of the packets that it was guessed from", async () => {
  const text = headerOf([
    row(move),
    row(() => new TextEncoder().encode('a "quoted" */ @opcode 7'), { opcode: "SMSG_CHAT", named: true, direction: "to_client" }),
  ]);
  const folder = mkdtempSync(join(tmpdir(), "odw-header-"));
  writeFileSync(join(folder, "lantern.h"), text);
  const { catalog, problems } = await loadCatalog(folder);
  rmSync(folder, { recursive: true });
  expect(problems).toEqual([]);
  const game = catalog.forGame("lantern");
  const name = game.nameOf(0x42, 0) ?? "";
  expect(name).toBe("client_0x42");
  expect(game.fieldsOf(name, 0, move(3))).toMatchObject({ timestamp_0: 5300, x: Math.fround(101.8), y: Math.fround(48.8) });
  expect(game.unitOf(name, 0, "timestamp_0")).toBe("ms");
  expect(game.nameOf(7, 1)).toBeUndefined();
  expect(catalog.struct("SMSG_CHAT")?.record.size).toBe(23);
});
