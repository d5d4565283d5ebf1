import { array, assert, double, property } from "fast-check";
import { expect, test } from "vitest";
import { GameOpcodes } from "./game-opcodes.ts";
import { PlayerStatistics } from "./player-statistics.ts";

const none = new Float64Array(0);
const names = (): GameOpcodes => new GameOpcodes((opcode) => `OP_${opcode}`);

test("gaps, sizes and fields have the mean and deviation of the textbook", () => {
  assert(
    property(array(double({ min: -1000, max: 1000, noNaN: true }), { minLength: 3, maxLength: 50 }), (values) => {
      const opcodes = names();
      const statistics = new PlayerStatistics(opcodes);
      const opcode = opcodes.of(7, 0);
      if (opcode === undefined) throw new Error("no room for one opcode");
      opcode.numbers = ["x"];
      for (const [i, value] of values.entries()) statistics.packet(opcode, i * i * 1000, 10 + i, Float64Array.of(value), 1);
      const [counts] = statistics.opcodes();
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      const [field] = counts?.fields ?? [];
      expect(field?.mean).toBeCloseTo(mean, 6);
      expect(field?.stddev).toBeCloseTo(Math.sqrt(variance), 6);
      expect([field?.min, field?.max]).toEqual([Math.min(...values), Math.max(...values)]);
      expect(counts?.size.mean).toBeCloseTo(10 + (values.length - 1) / 2, 6);
      expect(counts?.gap?.mean).toBeCloseTo((values.length - 1) / 1000, 6);
    }),
  );
});

test("steps are those of the client's packets, in order", () => {
  const opcodes = names();
  const statistics = new PlayerStatistics(opcodes);
  for (const [number, side] of [
    [1, 0],
    [9, 1],
    [2, 0],
    [1, 0],
    [2, 0],
    [2, 0],
  ] as const) {
    const opcode = opcodes.of(number, side);
    if (opcode !== undefined) statistics.packet(opcode, 0, 10, none, 0);
  }
  expect(statistics.steps().map(({ from, to, count }) => `${from.name}>${to.name} ${count}`)).toEqual([
    "OP_1>OP_2 2",
    "OP_2>OP_1 1",
    "OP_2>OP_2 1",
  ]);
});

test("a player who sends a thousand opcodes holds 48 and counts the others", () => {
  const opcodes = names();
  const statistics = new PlayerStatistics(opcodes);
  for (let number = 0; number < 1000; number++) {
    const opcode = opcodes.of(number, 0);
    if (opcode !== undefined) statistics.packet(opcode, number, 10, none, 0);
  }
  expect(statistics.opcodes()).toHaveLength(48);
  expect(statistics.packets[0]).toBe(1000);
  expect(statistics.refused).toBeGreaterThan(900);
});

test("a new interval begins with nothing recent", () => {
  const opcodes = names();
  const statistics = new PlayerStatistics(opcodes);
  const opcode = opcodes.of(1, 0);
  if (opcode === undefined) throw new Error("no room for one opcode");
  statistics.packet(opcode, 0, 10, none, 0);
  statistics.interval();
  statistics.packet(opcode, 1, 10, none, 0);
  expect(statistics.opcodes()[0]).toMatchObject({ count: 2, recent: 1 });
});
