import { parseAddress } from "#base/address.ts";

const entriesMax = 16_384;
const IPV4_PART = 12;

/** Addresses as plugins get them. The same few are asked for with each packet, so that they are remembered; a full memory is emptied. */
export class AddressTexts {
  readonly #known = new Map<string, Uint8Array>();

  /** The 16 bytes in network byte order, IPv4 as ::ffff:a.b.c.d; zeros for what is no address. Read only. */
  bytes(text: string): Uint8Array {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const bytes = parse(text);
    if (this.#known.size >= entriesMax) this.#known.clear();
    this.#known.set(text, bytes);
    return bytes;
  }
}

function parse(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const address = parseAddress(text);
  if (address === undefined) return bytes;
  const view = new DataView(bytes.buffer);
  if (address.version === 4) {
    view.setUint16(10, 0xffff);
    view.setUint32(IPV4_PART, address.words[0]);
  } else {
    for (const [index, word] of address.words.entries()) view.setUint32(4 * index, word);
  }
  return bytes;
}
