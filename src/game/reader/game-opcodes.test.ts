import { expect, test } from "vitest";
import { GameOpcodes } from "./game-opcodes.ts";

test.each([
  ["CMSG_MOVE", 0, true],
  ["CMSG_MOVE_START", 0, true],
  ["PlayerPosition", 0, true],
  ["player_jump2", 0, true],
  ["CMSG_REMOVE_ITEM", 0, false],
  ["CMSG_POST", 0, false],
  ["CMSG_ATTACK", 0, false],
  ["SMSG_MOVE", 1, false],
] as const)("%s to side %i tells where the player is: %s", (name, side, moving) => {
  expect(new GameOpcodes(() => name).of(5, side)).toMatchObject({ moving, isRaw: false });
});

test("an opcode to the server without a name says nothing, like a packet without an opcode", () => {
  const opcodes = new GameOpcodes(() => undefined);
  expect([opcodes.of(5, 0)?.isRaw, opcodes.of(5, 1)?.isRaw, opcodes.of(-1, 1)?.isRaw]).toEqual([true, false, true]);
});
