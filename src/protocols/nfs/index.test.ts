import { expect, test } from "vitest";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { procedureName, programName, statusName } from "./procedures.ts";

protocolSuite(plugin, import.meta.dirname);

test.each([
  [2, 17, "STATFS"],
  [2, 11, "RENAME"],
  [3, 21, "COMMIT"],
  [3, 14, "RENAME"],
  [4, 1, "COMPOUND"],
  [3, 22, "22"],
])("version %i, procedure %i is %s", (version, number, name) => expect(procedureName(version, number)).toBe(name));

test("names", () => {
  expect([statusName(0), statusName(70), statusName(10_008), statusName(3)]).toEqual(["OK", "ERR_STALE", "ERR_JUKEBOX", "3"]);
  expect([programName(100_000), programName(391_002), programName(7)]).toEqual(["portmapper", "sgi_fam", undefined]);
});
