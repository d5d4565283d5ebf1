import { describe, expect, test } from "vitest";
import { Screen } from "#tui/screen/screen.ts";
import { Prompt } from "./prompt.ts";

const typed = (text: string, ...keys: string[]): string => {
  const prompt = new Prompt("search:", text, () => {});
  for (const key of keys) prompt.key({ name: key, text: key.length === 1 ? key : "" });
  return prompt.text;
};

describe("a prompt", () => {
  test.each([
    ["inserts at the cursor", "ac", ["left", "b"], "abc"],
    ["removes before the cursor", "abc", ["left", "backspace"], "ac"],
    ["removes under the cursor", "abc", ["home", "delete"], "bc"],
    ["removes a word", "port = 443 ", ["ctrl-w"], "port = "],
    ["removes everything before", "abc", ["left", "ctrl-u"], "c"],
    ["removes everything behind", "abc", ["home", "right", "ctrl-k"], "a"],
    ["nothing before the first", "", ["left", "backspace", "delete", "right"], ""],
  ] as const)("%s", (_case, text, keys, wanted) => expect(typed(text, ...keys)).toBe(wanted));

  test("the cursor is seen, however long the text", () => {
    const prompt = new Prompt("search:", "日".repeat(100), () => {});
    const screen = new Screen(30, 1);
    prompt.draw(screen.area());
    expect(screen.lines()[0]).toMatch(/^search: 日+$/);
  });
});
