import { looseText } from "#base/loose-text.ts";

/** Puts the lines of an answer together (RFC 5321 §4.2.1): its code, and the text of its first line. */
export class ReplyReader {
  text = "";
  #open = false;
  #invalid = false;

  /** The code when the line ends an answer, 0 when it does not, -1 when it is the first that is none. */
  line(line: string): number {
    const [, code, mark, text = ""] = /^([2-5]\d\d)(?:([ -])(.*))?$/s.exec(line) ?? [];
    if (code === undefined) {
      if (this.#invalid || line === "") return 0;
      this.#invalid = true;
      return -1;
    }
    if (!this.#open) this.text = text;
    this.#open = mark === "-";
    return this.#open ? 0 : Number(code);
  }

  /** Lines are missing. */
  reset(): void {
    this.#open = false;
  }
}

/** Latin-1 text as UTF-8 when it is. */
export const looseName = (text: string): string => {
  for (let i = 0; i < text.length; i++)
    if (text.charCodeAt(i) >= 0x80)
      return looseText(
        Uint8Array.from(text, (c) => c.charCodeAt(0)),
        0,
        text.length,
      );
  return text;
};
