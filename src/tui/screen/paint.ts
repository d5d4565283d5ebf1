import type { Screen } from "./screen.ts";

/** Synchronised update: a terminal that knows it shows the frame at once, others ignore it. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[0m\x1b[?2026l";

/**
 * The characters that turn what a terminal shows (`before`) into `after`: only cells that differ are written. Without
 * `before`, or when the size differs, everything is. `looks` are the styles' escape sequences. Empty when nothing differs.
 */
export function paint(before: Screen | undefined, after: Screen, looks: readonly string[]): string {
  const same = before !== undefined && before.width === after.width && before.height === after.height ? before : undefined;
  let out = same === undefined ? "\x1b[0m\x1b[2J" : "";
  let look = -1;
  for (let y = 0; y < after.height; y++) {
    let cursor = -1;
    for (let x = 0; x < after.width; x++) {
      const at = y * after.width + x;
      const text = after.texts[at] as string;
      // The second cell of a wide character is drawn with the first.
      if (text === "" || (same !== undefined && !differs(same, after, at))) continue;
      if (cursor !== x) out += `\x1b[${y + 1};${x + 1}H`;
      if (look !== after.styles[at]) {
        look = after.styles[at] as number;
        out += looks[look] ?? "";
      }
      out += text;
      // Terminals disagree about the width of some characters: behind them the cursor is placed anew.
      cursor = isCertain(text) ? x + 1 : -1;
    }
  }
  return out === "" ? "" : BEGIN + out + END;
}

function differs(before: Screen, after: Screen, at: number): boolean {
  if (before.texts[at] !== after.texts[at] || before.styles[at] !== after.styles[at]) return true;
  // Half of a wide character stood there before, or will.
  return after.texts[at + 1] === "" && before.texts[at + 1] !== "";
}

/** Latin, punctuation, arrows, boxes, blocks and Braille are one cell everywhere. */
function isCertain(text: string): boolean {
  const code = text.charCodeAt(0);
  return text.length === 1 && (code < 0x250 || (code >= 0x2010 && code < 0x2600) || (code >= 0x2800 && code < 0x2900));
}
