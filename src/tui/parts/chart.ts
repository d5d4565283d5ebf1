import type { Area } from "#tui/screen/screen.ts";
import { type Style, style } from "#tui/screen/style.ts";

const blocks = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const eighths = blocks.length - 1;
const bars = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"] as const;

/** One character for each value, 0 to the largest: `▁▃█`. The newest `width` values. */
export function sparkline(values: readonly number[], width: number, most = largest(values)): string {
  return values
    .slice(-width)
    .map((value) => blocks[eighthsOf(value, most, eighths)] ?? " ")
    .join("");
}

/** Columns of blocks, the newest at the right; the largest value fills the area. */
export function drawColumns(area: Area, values: readonly number[], look: Style = style.accent): void {
  const shown = values.slice(-area.width);
  const most = largest(shown);
  const from = area.width - shown.length;
  shown.forEach((value, i) => {
    let rest = eighthsOf(value, most, area.height * eighths);
    for (let y = area.height - 1; y >= 0 && rest > 0; y--) {
      area.text(from + i, y, blocks[Math.min(eighths, rest)] ?? "", look);
      rest -= eighths;
    }
  });
}

/** A bar of `width` cells that is `share` (0 to 1) full. */
export function bar(share: number, width: number): string {
  const filled = eighthsOf(share, 1, width * eighths);
  return ("█".repeat(Math.floor(filled / eighths)) + (bars[filled % eighths] ?? "")).padEnd(width);
}

const largest = (values: readonly number[]): number => values.reduce((most, value) => (value > most ? value : most), 0);

/** A value in steps of `most`; what is not nothing is at least one step. */
function eighthsOf(value: number, most: number, steps: number): number {
  if (!(value > 0) || !(most > 0)) return 0;
  return Math.max(1, Math.min(steps, Math.round((value / most) * steps)));
}
