/** Orders that are remembered. A power of two. */
const SLOTS = 256;

const COMMA = 0x2c;

/** Names of one head in their order, joined with commas; the same text again when the same names came before. */
export class NameOrder {
  readonly #names: string[] = [];
  readonly #kept: string[] = Array<string>(SLOTS).fill("");
  #count = 0;
  #hash = 0;
  #length = 0;

  clear(): void {
    this.#count = 0;
    this.#hash = 0;
    this.#length = 0;
  }

  get count(): number {
    return this.#count;
  }

  add(name: string): void {
    this.#names[this.#count++] = name;
    this.#hash = Math.imul(this.#hash ^ name.length ^ (name.charCodeAt(0) << 8) ^ (name.charCodeAt(name.length - 1) << 16), 0x01000193);
    this.#length += name.length;
  }

  text(): string {
    if (this.#count === 0) return "";
    const slot = (this.#hash ^ (this.#hash >>> 13)) & (SLOTS - 1);
    const kept = this.#kept[slot] as string;
    if (kept.length === this.#length + this.#count - 1 && this.#isOrder(kept)) return kept;
    const text = this.#names.slice(0, this.#count).join(",");
    this.#kept[slot] = text;
    return text;
  }

  #isOrder(text: string): boolean {
    let at = 0;
    for (let i = 0; i < this.#count; i++) {
      const name = this.#names[i] as string;
      if (!text.startsWith(name, at) || (i > 0 && text.charCodeAt(at - 1) !== COMMA)) return false;
      at += name.length + 1;
    }
    return true;
  }
}
