import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { KeyLog } from "./key-log.ts";

const random = "ab".repeat(32);
const secret = "cd".repeat(48);

test.each([
  ["a line", `CLIENT_RANDOM ${random} ${secret}`, true],
  ["among others, with a carriage return", `# comment\nRSA 0011 2233\nCLIENT_RANDOM ${random.toUpperCase()} ${secret}\r\n\n`, true],
  ["a random that is too short", `CLIENT_RANDOM ${random.slice(2)} ${secret}`, false],
  ["a secret of half a byte", `CLIENT_RANDOM ${random} ${secret}0`, false],
  ["another label", `SERVER_TRAFFIC_SECRET_0 ${random} ${secret}`, false],
  ["no key log", "\u0000\u0001 binary", false],
])("%s", (_case, text, found) => {
  const log = new KeyLog();
  log.add(text);
  expect(log.find("CLIENT_RANDOM", fromHex(random))).toEqual(found ? fromHex(secret) : undefined);
});

test("empty until there is a secret", () => {
  const log = new KeyLog();
  expect(log.empty).toBe(true);
  log.add(`CLIENT_RANDOM ${random} ${secret}`);
  expect(log.empty).toBe(false);
});
