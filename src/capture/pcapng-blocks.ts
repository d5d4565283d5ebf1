/** Block types of draft-ietf-opsawg-pcapng, section 4. */
export const BlockType = {
  section: 0x0a0d0d0a,
  interface: 1,
  obsolete: 2,
  simple: 3,
  names: 4,
  statistics: 5,
  enhanced: 6,
  journal: 9,
  secrets: 10,
  custom: 0xbad,
  customUncopied: 0x40000bad,
} as const;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Type and both lengths. */
export const BLOCK_BYTES_MIN = 12;
/** A block that claims more is damage (the limit of Wireshark's reader). */
export const BLOCK_BYTES_MAX = 16_777_216;

const known: ReadonlySet<number> = new Set(Object.values(BlockType));
/** Blocks that have to hang together before a place behind damage is believed. */
const CHAIN_BLOCKS = 3;

/**
 * Whether blocks of known types hang together from `start`: three of them, or fewer that end exactly where the file
 * does. `more` when the bytes end before it is decided.
 */
export function hasBlockChain(view: DataView, start: number, to: number, little: boolean, last: boolean): "yes" | "no" | "more" {
  let at = start;
  let order = little;
  for (let chained = 0; chained < CHAIN_BLOCKS; chained++) {
    if (last && chained > 0 && at === to) return "yes";
    if (at + BLOCK_BYTES_MIN > to) return last ? "no" : "more";
    const type = view.getUint32(at, order);
    if (!known.has(type)) return "no";
    if (type === BlockType.section) {
      order = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
      if (!order && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC) return "no";
    }
    const length = view.getUint32(at + 4, order);
    if (length < BLOCK_BYTES_MIN || length > BLOCK_BYTES_MAX || length % 4 !== 0) return "no";
    if (at + length > to) return last ? "no" : "more";
    if (view.getUint32(at + length - 4, order) !== length) return "no";
    at += length;
  }
  return "yes";
}
