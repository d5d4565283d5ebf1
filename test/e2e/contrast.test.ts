import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../web/src/shell/tokens.css", import.meta.url), "utf8");

const AA = 4.5;

/** Text colour, and what it stands on. */
const pairs = [
  ["text", "page"],
  ["text", "panel"],
  ["text", "raised"],
  ["text", "accent-soft"],
  ["dim", "page"],
  ["dim", "panel"],
  ["dim", "raised"],
  ["dim", "accent-soft"],
  ["accent", "panel"],
  ["accent", "page"],
  ["accent", "raised"],
  ["accent", "accent-soft"],
  ["good", "panel"],
  ["good", "page"],
  ["good", "raised"],
  ["warn", "panel"],
  ["warn", "page"],
  ["warn", "warn-soft"],
  ["bad", "panel"],
  ["bad", "bad-soft"],
] as const;

test.each(["light", "dark"])("every text is readable (WCAG AA) in the %s theme", (theme) => {
  const colours = coloursOf(theme);
  const poor = pairs
    .map(([text, ground]) => `${text} on ${ground}: ${contrast(colours.get(text), colours.get(ground)).toFixed(2)}`)
    .filter((line) => !(Number(line.split(": ")[1]) >= AA));
  expect(poor).toEqual([]);
});

function coloursOf(theme: string): ReadonlyMap<string, string> {
  const block = new RegExp(`\\[data-mantine-color-scheme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name as string, value as string]));
}

/** Contrast ratio of WCAG 2.1; not a number when a colour is missing. */
function contrast(a = "", b = ""): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
