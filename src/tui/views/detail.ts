import { type Line, line } from "#tui/parts/line.ts";
import { Pager } from "#tui/parts/pager.ts";
import { Poll } from "#tui/parts/poll.ts";
import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";

/** From here on a detail stands beside its list; below it takes the list's place. */
const besideWidthMin = 140;

/** The detail of a row, over its list or beside it. */
export class Detail {
  readonly #pager = new Pager();
  #open = false;

  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#open = true;
    this.#pager.toTop();
  }

  close(): void {
    this.#open = false;
  }

  /** Keys while it is open: scrolling, and the way back. */
  key(name: string): boolean {
    if (name === "escape" || name === "left" || name === "backspace" || name === "enter") {
      this.close();
      return true;
    }
    return this.#pager.key(name);
  }

  /** Draws `list` alone, `lines` alone, or both, as the width allows. */
  draw(area: Area, list: (area: Area) => void, lines: () => readonly Line[]): void {
    const isBeside = area.width >= besideWidthMin;
    if (!this.#open) list(area);
    else {
      this.#pager.set(lines());
      if (isBeside) this.#drawBeside(area, list);
      else this.#pager.draw(area);
    }
  }

  #drawBeside(area: Area, list: (area: Area) => void): void {
    const left = Math.floor(area.width / 2);
    list(area.part(0, 0, left));
    for (let y = 0; y < area.height; y++) area.text(left, y, "│", style.dim);
    this.#pager.draw(area.part(left + 2, 0));
  }
}

/** What stands where an answer is not there yet, or has failed. */
export const waitingLines = (trouble: string | undefined): readonly Line[] => [
  trouble === undefined ? line("asking the server …", style.dim) : line(trouble, style.bad),
];

/** A detail that the server is asked for, again and again while it is open. */
export class AskedDetail<Answer> {
  readonly #detail = new Detail();
  readonly #everyMs: number;
  readonly #changed: () => void;
  #poll: Poll<Answer> | undefined;

  constructor(everyMs: number, changed: () => void) {
    this.#everyMs = everyMs;
    this.#changed = changed;
  }

  get isOpen(): boolean {
    return this.#detail.isOpen;
  }

  get answer(): Answer | undefined {
    return this.#poll?.answer;
  }

  open(ask: (signal: AbortSignal) => Promise<Answer>): void {
    this.#poll?.stop();
    this.#poll = new Poll(ask, this.#everyMs, this.#changed);
    this.#poll.start();
    this.#detail.open();
  }

  /** Somebody looks, or nobody does. */
  show(): void {
    this.#poll?.start();
  }

  hide(): void {
    this.#poll?.stop();
  }

  /** Asks at once. */
  again(): void {
    this.#poll?.again();
  }

  key(name: string): boolean {
    const used = this.#detail.key(name);
    if (!this.#detail.isOpen) {
      this.#poll?.stop();
      this.#poll = undefined;
    }
    return used;
  }

  draw(area: Area, list: (area: Area) => void, linesOf: (answer: Answer) => readonly Line[]): void {
    this.#detail.draw(area, list, () => (this.answer === undefined ? waitingLines(this.#poll?.trouble) : linesOf(this.answer)));
  }
}
