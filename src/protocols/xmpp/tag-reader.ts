import { latin1 } from "#base/bytes.ts";
import { utf8Text } from "#base/loose-text.ts";

/** Characters of one tag; of longer ones the end is passed over. */
const tagCharactersMax = 4096;
/** Characters of the text before a tag that are kept. */
const textCharactersMax = 4096;
const attributesMax = 32;

const LESS = 0x3c;
const GREATER = 0x3e;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

/** A tag of the stream, with the text that stood before it. */
export interface Tag {
  /** Without prefix, in the spelling of the stream: `stream`, `auth`. */
  readonly name: string;
  /** `</x>`. */
  readonly closes: boolean;
  /** `<x/>`. */
  readonly empty: boolean;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Finds the tags of one side of a stream, whatever the pieces in which it comes. It knows no more of XML than that. */
export class TagReader {
  #inTag = false;
  #quote = 0;
  #tag = "";
  #text = "";

  /** Takes bytes up to the end of the next tag, or all; returns where it stopped. `tag` says whether there was one. */
  tag: Tag | undefined = undefined;
  read(bytes: Uint8Array, from: number, to: number): number {
    this.tag = undefined;
    let at = from;
    if (!this.#inTag) {
      let i = at;
      while (i < to && bytes[i] !== LESS) i++;
      const room = textCharactersMax - this.#text.length;
      if (room > 0) this.#text += latin1(bytes, at, Math.min(i, at + room));
      if (i === to) return to;
      this.#inTag = true;
      this.#tag = "";
      at = i + 1;
    }
    let i = at;
    for (; i < to; i++) {
      const byte = bytes[i] as number;
      if (this.#quote !== 0) {
        if (byte === this.#quote) this.#quote = 0;
      } else if (byte === QUOTE || byte === APOSTROPHE) this.#quote = byte;
      else if (byte === GREATER) break;
    }
    const room = tagCharactersMax - this.#tag.length;
    if (room > 0) this.#tag += latin1(bytes, at, Math.min(i, at + room));
    if (i === to) return to;
    this.#inTag = false;
    this.tag = parseTag(this.#tag, this.#text);
    this.#text = "";
    return i + 1;
  }

  /** Bytes are missing: the next tag is looked for. */
  reset(): void {
    this.#inTag = false;
    this.#quote = 0;
    this.#text = "";
  }
}

const ATTRIBUTE = /([\w:.-]{1,64})\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function parseTag(source: string, text: string): Tag | undefined {
  const [, slash, , name] = /^(\/?)([\w.-]{1,64}:)?([\w.-]{1,64})/.exec(source) ?? [];
  // Declarations and comments tell nothing.
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  for (const match of source.matchAll(ATTRIBUTE)) {
    if (attributes.size === attributesMax) break;
    attributes.set(match[1] as string, plain(match[2] ?? (match[3] as string)));
  }
  return { name, closes: slash === "/", empty: source.endsWith("/"), attributes, text: plain(text) };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const plain = (text: string): string =>
  utf8Text(text).replace(/&(lt|gt|amp|quot|apos);/g, (_all, name: string) => ENTITIES[name] as string);
