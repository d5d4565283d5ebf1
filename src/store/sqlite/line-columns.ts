import { type ColumnValue, columnsOf, columnValue, memberAt, toColumn } from "#query/column-value.ts";
import { commonColumns } from "#schema/common.ts";
import type { Column } from "#schema/field.ts";
import type { KindColumns } from "#store/ddl.ts";
import { Chunk } from "./chunk.ts";
import { LineValues, valueEnd } from "./line-values.ts";
import { type Branch, keyHash, PathTree, standsAt } from "./path-tree.ts";

/**
 * Reads lines of EVE JSON into the columns of their tables without making objects of them.
 *
 * The engine writes the common members first and in one order. As long as a line keeps to that, its head is not
 * stored a second time: the columns give it back, and `body` holds the rest of the line behind them.
 *
 *     {"timestamp":…,"flow_id":…,"event_type":"flow","src_ip":…,"proto":"TCP","app_proto":"tls","flow":{…}}
 *     └──────────────────── the head, in columns ───────────────────────────┘└─ body, with { for the comma ─┘
 *
 * A line with its members in another order, or spelled otherwise, has a shorter head and a longer body. A line with
 * white space or escaped names between its members is parsed whole. Either way the event comes back as it was.
 */
export const headMembers = [
  "timestamp",
  "flow_id",
  "pcap_cnt",
  "event_type",
  "src_ip",
  "src_port",
  "dest_ip",
  "dest_port",
  "proto",
] as const;

/** `read` returns the index of the line's kind, or one of these. */
export const UNKNOWN_KIND = -1;
/** No JSON object with a `timestamp` and an `event_type`. */
export const BROKEN_LINE = -2;

const [QUOTE, COMMA, COLON, OPEN, CLOSE, BACKSLASH] = [34, 44, 58, 0x7b, 0x7d, 92] as const;
const TIME_SLOT = 0;
const EVENT_TYPE_SLOT = -1;
const EVENT_TYPE_PLACE = headMembers.indexOf("event_type");
/** Place of each common column in the head. */
const headPlace: readonly number[] = commonColumns.map((column) => (headMembers as readonly string[]).indexOf(column.path));

type Row = (string | number | null)[];

interface Table {
  readonly index: number;
  /** The kind's name with the closing quote behind. */
  readonly name: Uint8Array;
  readonly kind: string;
  readonly columns: readonly Column[];
  readonly tree: PathTree;
  /** The tree's branch of `event_type`. */
  readonly typed: Branch | undefined;
  /** Values of the columns and the body; used again for each line. */
  readonly row: Row;
}

export class LineColumns {
  readonly #tables: readonly Table[];
  readonly #values = new LineValues();
  #chunk = new Chunk(Buffer.alloc(0));
  #bytes: Uint8Array = this.#chunk.bytes;
  /** Table of the line: until its `event_type` is met, that of the line before. */
  #table: Table;
  /** Columns of the row without a value so far. */
  #missing = 0;
  /** The branch of the member read last, and whether its columns give it back as it was written. */
  #branch: Branch | undefined;
  #canonical = false;

  constructor(kinds: readonly KindColumns[]) {
    this.#tables = kinds.map(tableOf);
    this.#table = this.#tables[0] ?? tableOf({ name: "", columns: [] }, UNKNOWN_KIND);
  }

  /** The lines that follow stand in this chunk. */
  use(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#bytes = chunk.bytes;
  }

  /** Values of the line that was read last: columns in the order of `columnsOf`, then the body. */
  row(kind: number): Row {
    return (this.#tables[kind] as Table).row;
  }

  /** Reads the line in `[from, to)`, newline not included. */
  read(from: number, to: number): number {
    try {
      if (this.#quick(from, to)) return this.#table.index;
    } catch {
      // A value that is no JSON: reading the line whole decides.
    }
    try {
      return this.#whole(from, to);
    } catch {
      return BROKEN_LINE;
    }
  }

  #quick(from: number, to: number): boolean {
    const bytes = this.#bytes;
    if (bytes[from] !== OPEN || bytes[to - 1] !== CLOSE) return false;
    this.#begin();
    let typed = false;
    let head = -1;
    let body = -1;
    let at = from;
    let previous: Branch | undefined;
    while (at < to - 1) {
      const end = this.#member(this.#table.tree, previous, at + 1, to);
      if (end < 0) return false;
      const branch = this.#branch;
      const slot = branch?.slots[0] ?? headPlace.length;
      if (!typed && slot >= headPlace.length) return false;
      if (slot === EVENT_TYPE_SLOT) {
        if (typed || !this.#switch(end)) return false;
        typed = true;
      }
      if (body < 0) {
        const place = this.#headPlace(slot);
        if (place > head) head = place;
        else body = at;
      }
      if (bytes[end] !== COMMA && end !== to - 1) return false;
      at = end;
      if (this.#missing === 0 && body >= 0 && typed) break;
      // Branches remember their successors: those of another table's tree would lead to its columns.
      previous = slot === EVENT_TYPE_SLOT ? this.#table.typed : branch;
    }
    const { row, columns } = this.#table;
    if (!typed || row[TIME_SLOT] === null) return false;
    row[columns.length] = body < 0 ? "{}" : `{${this.#chunk.slice(body + 1, to)}`;
    return true;
  }

  #begin(): void {
    const { row, columns } = this.#table;
    row.fill(null);
    this.#missing = columns.length;
  }

  /** The value that ends at `end` names the kind: what was read so far moves to its row. */
  #switch(end: number): boolean {
    const bytes = this.#bytes;
    const before = this.#table;
    if (isNamed(before, bytes, end)) return true;
    const table = this.#tables.find((candidate) => isNamed(candidate, bytes, end));
    if (table === undefined) return false;
    this.#table = table;
    this.#begin();
    for (let slot = 0; slot < headPlace.length; slot++) {
      const value = before.row[slot] as string | number | null;
      if (value !== null) this.#missing--;
      table.row[slot] = value;
    }
    return true;
  }

  /** Place in the head of the member just read; -1 when it has none, or is spelled so that it must be kept. */
  #headPlace(slot: number): number {
    if (slot === EVENT_TYPE_SLOT) return EVENT_TYPE_PLACE;
    return slot < headPlace.length && this.#canonical ? (headPlace[slot] as number) : -1;
  }

  /** Reads the member whose key starts at `at` into its columns; returns where its value ends, or -1. */
  #member(tree: PathTree, previous: Branch | undefined, at: number, to: number): number {
    const expected = previous === undefined ? tree.first : previous.next;
    if (expected !== undefined && standsAt(expected.key, this.#bytes, at)) {
      this.#branch = expected;
      return this.#value(expected, at + expected.key.length, to);
    }
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE) return -1;
    let hash = 0;
    let i = at + 1;
    for (; i < to; i++) {
      const code = bytes[i] as number;
      if (code === QUOTE) break;
      if (code === BACKSLASH) return -1;
      hash = keyHash(hash, code);
    }
    if (bytes[i + 1] !== COLON) return -1;
    const branch = tree.find(hash, bytes, at);
    if (previous !== undefined) previous.next = branch;
    else if (branch !== undefined) tree.first = branch;
    this.#branch = branch;
    return branch === undefined ? valueEnd(bytes, i + 2, to) : this.#value(branch, i + 2, to);
  }

  /** Fills the columns of a member whose value starts at `at`; returns where it ends, or -1. */
  #value(branch: Branch, at: number, to: number): number {
    const bytes = this.#bytes;
    if (branch.tree !== undefined && branch.slots.length === 0 && bytes[at] === OPEN) {
      const end = this.#members(branch.tree, at, to);
      this.#branch = branch;
      return end;
    }
    const end = valueEnd(bytes, at, to);
    if (end < 0) return -1;
    this.#canonical = true;
    for (let i = 0; i < branch.slots.length; i++) {
      const slot = branch.slots[i] as number;
      if (slot === EVENT_TYPE_SLOT) continue;
      this.#fill(slot, this.#values.read(this.#table.columns[slot] as Column, this.#chunk, at, end));
      this.#canonical &&= this.#values.canonical;
    }
    if (branch.below.length > 0) this.#below(branch, at, end);
    return end;
  }

  #fill(slot: number, value: ColumnValue): void {
    const row = this.#table.row;
    if (value === undefined) return;
    if (row[slot] === null) this.#missing--;
    row[slot] = value;
  }

  /** The members of an object below the top. */
  #members(tree: PathTree, from: number, to: number): number {
    const bytes = this.#bytes;
    if (bytes[from + 1] === CLOSE) return from + 2;
    let at = from;
    let previous: Branch | undefined;
    for (;;) {
      const end = this.#member(tree, previous, at + 1, to);
      if (end < 0) return -1;
      const code = bytes[end];
      if (code === CLOSE) return end + 1;
      if (code !== COMMA) return -1;
      previous = this.#branch;
      at = end;
    }
  }

  /** Columns below a list, or below a member that has a column itself. */
  #below(branch: Branch, at: number, to: number): void {
    const parsed: unknown = JSON.parse(this.#chunk.slice(at, to));
    for (const { slot, path } of branch.below) this.#fill(slot, toColumn(this.#table.columns[slot] as Column, memberAt(parsed, path, 0)));
  }

  /** Any other line: parsed, and kept whole as its body. */
  #whole(from: number, to: number): number {
    const text = this.#chunk.slice(from, to);
    const event: unknown = JSON.parse(text);
    if (typeof event !== "object" || event === null || Array.isArray(event)) return BROKEN_LINE;
    const members = event as { readonly [member: string]: unknown };
    const type = members["event_type"];
    if (typeof type !== "string") return BROKEN_LINE;
    const table = this.#tables.find((candidate) => candidate.kind === type);
    if (table === undefined) return UNKNOWN_KIND;
    const { row, columns } = table;
    for (let slot = 0; slot < columns.length; slot++) row[slot] = columnValue(columns[slot] as Column, members) ?? null;
    row[columns.length] = text;
    return row[TIME_SLOT] === null ? BROKEN_LINE : table.index;
  }
}

/** True when the string that ends at `end` is the table's name. */
function isNamed(table: Table, bytes: Uint8Array, end: number): boolean {
  const at = end - table.name.length;
  return bytes[at - 1] === QUOTE && standsAt(table.name, bytes, at);
}

function tableOf(kind: KindColumns, index: number): Table {
  const columns = columnsOf(kind);
  const paths = columns.map((column, slot) => ({ slot, path: column.path.split(".") }));
  const tree = new PathTree([{ slot: EVENT_TYPE_SLOT, path: ["event_type"] }, ...paths]);
  const row = Array<null>(columns.length + 1).fill(null);
  return { index, name: new TextEncoder().encode(`${kind.name}"`), kind: kind.name, columns, tree, typed: tree.branch("event_type"), row };
}
