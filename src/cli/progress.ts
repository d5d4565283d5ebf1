const width = 30;

/** A progress bar on a terminal; silent when the stream is none. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** `share` is 0 to 1, or `undefined` when the length of the input is not known. */
  show(share: number | undefined, text: string): void {
    if (!this.#stream.isTTY) return;
    const filled = Math.round((share ?? 0) * width);
    const bar = share === undefined ? "reading" : `[${"#".repeat(filled)}${".".repeat(width - filled)}] ${Math.floor(share * 100)} %`;
    this.#stream.write(`\r\u001b[K${bar}  ${text}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#stream.write("\r\u001b[K");
    this.#shown = false;
  }
}
