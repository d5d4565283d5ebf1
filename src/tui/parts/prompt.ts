import type { Key } from "#tui/screen/keys.ts";
import type { Area } from "#tui/screen/screen.ts";
import { REVERSED, style } from "#tui/screen/style.ts";
import { glyphs, textWidth } from "#tui/screen/text.ts";

/** Longest text that can be typed; the query language takes as much. */
const promptCharactersMax = 4096;

/** A line that is typed: `done` hears the text after Enter, `undefined` after Escape. */
export class Prompt {
  readonly #label: string;
  readonly #done: (text: string | undefined) => void;
  #characters: string[];
  #cursor: number;

  constructor(label: string, text: string, done: (text: string | undefined) => void) {
    this.#label = label;
    this.#done = done;
    this.#characters = Array.from(text);
    this.#cursor = this.#characters.length;
  }

  get text(): string {
    return this.#characters.join("");
  }

  key({ name, text }: Key): void {
    if (name === "enter") this.#done(this.text);
    else if (name === "escape" || name === "ctrl-c") this.#done(undefined);
    else if (text !== "") this.#insert(text);
    else this.#edit(name);
  }

  draw(area: Area): void {
    const start = area.text(0, 0, `${this.#label} `, style.strong);
    const room = Math.max(1, area.width - start - 1);
    let from = 0;
    while (textWidth(this.#characters.slice(from, this.#cursor).join("")) > room) from++;
    const before = this.#characters.slice(from, this.#cursor).join("");
    const under = this.#characters[this.#cursor];
    let x = area.text(start, 0, before);
    x = area.text(x, 0, under === undefined || glyphs(under).length === 0 ? " " : under, REVERSED);
    area.text(x, 0, this.#characters.slice(this.#cursor + 1).join(""));
  }

  #insert(text: string): void {
    const characters = Array.from(text).slice(0, promptCharactersMax - this.#characters.length);
    this.#characters.splice(this.#cursor, 0, ...characters);
    this.#cursor += characters.length;
  }

  #edit(name: string): void {
    const last = this.#characters.length;
    if (name === "left") this.#cursor = Math.max(0, this.#cursor - 1);
    else if (name === "right") this.#cursor = Math.min(last, this.#cursor + 1);
    else if (name === "home" || name === "ctrl-a") this.#cursor = 0;
    else if (name === "end" || name === "ctrl-e") this.#cursor = last;
    else if (name === "delete") this.#characters.splice(this.#cursor, 1);
    else if (name === "ctrl-u") this.#removeBefore(0);
    else if (name === "ctrl-k") this.#characters.splice(this.#cursor);
    else if (name === "ctrl-w") this.#removeWord();
    else if (name === "backspace" && this.#cursor > 0) this.#characters.splice(--this.#cursor, 1);
  }

  #removeWord(): void {
    let from = this.#cursor;
    while (from > 0 && this.#characters[from - 1] === " ") from--;
    while (from > 0 && this.#characters[from - 1] !== " ") from--;
    this.#removeBefore(from);
  }

  /** Removes what stands between `from` and the cursor. */
  #removeBefore(from: number): void {
    this.#characters.splice(from, this.#cursor - from);
    this.#cursor = from;
  }
}
