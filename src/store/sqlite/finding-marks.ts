import { OddwireError } from "#contract/errors.ts";
import type { FindingMarks, JudgedFinding } from "#contract/finding-marks.ts";
import {
  type FindingFacts,
  type FindingMark,
  type FindingMarkChange,
  type FindingState,
  findingStates,
  verdictOf,
} from "#schema/finding-mark.ts";
import { MarkFile } from "./mark-file.ts";

/** Findings of which something may be said. */
const marksMax = 100_000;

const table = `CREATE TABLE IF NOT EXISTS finding_mark (
  finding TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  who TEXT NOT NULL,
  changed INTEGER NOT NULL,
  facts TEXT NOT NULL
) STRICT, WITHOUT ROWID`;

const upsert = `INSERT INTO finding_mark (finding, state, note, who, changed, facts) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (finding) DO UPDATE SET state = excluded.state, note = excluded.note, who = excluded.who,
  changed = excluded.changed, facts = excluded.facts`;

interface Held {
  readonly mark: FindingMark;
  readonly facts: FindingFacts;
}

/**
 * Marks of findings, in a file of their own: verdicts can be learned from when the finding is long gone. All are held in
 * memory.
 */
export class SqliteFindingMarks implements FindingMarks {
  readonly #file: MarkFile;
  readonly #held = new Map<string, Held>();

  /** Reads the file, if it exists; it is made with the first change. Throws ODW_STORE_UNREADABLE. */
  constructor(path: string, exists: boolean) {
    this.#file = new MarkFile(path, table);
    if (!exists) return;
    for (const held of this.#file.rows("SELECT finding, state, note, who, changed, facts FROM finding_mark", heldOf))
      this.#held.set(held.mark.finding, held);
  }

  get(finding: string): FindingMark | undefined {
    return this.#held.get(finding)?.mark;
  }

  all(): readonly FindingMark[] {
    return [...this.#held.values()].map(({ mark }) => mark).toSorted((a, b) => b.changed - a.changed);
  }

  judged(count: number): readonly JudgedFinding[] {
    return [...this.#held.values()]
      .toSorted((a, b) => a.mark.changed - b.mark.changed || (a.mark.finding < b.mark.finding ? -1 : 1))
      .flatMap(({ mark, facts }) => {
        const verdict = verdictOf(mark.state);
        return verdict === undefined ? [] : [{ facts, verdict }];
      })
      .slice(-count);
  }

  put(finding: string, change: FindingMarkChange, facts: FindingFacts): FindingMark {
    const before = this.get(finding) ?? { finding, state: "new", note: "", who: "", changed: 0 };
    const mark: FindingMark = { ...before, ...change, changed: Date.now() };
    const says = mark.state !== "new" || mark.note !== "";
    if (says && !this.#held.has(finding) && this.#held.size >= marksMax)
      throw new OddwireError("ODW_LIST_BAD", {
        where: this.#file.path,
        cause: `it holds ${marksMax} findings already`,
        mend: "set some that are closed to `new` and empty their notes",
      });
    this.#write(mark, facts, says);
    if (says) this.#held.set(finding, { mark, facts });
    else this.#held.delete(finding);
    return mark;
  }

  #write({ finding, state, note, who, changed }: FindingMark, facts: FindingFacts, says: boolean): void {
    if (says) this.#file.run(upsert, finding, state, note, who, changed, JSON.stringify(facts));
    else this.#file.run("DELETE FROM finding_mark WHERE finding = ?", finding);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

function heldOf(row: { readonly [column: string]: unknown }): Held {
  const state = findingStates.find((one): one is FindingState => one === row["state"]) ?? "seen";
  return {
    mark: {
      finding: String(row["finding"]),
      state,
      note: String(row["note"]),
      who: String(row["who"]),
      changed: Number(row["changed"]),
    },
    facts: JSON.parse(String(row["facts"])) as FindingFacts,
  };
}
