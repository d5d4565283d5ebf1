import { parseNumber } from "./integer.ts";
import type { Token } from "./tokens.ts";

/** How structs are laid out from here on. */
export interface Packing {
  /** Largest alignment of a member in bytes (`#pragma pack`); 0 for none. */
  readonly pack: number;
  /** Byte order by `#pragma scalar_storage_order`; `undefined` for that of the catalog. */
  readonly bigEndian: boolean | undefined;
}

const packs = [0, 1, 2, 4, 8, 16];
/** Values that `push` may keep. */
const depthMax = 1_000;

/** `#pragma pack` and `#pragma scalar_storage_order`, as GCC and Microsoft's compiler obey them. */
export class PackStack {
  now: Packing = { pack: 0, bigEndian: undefined };
  readonly #stack: { readonly pack: number; readonly name: string }[] = [];

  /** Obeys the tokens behind `#pragma`; returns what is wrong with them. Other pragmas mean nothing here. */
  apply(tokens: readonly Token[]): string | undefined {
    if (tokens[0]?.text === "scalar_storage_order") return this.#order(tokens);
    if (tokens[0]?.text !== "pack") return undefined;
    const inner = tokens.slice(tokens[1]?.text === "(" ? 2 : 1).filter(({ text }) => text !== "," && text !== ")");
    const words = inner.map(({ text }) => text);
    if (words[0] === "push") return this.#push(words.slice(1));
    if (words[0] === "pop") return this.#pop(words.slice(1));
    if (words[0] === "show") return undefined;
    return words.length === 0 ? this.#set("0") : this.#set(words[0] as string);
  }

  #order(tokens: readonly Token[]): string | undefined {
    const order = tokens
      .slice(1)
      .map(({ text }) => text)
      .join("");
    if (!["big-endian", "little-endian", "default"].includes(order)) return `\`${order}\` is no byte order`;
    this.now = { ...this.now, bigEndian: order === "default" ? undefined : order === "big-endian" };
    return undefined;
  }

  #push(words: readonly string[]): string | undefined {
    const value = words.find((word) => /^\d/.test(word));
    const name = words.find((word) => !/^\d/.test(word)) ?? "";
    if (this.#stack.length < depthMax) this.#stack.push({ pack: this.now.pack, name });
    return value === undefined ? undefined : this.#set(value);
  }

  #pop(words: readonly string[]): string | undefined {
    const value = words.find((word) => /^\d/.test(word));
    const name = words.find((word) => !/^\d/.test(word));
    const at = name === undefined ? this.#stack.length - 1 : this.#stack.findLastIndex((one) => one.name === name);
    const found = this.#stack[at];
    if (found === undefined) return "#pragma pack(pop) without a push";
    this.#stack.length = at;
    this.now = { ...this.now, pack: found.pack };
    return value === undefined ? undefined : this.#set(value);
  }

  #set(text: string): string | undefined {
    const pack = Number(parseNumber(text, 64)?.value ?? -1n);
    if (!packs.includes(pack)) return `${text} is no packing: 1, 2, 4, 8 or 16`;
    this.now = { ...this.now, pack };
    return undefined;
  }
}
