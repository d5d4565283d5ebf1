import { BLOCK_BYTES, finish, newState, takeMasked } from "./sha256.ts";

/** Keys whose states are kept: what derives keys uses one key for several messages. */
const keysKept = 4;
/** Longest message that is hashed here; a library is faster with longer ones. */
export const messageBytesMax = 192;
const INSIDE = 0x36;
const OUTSIDE = 0x5c;

interface Keyed {
  readonly key: Uint8Array;
  /** States behind the one block that the key makes, inside and outside. */
  readonly inside: Int32Array;
  readonly outside: Int32Array;
}

/** HMAC-SHA-256 (RFC 2104 §2) of short messages, with keys of at most a block. */
export class HmacSha256 {
  readonly #kept: Keyed[] = [];
  #next = 0;
  readonly #state = newState();

  /** True when it is meant for such a key and message. */
  fits(key: Uint8Array, message: Uint8Array): boolean {
    return key.length <= BLOCK_BYTES && message.length <= messageBytesMax;
  }

  of(key: Uint8Array, message: Uint8Array): Uint8Array {
    const keyed = this.#find(key) ?? this.#add(key);
    const state = this.#state;
    state.set(keyed.inside);
    const inner = finish(state, BLOCK_BYTES, message, 0, message.length);
    state.set(keyed.outside);
    return finish(state, BLOCK_BYTES, inner, 0, inner.length);
  }

  #find(key: Uint8Array): Keyed | undefined {
    for (const one of this.#kept) if (equal(one.key, key)) return one;
    return undefined;
  }

  #add(key: Uint8Array): Keyed {
    const inside = newState();
    takeMasked(inside, key, INSIDE);
    const outside = newState();
    takeMasked(outside, key, OUTSIDE);
    const keyed = { key: key.slice(), inside, outside };
    this.#kept[this.#next] = keyed;
    this.#next = (this.#next + 1) % keysKept;
    return keyed;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
