import { eastAsianWidth } from "get-east-asian-width";

/** What stands in one or two cells: a character with the marks on it. */
export interface Glyph {
  readonly text: string;
  readonly width: 1 | 2;
}

/** Marks that a character may carry; further ones are left out. */
const marksMax = 2;
/** Longest text that is looked at, characters: nothing that is shown is longer than a screen. */
const textCharactersMax = 4096;
/** Stands for what must not reach a terminal. */
const SUBSTITUTE: Glyph = { text: "·", width: 1 };

const ascii = /^[ -~]*$/;
const harmful = /[\p{C}\p{Zl}\p{Zp}]/u;
const mark = /\p{M}/u;
/** They choose between a character's two looks, and with that its width: without them all terminals agree. */
const selector = /[\uFE00-\uFE0F]/;

const asciiGlyphs: readonly Glyph[] = Array.from({ length: 128 }, (_, code) => ({ text: String.fromCharCode(code), width: 1 }));

/**
 * A text as cells. Strangers choose what is in a DNS name or a player's name: control characters, escape sequences,
 * marks of direction, private and unassigned characters become `·`, so that nothing steers the terminal.
 */
export function glyphs(text: string): readonly Glyph[] {
  const shown = text.length > textCharactersMax ? text.slice(0, textCharactersMax) : text;
  if (ascii.test(shown)) return Array.from(shown, (character) => asciiGlyphs[character.charCodeAt(0)] as Glyph);
  const all: Glyph[] = [];
  let marks = 0;
  for (const character of shown) {
    if (selector.test(character)) continue;
    if (!mark.test(character)) {
      marks = 0;
      all.push(glyphOf(character));
    } else if (all.length > 0 && marks++ < marksMax) {
      const carrier = all[all.length - 1] as Glyph;
      all[all.length - 1] = { text: carrier.text + character, width: carrier.width };
    }
  }
  return all;
}

function glyphOf(character: string): Glyph {
  const code = character.codePointAt(0) as number;
  if (code >= 0x20 && code < 0x7f) return asciiGlyphs[code] as Glyph;
  if (harmful.test(character)) return SUBSTITUTE;
  return { text: character, width: eastAsianWidth(code) };
}

/** Cells that a text takes. */
export function textWidth(text: string): number {
  if (text.length <= textCharactersMax && ascii.test(text)) return text.length;
  let width = 0;
  for (const glyph of glyphs(text)) width += glyph.width;
  return width;
}

/** The text in at most `width` cells; `…` at its end when it was longer. Harmless afterwards. */
export function cut(text: string, width: number): string {
  if (width <= 0) return "";
  const all = glyphs(text);
  let used = 0;
  let whole = "";
  let fitting = "";
  for (const glyph of all) {
    used += glyph.width;
    if (used > width) return `${fitting}…`;
    whole += glyph.text;
    if (used <= width - 1) fitting = whole;
  }
  return whole;
}

/** The text cut or filled to exactly `width` cells. */
export function fill(text: string, width: number, right = false): string {
  const shown = cut(text, width);
  const blank = " ".repeat(Math.max(0, width - textWidth(shown)));
  return right ? blank + shown : shown + blank;
}
