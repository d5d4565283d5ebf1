import { parseAddress } from "#base/address.ts";
import type { MmdbValue } from "./mmdb-value.ts";

/** A network and what the database says of it. */
export type WrittenRow = readonly [network: string, record: MmdbValue];

export interface WrittenShape {
  readonly recordBits?: 24 | 28 | 32;
  readonly version?: 4 | 6;
  readonly type?: string;
  readonly built?: number;
}

/** Type and bytes of the metadata's numbers: readers of others insist on them. */
const metadataTypes: Readonly<Record<string, readonly [type: number, bytes: number]>> = {
  record_size: [5, 2],
  ip_version: [5, 2],
  binary_format_major_version: [5, 2],
  binary_format_minor_version: [5, 2],
  build_epoch: [9, 4],
};

type Tree = [Tree | number | undefined, Tree | number | undefined];

/**
 * Writes a MaxMind database (format 2.0) of a few networks; of those inside each other the smaller has to come later.
 * Equal texts are written once and pointed to.
 */
export function writeMmdb(rows: readonly WrittenRow[], shape: WrittenShape = {}): Uint8Array<ArrayBuffer> {
  const { recordBits = 24, version = 6, type = "Test-Country", built = 1_764_000_000 } = shape;
  const data = new DataWriter();
  const offsets = rows.map(([, record]) => data.add(record));
  const root: Tree = [undefined, undefined];
  for (const [row, [network]] of rows.entries()) plant(root, bitsOf(network, version), row);
  const nodes: Tree[] = [root];
  for (let i = 0; i < nodes.length; i++) for (const side of nodes[i] as Tree) if (Array.isArray(side)) nodes.push(side);
  const numbers = new Map(nodes.map((node, index) => [node, index]));
  const recordOf = (side: Tree | number | undefined): number =>
    side === undefined ? nodes.length : Array.isArray(side) ? (numbers.get(side) as number) : nodes.length + 16 + (offsets[side] as number);
  const metadata = new DataWriter();
  metadata.add({
    node_count: nodes.length,
    record_size: recordBits,
    ip_version: version,
    database_type: type,
    languages: ["en"],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: built,
    description: { en: "made by a test" },
  });
  const tree = nodes.flatMap(([left, right]) => nodeBytes(recordOf(left), recordOf(right), recordBits));
  const mark = [0xab, 0xcd, 0xef, ...new TextEncoder().encode("MaxMind.com")];
  return Uint8Array.from([...tree, ...Array<number>(16).fill(0), ...data.bytes, ...mark, ...metadata.bytes]);
}

function plant(root: Tree, bits: readonly number[], row: number): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const below = node[bit];
    // A larger network lay here: both halves are its own until another is planted.
    const next: Tree = Array.isArray(below) ? below : [below, below];
    node[bit] = next;
    node = next;
  }
  node[bits.at(-1) as number] = row;
}

function bitsOf(network: string, version: 4 | 6): number[] {
  const [text = "", length = ""] = network.split("/");
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${network} is no network`);
  const words = address.version === 6 ? address.words : version === 6 ? [0, 0, 0, address.words[0]] : [address.words[0]];
  const bits = words.flatMap((word) => Array.from({ length: 32 }, (_, i) => (word >>> (31 - i)) & 1));
  return bits.slice(0, Number(length) + (address.version === 4 && version === 6 ? 96 : 0));
}

const bigEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => (value >>> ((bytes - 1 - i) * 8)) & 255);

function nodeBytes(left: number, right: number, recordBits: number): number[] {
  if (recordBits === 32) return [...bigEndian(left, 4), ...bigEndian(right, 4)];
  if (recordBits === 24) return [...bigEndian(left, 3), ...bigEndian(right, 3)];
  return [...bigEndian(left, 3), ((left >>> 24) << 4) | (right >>> 24), ...bigEndian(right, 3)];
}

/** The data section. */
class DataWriter {
  readonly bytes: number[] = [];
  readonly #texts = new Map<string, number>();

  /** Where the value stands. */
  add(value: MmdbValue): number {
    const at = this.bytes.length;
    this.#write(value);
    return at;
  }

  #write(value: MmdbValue): void {
    if (typeof value === "string") this.#text(value);
    else if (typeof value === "boolean") this.#control(14, value ? 1 : 0);
    else if (typeof value === "number") this.#number(value);
    else if (Array.isArray(value)) {
      this.#control(11, value.length);
      for (const item of value as readonly MmdbValue[]) this.#write(item);
    } else {
      const entries = Object.entries(value);
      this.#control(7, entries.length);
      for (const [key, member] of entries) {
        this.#write(key);
        const type = metadataTypes[key];
        if (type === undefined) this.#write(member);
        else this.#whole(member as number, ...type);
      }
    }
  }

  #text(text: string): void {
    const known = this.#texts.get(text);
    if (known !== undefined && known < 2048) {
      this.bytes.push(0x20 | (known >> 8), known & 255);
      return;
    }
    this.#texts.set(text, this.bytes.length);
    const encoded = new TextEncoder().encode(text);
    this.#control(2, encoded.length);
    this.bytes.push(...encoded);
  }

  #number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) {
      this.#whole(value, 6, 4);
      return;
    }
    this.#control(3, 8);
    this.bytes.push(...new Uint8Array(new Float64Array([value]).buffer).toReversed());
  }

  #whole(value: number, type: number, bytes: number): void {
    this.#control(type, bytes);
    this.bytes.push(...bigEndian(value, bytes));
  }

  #control(type: number, size: number): void {
    const low = size < 29 ? size : size < 285 ? 29 : 30;
    this.bytes.push(((type > 7 ? 0 : type) << 5) | low);
    if (type > 7) this.bytes.push(type - 7);
    if (low === 29) this.bytes.push(size - 29);
    if (low === 30) this.bytes.push((size - 285) >> 8, (size - 285) & 255);
  }
}
