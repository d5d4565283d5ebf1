import type { Area } from "#tui/screen/screen.ts";
import { type Style, style } from "#tui/screen/style.ts";
import { glyphs, textWidth } from "#tui/screen/text.ts";

/** A text in one style. */
export interface Span {
  readonly text: string;
  readonly look: Style;
}

/** What stands in one line. */
export type Line = readonly Span[];

export const span = (text: string, look: Style = style.plain): Span => ({ text, look });
export const line = (text: string, look: Style = style.plain): Line => [span(text, look)];
/** A heading with a blank line above it. */
export const heading = (text: string): readonly Line[] => [[], line(text, style.strong)];
/** `name   value`, the name dim and in `width` cells. */
export const fact = (name: string, value: string, look: Style = style.plain, width = 16): Line => [
  span(`${name} `.padEnd(width), style.dim),
  span(value, look),
];

/** Draws a line; what does not fit is cut. Answers the column behind it. */
export function drawLine(area: Area, y: number, spans: Line, x = 0): number {
  let column = x;
  for (const { text, look } of spans) column = area.text(column, y, text, look);
  return column;
}

/** Draws a text in as many lines as it needs, at most `linesMax`; answers how many it took. */
export function drawText(area: Area, text: string, look: Style, linesMax = 3): number {
  const lines = wrap(line(text, look), area.width).slice(0, linesMax);
  for (const [y, each] of lines.entries()) drawLine(area, y, each);
  return lines.length;
}

/** Breaks a line at blanks into lines of at most `width` cells; the further ones stand under its last span. */
export function wrap(spans: Line, width: number): readonly Line[] {
  const widths = spans.map(({ text }) => textWidth(text));
  const total = widths.reduce((sum, each) => sum + each, 0);
  if (total <= width || width < 4) return [spans];
  const before = total - (widths.at(-1) ?? 0);
  const indent = before <= width / 2 ? before : 0;
  const lines: Line[] = [];
  let current: Span[] = [];
  let used = 0;
  for (const { text, look } of spans)
    for (const piece of text.match(/\s*\S+|\s+$/g)?.flatMap((word) => pieces(word, width - indent)) ?? []) {
      const isNew = used + textWidth(piece) > width;
      if (isNew) {
        lines.push(current);
        current = indent === 0 ? [] : [span(" ".repeat(indent))];
        used = indent;
      }
      const shown = isNew ? piece.trimStart() : piece;
      current.push(span(shown, look));
      used += textWidth(shown);
    }
  lines.push(current);
  return lines;
}

/** A word that is longer than a line, in pieces that are not. */
function pieces(word: string, width: number): readonly string[] {
  if (textWidth(word) <= width) return [word];
  const all: string[] = [];
  let piece = "";
  let used = 0;
  for (const glyph of glyphs(word)) {
    if (used + glyph.width > width) {
      all.push(piece);
      piece = "";
      used = 0;
    }
    piece += glyph.text;
    used += glyph.width;
  }
  if (piece !== "") all.push(piece);
  return all;
}
