import { MmdbDamage, type MmdbValue, MmdbValues } from "./mmdb-value.ts";

/** Why a file is not used, and what to do about it. */
export interface MmdbRefusal {
  readonly cause: string;
  readonly mend: string;
}

/** The metadata stands behind the last of these marks: `\xab\xcd\xefMaxMind.com`. */
const MARK = Uint8Array.of(0xab, 0xcd, 0xef, 0x4d, 0x61, 0x78, 0x4d, 0x69, 0x6e, 0x64, 0x2e, 0x63, 0x6f, 0x6d);
/** The mark is looked for in so many last bytes. */
const metadataBytesMax = 128 * 1024;
/** Zero bytes between tree and data. */
const SEPARATOR_BYTES = 16;
/** Nodes that are looked at to find some records; a damaged tree may go round in circles. */
const visitsMax = 20_000;

const noMmdb: MmdbRefusal = {
  cause: "it is no MaxMind database",
  mend: "give a file that ends in .mmdb, unpacked: GeoLite2-Country, GeoLite2-ASN, DB-IP lite, IPinfo lite",
};
const damaged = (cause: string): MmdbRefusal => ({ cause: `the file is damaged: ${cause}`, mend: "fetch it again" });

/** True for the answer that is no database. */
export const isMmdbRefusal = (answer: Mmdb | MmdbRefusal): answer is MmdbRefusal => "cause" in answer;

/** Opens a MaxMind database that lies in memory; the bytes are read as long as it is used. Never throws. */
export function openMmdb(bytes: Uint8Array): Mmdb | MmdbRefusal {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = lastMark(bytes);
  if (mark < 0) return noMmdb;
  let metadata: MmdbValue;
  try {
    metadata = new MmdbValues(view, mark + MARK.length).read(0);
  } catch (error) {
    if (error instanceof MmdbDamage) return damaged(error.message);
    throw error;
  }
  const member = (name: string): MmdbValue | undefined =>
    typeof metadata === "object" && !Array.isArray(metadata) ? (metadata as { readonly [key: string]: MmdbValue })[name] : undefined;
  const number = (name: string): number => {
    const value = member(name);
    return typeof value === "number" ? value : 0;
  };
  const major = number("binary_format_major_version");
  if (major !== 2) return { cause: `it has format ${major}, and 2 is known`, mend: "fetch a newer one" };
  const [nodes, recordBits, version] = [number("node_count"), number("record_size"), number("ip_version")];
  if (![24, 28, 32].includes(recordBits)) return damaged(`its records have ${recordBits} bits`);
  if (!Number.isInteger(nodes) || nodes < 1) return damaged(`it has ${nodes} nodes`);
  if (version !== 4 && version !== 6) return damaged(`it is about IP version ${version}`);
  if (nodes * (recordBits / 4) + SEPARATOR_BYTES > mark) return damaged(`it ends before its ${nodes} nodes do`);
  const type = member("database_type");
  return new Mmdb(view, mark, { nodes, recordBits, version, built: number("build_epoch"), type: typeof type === "string" ? type : "" });
}

function lastMark(bytes: Uint8Array): number {
  const from = Math.max(0, bytes.length - metadataBytesMax);
  for (let at = bytes.length - MARK.length; at >= from; at--) if (MARK.every((byte, i) => bytes[at + i] === byte)) return at;
  return -1;
}

interface MmdbShape {
  readonly nodes: number;
  readonly recordBits: number;
  readonly version: 4 | 6;
  /** When it was made, seconds since 1970. */
  readonly built: number;
  readonly type: string;
}

/**
 * A database: a binary tree over the bits of addresses, whose leaves point to records. `place` walks the tree and
 * allocates nothing; `record` makes an object of a record, for whoever remembers it by its offset.
 */
export class Mmdb {
  readonly shape: MmdbShape;
  readonly #view: DataView;
  readonly #values: MmdbValues;
  readonly #dataBytes: number;
  readonly #nodeBytes: number;
  /** Node that the 32 bits of IPv4 are read from; the number of nodes or more when there is none. */
  readonly #ipv4: number;

  constructor(view: DataView, mark: number, shape: MmdbShape) {
    this.shape = shape;
    this.#view = view;
    this.#nodeBytes = shape.recordBits / 4;
    const data = shape.nodes * this.#nodeBytes + SEPARATOR_BYTES;
    this.#dataBytes = mark - data;
    this.#values = new MmdbValues(new DataView(view.buffer, view.byteOffset, mark), data);
    let node = 0;
    if (shape.version === 6) for (let bit = 0; bit < 96 && node < shape.nodes; bit++) node = this.#next(node, 0);
    this.#ipv4 = node;
  }

  /** Offset of the record about an address, -1 when there is none. IPv4 uses the first word. */
  place(words: ArrayLike<number>, at: number, ipv6: boolean): number {
    const { nodes, version } = this.shape;
    if (ipv6 && version === 4) return -1;
    const bits = ipv6 ? 128 : 32;
    let node = ipv6 ? 0 : this.#ipv4;
    for (let bit = 0; bit < bits && node < nodes; bit++)
      node = this.#next(node, ((words[at + (bit >> 5)] as number) >>> (31 - (bit & 31))) & 1);
    const offset = node - nodes - SEPARATOR_BYTES;
    return node > nodes && offset >= 0 && offset < this.#dataBytes ? offset : -1;
  }

  /** The record at an offset that `place` gave; `undefined` when it is damaged. */
  record(offset: number): MmdbValue | undefined {
    try {
      return this.#values.read(offset);
    } catch (error) {
      if (error instanceof MmdbDamage) return undefined;
      throw error;
    }
  }

  /** Offsets of the first records of the tree, at most `max`: enough to see what records say. */
  firstRecords(max: number): readonly number[] {
    const { nodes } = this.shape;
    const found: number[] = [];
    const waiting = [0];
    for (let visits = 0; visits < visitsMax && waiting.length > 0 && found.length < max; visits++) {
      const node = waiting.pop() as number;
      const offset = node - nodes - SEPARATOR_BYTES;
      if (node < nodes) waiting.push(this.#next(node, 1), this.#next(node, 0));
      else if (offset >= 0 && offset < this.#dataBytes) found.push(offset);
    }
    return found;
  }

  /** The left (0) or right (1) record of a node. */
  #next(node: number, side: number): number {
    const at = node * this.#nodeBytes;
    const view = this.#view;
    if (this.#nodeBytes === 8) return view.getUint32(at + side * 4);
    if (this.#nodeBytes === 6) return (view.getUint16(at + side * 3) << 8) | view.getUint8(at + side * 3 + 2);
    const middle = view.getUint8(at + 3);
    return side === 0
      ? ((middle >> 4) << 24) | (view.getUint16(at) << 8) | view.getUint8(at + 2)
      : ((middle & 15) << 24) | (view.getUint16(at + 4) << 8) | view.getUint8(at + 6);
  }
}
