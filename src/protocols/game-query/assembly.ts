/** Answers in parts that wait at the same time in one flow. */
export const assembliesMax = 8;
/** Parts of one answer. */
export const partsMax = 128;
/** Bytes of one answer. */
export const assemblyBytesMax = 262_144;

interface Assembly {
  readonly parts: (Uint8Array | undefined)[];
  count: number;
  bytes: number;
}

/** Puts answers together that came in several datagrams, in any order. */
export class Assemblies {
  readonly #open = new Map<string, Assembly>();

  /**
   * Part `index` of the answer `key`, whose number of parts is `count` (0 while it is unknown). Returns the whole
   * answer when this was the last missing part. The bytes are copied.
   */
  add(key: string, index: number, count: number, bytes: Uint8Array, from: number, to: number): Uint8Array[] | undefined {
    if (index >= partsMax || count > partsMax || (count > 0 && index >= count)) return undefined;
    let assembly = this.#open.get(key);
    if (assembly === undefined) {
      if (this.#open.size >= assembliesMax) this.#open.delete(this.#open.keys().next().value as string);
      assembly = { parts: [], count: 0, bytes: 0 };
      this.#open.set(key, assembly);
    }
    if (count > 0) assembly.count = count;
    if (assembly.parts[index] === undefined) {
      assembly.bytes += to - from;
      if (assembly.bytes > assemblyBytesMax) {
        this.#open.delete(key);
        return undefined;
      }
      assembly.parts[index] = bytes.slice(from, to);
    }
    const { parts } = assembly;
    if (assembly.count === 0 || parts.length < assembly.count) return undefined;
    for (let i = 0; i < assembly.count; i++) if (parts[i] === undefined) return undefined;
    this.#open.delete(key);
    return parts.slice(0, assembly.count) as Uint8Array[];
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
