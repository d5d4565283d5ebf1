import { expect, test } from "vitest";
import { GameOpcodes } from "./game-opcodes.ts";
import { PlayerStatistics } from "./player-statistics.ts";
import { likelihoodRatio, unusual } from "./unusual.ts";

const none = new Float64Array(0);

function players(count: number): { readonly opcodes: GameOpcodes; readonly all: PlayerStatistics[] } {
  const opcodes = new GameOpcodes((opcode) => `OP_${opcode}`);
  return { opcodes, all: Array.from({ length: count }, () => new PlayerStatistics(opcodes)) };
}

function send(statistics: PlayerStatistics | undefined, opcodes: GameOpcodes, number: number, times: number): void {
  const opcode = opcodes.of(number, 0);
  for (let i = 0; i < times; i++) if (opcode !== undefined) statistics?.packet(opcode, i, 10, none, 0);
}

test.each([
  ["one of thirty players sends it often", 30, 10, ["OP_9"]],
  ["one of thirty players has sent it four times", 30, 4, []],
  ["there are too few players to compare with", 5, 10, []],
] as const)("an opcode that others do not send: %s", (_case, count, times, names) => {
  const { opcodes, all } = players(count);
  for (const statistics of all) send(statistics, opcodes, 1, 40);
  send(all[0], opcodes, 9, times);
  const rows = unusual(all[0] as PlayerStatistics, opcodes);
  expect(rows.map(({ name }) => name)).toEqual(names);
  expect(unusual(all[1] as PlayerStatistics, opcodes)).toEqual([]);
  if (rows.length > 0) expect(rows[0]?.why).toMatch(/sent 10 times; 0 of 29 other players/);
});

test("a step that others do not take, between opcodes that all send", () => {
  const { opcodes, all } = players(30);
  for (const statistics of all) {
    send(statistics, opcodes, 1, 20);
    send(statistics, opcodes, 2, 20);
  }
  for (let i = 0; i < 6; i++) {
    send(all[3], opcodes, 2, 1);
    send(all[3], opcodes, 1, 1);
  }
  expect(unusual(all[3] as PlayerStatistics, opcodes).map(({ what, name }) => `${what} ${name}`)).toEqual(["step OP_2 → OP_1"]);
});

test("what a player rarely sent until now stands out when it becomes a habit", () => {
  const { opcodes, all } = players(1);
  const [statistics] = all;
  send(statistics, opcodes, 1, 300);
  send(statistics, opcodes, 2, 3);
  statistics?.interval();
  send(statistics, opcodes, 1, 40);
  send(statistics, opcodes, 2, 30);
  expect(unusual(statistics as PlayerStatistics, opcodes)).toMatchObject([{ name: "OP_2", compared_with: "own past", count: 30 }]);
});

test("the likelihood ratio of equal shares is 0, and of 10 of 20 against 0 of 20 is 17.3", () => {
  expect(likelihoodRatio(5, 10, 50, 100)).toBeCloseTo(0, 9);
  // 2 · (10 ln 2 + 10 ln(2/3) + 20 ln(4/3))
  expect(likelihoodRatio(10, 20, 0, 20)).toBeCloseTo(2 * (10 * Math.log(2) + 10 * Math.log(2 / 3) + 20 * Math.log(4 / 3)), 9);
});
