import { writeSync } from "node:fs";
import { type Key, KeyReader } from "./keys.ts";
import { paint } from "./paint.ts";
import type { Screen } from "./screen.ts";
import { sequences } from "./style.ts";

/** The other screen, no cursor, pasted text marked as such. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?2004h";
const LEAVE = "\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/** How long more of a sequence is waited for behind an escape. */
const escapeMs = 40;

export interface TerminalOptions {
  readonly input: typeof process.stdin;
  readonly output: typeof process.stdout;
  readonly withColour: boolean;
  readonly onKey: (key: Key) => void;
  /** Size has changed, or the terminal can be written to again: a new screen is wanted. */
  readonly onWant: () => void;
  /** The terminal has gone away. */
  readonly onGone: () => void;
}

/**
 * A terminal in full-screen mode. A screen that it has not taken yet is waited for and no other is drawn meanwhile: a
 * slow terminal sees fewer screens, and nothing piles up. It is left as it was found on every way out: `restore` may be
 * called at any time, any number of times, and is called when the process ends.
 */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #looks: readonly string[];
  readonly #keys = new KeyReader();
  #shown: Screen | undefined;
  #isOpen = false;
  #isBusy = false;
  #escapeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#looks = sequences(options.withColour);
  }

  get width(): number {
    return this.#options.output.columns;
  }

  get height(): number {
    return this.#options.output.rows;
  }

  /** True when a screen would be drawn now. */
  get isReady(): boolean {
    return this.#isOpen && !this.#isBusy;
  }

  open(): void {
    const { input, output, onGone } = this.#options;
    input.setEncoding("utf8");
    input.on("data", this.#read);
    input.on("end", onGone);
    input.on("error", onGone);
    output.on("error", onGone);
    output.on("resize", this.#want);
    output.on("drain", this.#drained);
    process.on("exit", this.restore);
    this.#enter();
  }

  close(): void {
    const { input, output, onGone } = this.#options;
    clearTimeout(this.#escapeTimer);
    this.restore();
    input.off("data", this.#read);
    input.off("end", onGone);
    output.off("resize", this.#want);
    output.off("drain", this.#drained);
    process.off("exit", this.restore);
    input.pause();
  }

  show(screen: Screen): void {
    if (!this.isReady) return;
    const text = paint(this.#shown, screen, this.#looks);
    this.#shown = screen;
    if (text !== "") this.#isBusy = !this.#options.output.write(text);
  }

  /** Gives the terminal back and stops, as other programs do on Ctrl-Z; goes on where it was after `fg`. */
  suspend(): void {
    this.restore();
    process.once("SIGCONT", () => {
      this.#enter();
      this.#options.onWant();
    });
    process.kill(process.pid, "SIGSTOP");
  }

  /** Synchronously, since there may be no later. */
  readonly restore = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#options.input.setRawMode(false);
      writeSync(this.#options.output.fd, LEAVE);
    } catch {
      // The terminal has gone: there is nothing to restore.
    }
  };

  #enter(): void {
    this.#isOpen = true;
    this.#isBusy = false;
    this.#shown = undefined;
    this.#options.input.setRawMode(true);
    this.#options.input.resume();
    this.#options.output.write(ENTER);
  }

  readonly #read = (chunk: string): void => {
    clearTimeout(this.#escapeTimer);
    for (const key of this.#keys.read(chunk)) this.#options.onKey(key);
    if (this.#keys.waits) this.#escapeTimer = setTimeout(() => this.#keys.flush().forEach(this.#options.onKey), escapeMs);
  };

  readonly #want = (): void => {
    this.#options.onWant();
  };

  readonly #drained = (): void => {
    this.#isBusy = false;
    this.#options.onWant();
  };
}
