import { expect, test } from "vitest";
import { makeAccount } from "./generator.ts";
import { disguises } from "./script.ts";

test.each(["person", ...disguises] as const)("%s: the same seed gives the same packets in order, another seed others", (label) => {
  const account = makeAccount(5, label, 120);
  expect(makeAccount(5, label, 120)).toEqual(account);
  expect(makeAccount(6, label, 120)).not.toEqual(account);
  expect(account.packets.every((packet, i) => i === 0 || packet.time >= (account.packets[i - 1]?.time ?? 0))).toBe(true);
});
