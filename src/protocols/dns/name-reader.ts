import { latin1 } from "#base/bytes.ts";
import { utf8Text } from "#base/loose-text.ts";

/** Longest name that is told, characters. Four times what RFC 1035 §3.1 allows; the same as Suricata's. */
export const nameCharactersMax = 1025;
/** What RFC 1035 §3.1 allows, bytes with the dots. */
const NAME_BYTES = 255;
/** Labels and pointers that are followed for one name; more are a loop. */
export const nameStepsMax = 255;
/** Names of one message that are kept for pointers to them. A power of two. */
const KEPT = 32;

const DOT = 0x2e;
const POINTER = 0xc0;
const LABEL_BYTES = 63;

/** Why a name could not be read, or is told cut: Suricata's names of the anomalies. */
export type NameTrouble = "malformed_data" | "infinite_loop" | "name_too_long";

/**
 * Reads names with compression (RFC 1035 §4.1.4). Bytes of a label become characters one by one, without escapes,
 * unless they are UTF-8; the root is the empty text. Most names of an answer are pointers to the question's, so the names of the message at hand
 * are kept by their offset.
 *
 * What it holds belongs to the message that `begin` named: one reader serves all flows of a thread.
 */
export class NameReader {
  /** Offset behind the name that was read last. */
  next = 0;
  /** The name that was read last is longer than what was told. */
  truncated = false;
  /** The first trouble since `begin`. */
  trouble: NameTrouble | undefined = undefined;
  readonly #scratch = new Uint8Array(nameCharactersMax + LABEL_BYTES + 1);
  readonly #keptAt = new Int32Array(KEPT);
  readonly #kept: string[] = Array<string>(KEPT).fill("");
  #bytes: Uint8Array = this.#scratch;
  #start = 0;
  #end = 0;
  #after = -1;
  #utf8 = false;

  /** The message to read names from: `bytes[start..end)`. `utf8` says that its labels are UTF-8. */
  begin(bytes: Uint8Array, start: number, end: number, utf8: boolean): void {
    this.#utf8 = utf8;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#keptAt.fill(-1);
    this.trouble = undefined;
  }

  /** The name at `at`; `undefined` when it can't be read, and then `next` means nothing. */
  read(at: number): string | undefined {
    const bytes = this.#bytes;
    this.truncated = false;
    let key = at - this.#start;
    if (at + 1 < this.#end && (bytes[at] as number) >= POINTER) key = (((bytes[at] as number) & 0x3f) << 8) | (bytes[at + 1] as number);
    const slot = key & (KEPT - 1);
    if (this.#keptAt[slot] === key && key !== at - this.#start) {
      this.next = at + 2;
      return this.#kept[slot];
    }
    const length = this.#gather(at);
    if (length < 0) return undefined;
    const characters = latin1(this.#scratch, 0, length);
    const text = this.#utf8 ? utf8Text(characters) : characters;
    if (this.truncated) return text;
    this.#keptAt[slot] = key;
    this.#kept[slot] = text;
    return text;
  }

  /** Copies the labels, with dots between them, to the scratch; returns how many characters, -1 when it is no name. */
  #gather(at: number): number {
    const bytes = this.#bytes;
    const scratch = this.#scratch;
    let position = at;
    let length = 0;
    this.#after = -1;
    for (let steps = 0; steps < nameStepsMax; steps++) {
      if (position >= this.#end) return this.#broken();
      const lead = bytes[position] as number;
      if (lead === 0) return this.#finish(position + 1, length);
      if (lead >= POINTER) {
        position = this.#follow(position, lead);
        if (position < 0) return -1;
        continue;
      }
      const stop = position + 1 + lead;
      if (lead > LABEL_BYTES || stop > this.#end) return this.#broken();
      if (this.truncated) {
        position = stop;
        continue;
      }
      if (length > 0) scratch[length++] = DOT;
      for (let i = position + 1; i < stop; i++) scratch[length++] = bytes[i] as number;
      position = stop;
      if (length > nameCharactersMax) length = this.#cut("name_too_long", nameCharactersMax);
    }
    // Without a pointer the end of the name was not found either.
    if (this.#after < 0 || length === 0) {
      this.trouble ??= "infinite_loop";
      return -1;
    }
    this.next = this.#after;
    return this.#cut("infinite_loop", length);
  }

  /** Where the pointer at `position` leads, -1 when out of the message. */
  #follow(position: number, lead: number): number {
    if (position + 2 > this.#end) return this.#broken();
    if (this.#after < 0) this.#after = position + 2;
    const target = this.#start + (((lead & 0x3f) << 8) | (this.#bytes[position + 1] as number));
    return target < this.#end ? target : this.#broken();
  }

  #finish(next: number, length: number): number {
    this.next = this.#after < 0 ? next : this.#after;
    if (length > NAME_BYTES) this.trouble ??= "name_too_long";
    return length;
  }

  #cut(trouble: NameTrouble, length: number): number {
    this.truncated = true;
    this.trouble ??= trouble;
    return length;
  }

  #broken(): number {
    this.trouble ??= "malformed_data";
    return -1;
  }
}
