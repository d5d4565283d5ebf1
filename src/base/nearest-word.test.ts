import { expect, test } from "vitest";
import { nearestWord } from "./nearest-word.ts";

test.each([
  ["two letters changed places", "tsl", "tls"],
  ["a letter too many", "hhttp", "http"],
  ["capitals", "DNS", "dns"],
  ["nothing like it", "banana", undefined],
  ["a beginning", "game", "game_session"],
  ["an end", "session", "game_session"],
  ["the nearest of several", "sshh", "ssh"],
  ["an empty word", "", undefined],
])("%s", (_case, word, name) => {
  expect(nearestWord(word, ["dns", "tls", "http", "ssh", "smb", "game_session"])).toBe(name);
});
