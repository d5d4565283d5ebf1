import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toInfo } from "./description.ts";

const good = {
  abi: 5,
  name: "My Game",
  gameId: "mygame",
  version: "1.0.0",
  protocol: 3,
  ports: [7777, 7778, 7777],
  tracksPlayers: false,
  fences: ["user"],
};
const header = {
  bytes: 8,
  bigEndian: false,
  opcodeOffset: 2,
  opcodeBytes: 2,
  lengthOffset: 0,
  lengthBytes: 2,
  lengthCounts: 0,
  lengthAdjust: 0,
  fields: [{ name: "sequence", offset: 4, bytes: 4, type: 0 }],
};

test("ports are told once; a header without a length has none", () => {
  expect(toInfo({ ...good, header: { ...header, lengthBytes: 0 } }, "x.so", "native")).toEqual({
    kind: "native",
    file: "x.so",
    name: "My Game",
    gameId: "mygame",
    version: "1.0.0",
    abi: 5,
    transports: ["tcp", "udp"],
    ports: [7777, 7778],
    header: {
      bytes: 8,
      bigEndian: false,
      opcode: { offset: 2, bytes: 2 },
      fields: [{ name: "sequence", offset: 4, bytes: 4, type: "unsigned" }],
    },
    tracksPlayers: false,
  });
});

test.each([
  ["no name", { name: "" }, /name/],
  ["a game_id with a slash", { gameId: "a/b" }, /game_id "a\/b"/],
  ["no transport", { protocol: 0 }, /protocol 0/],
  ["a transport that nobody knows", { protocol: 4 }, /protocol 4/],
  ["no port", { ports: [] }, /no port/],
  ["port 0", { ports: [0] }, /port 0/],
  ["an opcode of three bytes", { header: { ...header, opcodeBytes: 3 } }, /opcode_bytes 3/],
  ["a length beyond the header", { header: { ...header, lengthOffset: 7 } }, /length is beyond/],
  ["a length that counts something else", { header: { ...header, lengthCounts: 3 } }, /length_counts 3/],
  ["a field beyond the header", { header: { ...header, fields: [{ name: "f", offset: 5, bytes: 4, type: 0 }] } }, /field f is beyond/],
  ["a float of two bytes", { header: { ...header, fields: [{ name: "f", offset: 4, bytes: 2, type: 2 }] } }, /no type that fits/],
  ["a header that is longer than anything", { header: { ...header, bytes: 4096 } }, /4096 bytes/],
])("refused: %s", (_case, changes, why) => {
  expect(toInfo({ ...good, ...changes }, "x.so", "native")).toEqual({ refused: expect.stringMatching(why) });
});

/** A value that is mostly as it should be. */
const part = (value: unknown): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.jsonValue() });

const shape = (of: object): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(of).map(([name, value]) => [name, part(value)])), { requiredKeys: [] });

test("any JSON is either taken or refused", () => {
  const said = fc.oneof(
    fc.jsonValue(),
    shape(good),
    shape(header).chain((one) => shape({ ...good, header: one, opcodes: [[1, 1, "A"]] })),
  );
  fc.assert(
    fc.property(said, (value) => {
      const info = toInfo(value, "x.so", "native");
      expect("refused" in info || info.ports.length > 0).toBe(true);
    }),
    { numRuns: 500, seed: 5 },
  );
});
