import { array, assert, integer, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import type { PacketHeader } from "#contract/game-plugin.ts";
import { Framer } from "./framer.ts";

const header: PacketHeader = {
  bytes: 4,
  bigEndian: false,
  opcode: { offset: 2, bytes: 2 },
  length: { offset: 0, bytes: 2, counts: "packet", adjust: 0 },
  fields: [],
};
const known = new Map([1, 2, 3, 4, 5].map((opcode) => [opcode, `OP_${opcode}`]));

/** A packet with the body's bytes all alike. */
const packet = (opcode: number, body: number): number[] => [
  (4 + body) & 255,
  (4 + body) >> 8,
  opcode,
  0,
  ...Array.from({ length: body }, () => 0xee),
];

function read(framer: Framer, ...pieces: readonly (readonly number[] | "gap")[]): string[] {
  const told: string[] = [];
  for (const piece of pieces) {
    if (piece === "gap") framer.gap();
    else framer.piece(Uint8Array.from(piece), ({ opcode, bytes, body }) => told.push(`${opcode}:${bytes.length - body}`));
  }
  return told;
}

test.each([
  ["one packet in a piece", [packet(1, 3)], ["1:3"], 0],
  ["several packets in a piece", [[...packet(1, 3), ...packet(2, 0), ...packet(3, 9)]], ["1:3", "2:0", "3:9"], 0],
  ["a packet over several pieces", [packet(1, 9).slice(0, 1), packet(1, 9).slice(1, 5), packet(1, 9).slice(5)], ["1:9"], 0],
  ["a hole gives up what was begun", [packet(1, 9).slice(0, 6), "gap", packet(2, 1)], ["2:1"], 6],
  ["behind a hole the next header is found", ["gap", [0xee, 0xee, 0xee, ...packet(2, 1), ...packet(3, 2)]], ["2:1", "3:2"], 3],
  ["a length that cannot be is passed over", [[1, 0, 1, 0, ...packet(2, 4), ...packet(3, 2)]], ["2:4", "3:2"], 4],
] as const)("%s", (_case, pieces, told, lost) => {
  const framer = new Framer(header, known, true);
  expect(read(framer, ...pieces)).toEqual(told);
  expect(framer.lost).toBe(lost);
});

test.each([
  ["packet", 0, 12],
  ["body", 0, 8],
  ["rest", 0, 10],
  ["packet", 5, 7],
] as const)("a length that counts the %s, with %d added", (counts, adjust, value) => {
  const counted = { ...header, length: { offset: 0, bytes: 2, counts, adjust } } as const;
  expect(read(new Framer(counted, known, true), [value, 0, 2, 0, ...Array.from({ length: 8 }, () => 1)])).toEqual(["2:8"]);
});

test("datagrams do not wait for a rest", () => {
  const framer = new Framer(header, known, false);
  expect(read(framer, packet(1, 9).slice(0, 6), packet(2, 1))).toEqual(["2:1"]);
  expect(framer.lost).toBe(6);
});

test("without a header each piece is a packet", () => {
  expect(read(new Framer(undefined, undefined, true), [1, 2, 3], [4])).toEqual(["-1:3", "-1:1"]);
});

test("however the bytes are cut, the packets are the same", () => {
  const sizes = array(integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 });
  const cuts = array(integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 });
  assert(
    property(sizes, cuts, (bodies, pieces) => {
      const bytes = bodies.flatMap((body, i) => packet((i % 5) + 1, body));
      const cut: number[][] = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = pieces[i % pieces.length] as number;
        cut.push(bytes.slice(at, at + size));
        at += size;
      }
      expect(read(new Framer(header, known, true), ...cut)).toEqual(bodies.map((body, i) => `${(i % 5) + 1}:${body}`));
    }),
  );
});

test("no bytes may throw, and every byte is in a packet, held, or counted as lost", () => {
  assert(
    property(array(uint8Array({ maxLength: 60 }), { maxLength: 12 }), integer({ min: 0, max: 12 }), (pieces, gapAt) => {
      const framer = new Framer(header, undefined, true);
      let given = 0;
      let told = 0;
      pieces.forEach((piece, i) => {
        if (i === gapAt) framer.gap();
        given += piece.length;
        framer.piece(piece, ({ bytes }) => (told += bytes.length));
      });
      expect(told + framer.held + framer.lost).toBe(given);
    }),
  );
});
