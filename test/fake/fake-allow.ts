import type { AllowControl } from "#contract/allow-control.ts";
import { OddwireError } from "#contract/errors.ts";
import type { AllowAnswer, AllowRow, NewAllow } from "#schema/allow.ts";

/** An allow-list in memory, with an entry of the configuration that has kept something back. */
export class FakeAllow implements AllowControl {
  readonly #rows = new Map<string, AllowRow>([
    [
      "scan=10.0.0.0/30",
      {
        entry: "scan=10.0.0.0/30",
        origin: "configuration",
        note: "",
        who: "",
        expired: false,
        hits: 12,
        last: "2026-01-05T10:00:00.000Z",
        pairs: [{ detector: "scan", source: "10.0.0.2", target: "10.0.0.9", hits: 12, last: "2026-01-05T10:00:00.000Z" }],
      },
    ],
  ]);

  list(): AllowAnswer {
    const entries = [...this.#rows.values()];
    return { entries, hits: entries.reduce((sum, { hits }) => sum + hits, 0) };
  }

  add({ entry, note = "", who = "", expires }: NewAllow): AllowRow {
    if (/\s/.test(entry)) throw new OddwireError("ODW_LIST_BAD", { where: "entry", cause: "it is no entry", mend: "write 10.0.0.5" });
    const until = expires === undefined ? {} : { expires: new Date(Date.now() + Number.parseInt(expires, 10) * 86_400_000).toISOString() };
    const row: AllowRow = {
      entry,
      origin: "list",
      note,
      who,
      added: new Date().toISOString(),
      ...until,
      expired: false,
      hits: 0,
      pairs: [],
    };
    this.#rows.set(entry, row);
    return row;
  }

  remove(entry: string): void {
    this.#rows.delete(entry);
  }

  covers(): boolean {
    return false;
  }
}
