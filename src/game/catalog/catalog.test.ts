import { join } from "node:path";
import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { loadCatalog } from "./catalog.ts";

const shipped = join(import.meta.dirname, "../../../catalog");

test("the example game's header is read without a problem, and its packets have names", async () => {
  const { catalog, problems } = await loadCatalog(shipped);
  const game = catalog.forGame("lantern");
  expect(problems).toEqual([]);
  expect(game.nameOf(0x10, 0)).toBe("CMSG_MOVE");
  expect(game.nameOf(0x10, 1)).toBeUndefined();
  expect(game.unitOf("CMSG_MOVE", 0, "client_time")).toBe("ms");
  expect(game.fieldsOf("CMSG_CHAT", 0, fromHex("010568656c6c6f"))).toEqual({ channel: 1, length: 5, text: "hello" });
  expect(game.fieldsOf("SMSG_ITEM", 1, fromHex("0100020000000300"))).toEqual({ slot: 1, item: { item: 2, amount: 3 } });
});

test("a folder that is not there is a catalog without structs", async () => {
  const { catalog, problems } = await loadCatalog(join(shipped, "nowhere"));
  expect([catalog.structs, problems]).toEqual([[], []]);
});
