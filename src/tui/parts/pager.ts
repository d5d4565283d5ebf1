import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";
import { drawLine, type Line, wrap } from "./line.ts";

/** Lines that are scrolled as a whole; long ones are broken. */
export class Pager {
  #lines: readonly Line[] = [];
  #top = 0;
  #height = 1;
  #count = 0;

  set(lines: readonly Line[]): void {
    this.#lines = lines;
  }

  toTop(): void {
    this.#top = 0;
  }

  /** True when the key scrolled. */
  key(name: string): boolean {
    const step = steps(this.#height, this.#count)[name];
    if (step === undefined) return false;
    this.#top = Math.max(0, Math.min(this.#top + step, this.#count - this.#height));
    return true;
  }

  draw(area: Area): void {
    const lines = this.#lines.flatMap((each) => wrap(each, area.width));
    this.#count = lines.length;
    this.#height = Math.max(1, area.height);
    this.#top = Math.max(0, Math.min(this.#top, lines.length - this.#height));
    for (let y = 0; y < area.height; y++) drawLine(area, y, lines[this.#top + y] ?? []);
    const below = lines.length - this.#top - area.height;
    if (below > 0 && area.width > 20) area.textRight(area.width, area.height - 1, ` ▼ ${below} more `, style.dim);
  }
}

/** How far keys scroll in a window of `height` lines over `count`. */
function steps(height: number, count: number): { readonly [name: string]: number } {
  return {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    "page-up": -height,
    "page-down": height,
    " ": height,
    home: -count,
    g: -count,
    end: count,
    G: count,
  };
}
