/** A member that leads to columns. */
export interface Branch {
  /** Name as it stands in the line: `"src_ip":`. */
  readonly key: Uint8Array;
  readonly hash: number;
  /** Columns that hold the member's value. */
  readonly slots: readonly number[];
  /** Members below it that lead to columns. */
  readonly tree: PathTree | undefined;
  /** The columns below it with their paths from here, for values that are no plain objects. */
  readonly below: readonly { readonly slot: number; readonly path: readonly string[] }[];
  /** The branch that followed in the line before: mostly it follows again. */
  next: Branch | undefined;
}

/** Hash of a name, computed while its end is looked for: `hash = keyHash(hash, byte)`, from 0. */
export const keyHash = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0;

/** The paths of a table's columns as a tree of member names. */
export class PathTree {
  /** The branch that came first in the line before. */
  first: Branch | undefined = undefined;
  readonly #table: readonly (Branch | undefined)[];
  readonly #mask: number;

  /** `paths[…].slot` is filled from the member at `path`. */
  constructor(paths: readonly { readonly slot: number; readonly path: readonly string[] }[]) {
    const groups = Map.groupBy(paths, ({ path }) => path[0] as string);
    let size = 8;
    while (size < groups.size * 4) size *= 2;
    const table = Array<Branch | undefined>(size).fill(undefined);
    for (const [name, members] of groups) {
      const branch = branchOf(name, members);
      let place = branch.hash & (size - 1);
      while (table[place] !== undefined) place = (place + 1) & (size - 1);
      table[place] = branch;
    }
    this.#table = table;
    this.#mask = size - 1;
  }

  /** The branch of this name. */
  branch(name: string): Branch | undefined {
    const key = keyOf(name);
    return this.find(hashOf(name), key, 0);
  }

  /** The branch whose key starts at `at`, when its name has this hash. */
  find(hash: number, bytes: Uint8Array, at: number): Branch | undefined {
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const branch = this.#table[place];
      if (branch === undefined || (branch.hash === hash && standsAt(branch.key, bytes, at))) return branch;
    }
  }
}

/** True when `part` stands in `bytes` at `at`. */
export function standsAt(part: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < part.length; i++) if (part[i] !== bytes[at + i]) return false;
  return true;
}

function branchOf(name: string, members: readonly { readonly slot: number; readonly path: readonly string[] }[]): Branch {
  const below = members.filter(({ path }) => path.length > 1).map(({ slot, path }) => ({ slot, path: path.slice(1) }));
  return {
    key: keyOf(name),
    hash: hashOf(name),
    slots: members.filter(({ path }) => path.length === 1).map(({ slot }) => slot),
    tree: below.length === 0 ? undefined : new PathTree(below),
    below,
    next: undefined,
  };
}

const keyOf = (name: string): Uint8Array => new TextEncoder().encode(`"${name}":`);
const hashOf = (name: string): number => new TextEncoder().encode(name).reduce(keyHash, 0);
