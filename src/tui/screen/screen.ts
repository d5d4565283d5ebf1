import { type Style, style } from "./style.ts";
import { glyphs } from "./text.ts";

/** A rectangle of cells: what a terminal shows, before it is drawn. A wide character's second cell holds the empty text. */
export class Screen {
  readonly width: number;
  readonly height: number;
  readonly texts: string[];
  readonly styles: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.texts = Array.from({ length: width * height }, () => " ");
    this.styles = new Uint8Array(width * height);
  }

  /** All of it. */
  area(): Area {
    return new Area(this, 0, 0, this.width, this.height);
  }

  /** The lines as text without styles, for tests. */
  lines(): readonly string[] {
    return Array.from({ length: this.height }, (_, y) =>
      this.texts
        .slice(y * this.width, (y + 1) * this.width)
        .join("")
        .trimEnd(),
    );
  }

  /** Puts a glyph into a cell; the halves of wide ones that it cuts become blank. */
  set(x: number, y: number, text: string, width: number, look: Style): void {
    const at = y * this.width + x;
    if (this.texts[at] === "" && x > 0) this.texts[at - 1] = " ";
    this.texts[at] = text;
    this.styles[at] = look;
    if (width === 2) {
      this.texts[at + 1] = "";
      this.styles[at + 1] = look;
    }
    const next = x + width;
    if (next < this.width && this.texts[at + width] === "") this.texts[at + width] = " ";
  }
}

/** A part of a screen: whoever draws into it reaches nothing outside. */
export class Area {
  readonly #screen: Screen;
  readonly #x: number;
  readonly #y: number;
  readonly width: number;
  readonly height: number;

  constructor(screen: Screen, x: number, y: number, width: number, height: number) {
    this.#screen = screen;
    this.#x = x;
    this.#y = y;
    this.width = Math.max(0, Math.min(width, screen.width - x));
    this.height = Math.max(0, Math.min(height, screen.height - y));
  }

  /** The part that begins at `x`, `y`; as large as it can be unless told otherwise. */
  part(x: number, y: number, width = this.width - x, height = this.height - y): Area {
    return new Area(
      this.#screen,
      this.#x + Math.min(x, this.width),
      this.#y + Math.min(y, this.height),
      Math.min(width, this.width - x),
      Math.min(height, this.height - y),
    );
  }

  /** Writes a text in one line, cut at the area's edge; answers the column behind it. */
  text(x: number, y: number, text: string, look: Style = style.plain): number {
    if (y < 0 || y >= this.height) return x;
    let column = x;
    for (const glyph of glyphs(text)) {
      if (column + glyph.width > this.width) break;
      if (column >= 0) this.#screen.set(this.#x + column, this.#y + y, glyph.text, glyph.width, look);
      column += glyph.width;
    }
    return column;
  }

  /** Writes a text so that it ends before column `end`. */
  textRight(end: number, y: number, text: string, look: Style = style.plain): void {
    const width = glyphs(text).reduce((sum, glyph) => sum + glyph.width, 0);
    this.text(Math.max(0, end - width), y, text, look);
  }

  /** Blanks everything, in a style. */
  clear(look: Style = style.plain): void {
    for (let y = 0; y < this.height; y++) this.text(0, y, " ".repeat(this.width), look);
  }
}
