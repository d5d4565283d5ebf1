import { join } from "node:path";
import { parseTime } from "#base/time.ts";
import type { AllowControl } from "#contract/allow-control.ts";
import { OddwireError } from "#contract/errors.ts";
import { allowParts, allowText, allowTrouble } from "#pipeline/allow-entry.ts";
import type { AllowedPair, AllowHits, AllowList } from "#pipeline/allow-list.ts";
import type { AllowAnswer, AllowRow, NewAllow } from "#schema/allow.ts";
import { isDetector } from "./config.ts";
import { fileStamp } from "./file-stamp.ts";
import { KeptFile } from "./kept-file.ts";

const entriesMax = 1000;
const noteCharactersMax = 500;
const whoCharactersMax = 100;
const fileBytesMax = 16 * 1024 * 1024;
/** How often the file is looked at: somebody else may have written it, ms. */
const watchMs = 2000;

/** An entry of the file. Times are packet times in µs, but for `added`, in ms of the wall clock. */
interface Kept {
  readonly entry: string;
  readonly note: string;
  readonly who: string;
  readonly added: number;
  readonly expires: number | undefined;
}

export interface AllowFileOptions {
  /** Folder of `allow.json`. */
  readonly directory: string;
  /** Entries of the configuration. */
  readonly configured: readonly string[];
  /** The list that the engine asks; it holds the configured ones already. */
  readonly list: AllowList;
  /** Packet time, or the wall clock where no packets come, µs. */
  readonly now: () => number;
  /** Is told when others are allowed than before. */
  readonly onChange?: () => void;
  readonly log: (text: string) => void;
}

/**
 * The allow-list of a run: what the configuration says, and `allow.json` beside the store, which is edited while the
 * program runs. A change is on the disk, and protects, when it is answered; how often each has kept something back is
 * kept with it. Somebody else's changes of the file are taken within seconds.
 */
export class AllowFile implements AllowControl {
  readonly #options: AllowFileOptions;
  readonly #file: KeptFile;
  #configured: readonly string[];
  #kept = new Map<string, Kept>();
  #stamp = "-";
  #timer: NodeJS.Timeout | undefined;

  /** Reads the file, when there is one. */
  constructor(options: AllowFileOptions) {
    this.#options = options;
    this.#configured = options.configured;
    this.#file = new KeptFile({
      path: join(options.directory, "allow.json"),
      version: 1,
      member: "allow",
      bytesMax: fileBytesMax,
      consequence: "only detect.allow of the configuration protects",
      log: options.log,
    });
    this.#read(true);
  }

  /** Begins to look at the file. */
  start(): void {
    this.#timer = setInterval(() => this.#refresh(), watchMs);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  list(): AllowAnswer {
    const rows = [
      ...this.#configured.map((entry) => this.#row(entry, undefined)),
      ...this.#kept.values().map((one) => this.#row(one.entry, one)),
    ];
    return { entries: rows, hits: rows.reduce((sum, { hits }) => sum + hits, 0) };
  }

  add({ entry: given, note = "", who = "", expires }: NewAllow): AllowRow {
    const entry = checked(given);
    if (this.#configured.includes(entry)) throw bad(entry, "it stands in detect.allow of the configuration", "nothing is to be done");
    if (note.length > noteCharactersMax) throw bad("note", `it is longer than ${noteCharactersMax} characters`, "write less");
    if (who.length > whoCharactersMax) throw bad("who", `it is longer than ${whoCharactersMax} characters`, "write less");
    const until = expires === undefined || expires.trim() === "" ? undefined : this.#timeOf(expires.trim());
    this.#refresh();
    const kept: Kept = { entry, note, who, added: this.#kept.get(entry)?.added ?? Date.now(), expires: until };
    const next = new Map(this.#kept).set(entry, kept);
    if (next.size > entriesMax) this.#makeRoom(next);
    this.#use(next);
    return this.#row(entry, kept);
  }

  remove(given: string): void {
    const entry = allowText(allowParts(given));
    this.#refresh();
    if (!this.#kept.has(entry)) {
      if (this.#configured.includes(entry)) throw bad(entry, "it stands in the configuration", "take it out of detect.allow there");
      throw bad(entry, "there is no such entry", "`oddwire findings allow` lists them");
    }
    const next = new Map(this.#kept);
    next.delete(entry);
    this.#use(next);
  }

  /** The configuration has other entries now. */
  configure(entries: readonly string[]): void {
    this.#configured = entries;
    this.#apply(this.#kept);
  }

  covers(detector: string, source: string | undefined, target: string | undefined): boolean {
    return this.#options.list.covers(detector, { source, target }, this.#options.now());
  }

  /** Writes the counters down, when there is something to keep; says so when it cannot be done. */
  save(): void {
    if (this.#kept.size === 0 && this.#configured.every((entry) => (this.#options.list.hitsOf(entry)?.hits ?? 0) === 0)) return;
    this.#refresh();
    try {
      this.#write(this.#kept);
    } catch (error) {
      this.#options.log(`the allow-list could not be saved: ${(error as Error).message}`);
    }
  }

  /** Written first: what cannot be kept is not used either. */
  #use(next: Map<string, Kept>): void {
    this.#write(next);
    this.#apply(next);
  }

  #apply(next: Map<string, Kept>): void {
    this.#kept = next;
    this.#options.list.replace([...this.#configured.map((entry) => ({ entry })), ...next.values()]);
    this.#options.onChange?.();
  }

  #write(next: ReadonlyMap<string, Kept>): void {
    const counted = (entry: string): AllowHits | undefined => this.#options.list.hitsOf(entry);
    this.#file.save({
      entries: [...next.values()].map((one) => ({ ...one, count: counted(one.entry) })),
      configured: this.#configured.map((entry) => ({ entry, count: counted(entry) })),
    });
    this.#stamp = fileStamp(this.#file.path);
  }

  #refresh(): void {
    if (fileStamp(this.#file.path) !== this.#stamp) this.#read(false);
  }

  #read(withCounters: boolean): void {
    this.#stamp = fileStamp(this.#file.path);
    const { entries, configured } = (this.#file.load() ?? {}) as { readonly entries?: unknown; readonly configured?: unknown };
    const rows = [entries, configured].map((one) => (Array.isArray(one) ? (one as readonly unknown[]) : []));
    const kept = (rows[0] ?? []).map(keptOf).filter((one) => one !== undefined);
    this.#apply(new Map(kept.slice(0, entriesMax).map((one) => [one.entry, one])));
    if (withCounters) for (const row of rows.flat()) this.#restore(row);
  }

  #restore(row: unknown): void {
    const { entry, count } = (row ?? {}) as { readonly entry?: unknown; readonly count?: unknown };
    const hits = hitsFrom(count);
    if (typeof entry === "string" && hits !== undefined) this.#options.list.restoreHits(entry, hits);
  }

  /** What has come to its end makes room. Throws ODW_LIST_BAD when nothing has. */
  #makeRoom(next: Map<string, Kept>): void {
    const now = this.#options.now();
    const over = [...next.values()].find(({ expires }) => expires !== undefined && expires <= now);
    if (over === undefined)
      throw bad(this.#file.path, `it holds ${entriesMax} entries already`, "remove some, or allow a network instead of its hosts");
    next.delete(over.entry);
  }

  #timeOf(text: string): number {
    const now = this.#options.now();
    const match = /^\+?(\d{1,6}(?:\.\d{1,6})?)\s*(m|min|h|d|w)$/i.exec(text);
    const time = match === null ? calendarTime(text) : now + Number(match[1]) * (spans[(match[2] as string).toLowerCase()] as number);
    if (time === undefined || !Number.isSafeInteger(Math.round(time)))
      throw bad(`expires ${JSON.stringify(text.slice(0, 60))}`, "this is no time", "write 12h, 7d or 2027-01-31");
    if (time <= now) throw bad(`expires ${text}`, "this is in the past", `write a time after ${isoText(now)}`);
    return Math.round(time);
  }

  #row(entry: string, kept: Kept | undefined): AllowRow {
    const counted = this.#options.list.hitsOf(entry);
    const expires = kept?.expires;
    return {
      entry,
      origin: kept === undefined ? "configuration" : "list",
      note: kept?.note ?? "",
      who: kept?.who ?? "",
      ...(kept !== undefined && { added: new Date(kept.added).toISOString() }),
      ...(expires !== undefined && { expires: isoText(expires) }),
      expired: expires !== undefined && expires <= this.#options.now(),
      hits: counted?.hits ?? 0,
      ...(counted !== undefined && counted.last > 0 && { last: isoText(counted.last) }),
      pairs: (counted?.pairs ?? [])
        .toSorted((a, b) => b.hits - a.hits || b.last - a.last)
        .map((one) => ({ ...one, last: isoText(one.last) })),
    };
  }
}

const microsPerMinute = 60_000_000;
const spans: Readonly<Record<string, number>> = {
  m: microsPerMinute,
  min: microsPerMinute,
  h: 60 * microsPerMinute,
  d: 1440 * microsPerMinute,
  w: 7 * 1440 * microsPerMinute,
};

const isoText = (time: number): string => new Date(time / 1000).toISOString();

const calendarTime = (text: string): number | undefined =>
  /^\d{4}-\d\d-\d\d$/.test(text)
    ? parseTime(`${text}T00:00:00`)
    : /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)
      ? parseTime(text.replace(" ", "T"))
      : undefined;

const bad = (where: string, cause: string, mend: string): OddwireError => new OddwireError("ODW_LIST_BAD", { where, cause, mend });

/** The entry as everybody writes it. Throws ODW_LIST_BAD when it would keep nothing back. */
function checked(text: string): string {
  const trouble = allowTrouble(text, isDetector);
  if (trouble !== undefined) throw bad("entry", trouble.cause, trouble.mend);
  return allowText(allowParts(text));
}

/** An entry of the file, which people may have written; `undefined` when it would keep nothing back. */
function keptOf(row: unknown): Kept | undefined {
  const { entry, note, who, added, expires } = (row ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof entry !== "string" || allowTrouble(entry, isDetector) !== undefined) return undefined;
  return {
    entry: allowText(allowParts(entry)),
    note: typeof note === "string" ? note.slice(0, noteCharactersMax) : "",
    who: typeof who === "string" ? who.slice(0, whoCharactersMax) : "",
    added: typeof added === "number" && Number.isSafeInteger(added) ? added : 0,
    expires: typeof expires === "number" && Number.isSafeInteger(expires) ? expires : undefined,
  };
}

function hitsFrom(saved: unknown): AllowHits | undefined {
  const { hits, last, pairs } = (saved ?? {}) as Readonly<Record<string, unknown>>;
  if (!isCount(hits) || !isCount(last) || !Array.isArray(pairs) || !pairs.every(isPair)) return undefined;
  return { hits, last, pairs };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isPair(saved: unknown): saved is AllowedPair {
  const { detector, source, target, hits, last } = (saved ?? {}) as Readonly<Record<string, unknown>>;
  return [detector, source, target].every((text) => typeof text === "string") && isCount(hits) && isCount(last);
}
