import type { DecryptRequest, DecryptResult, PluginPlayer } from "#contract/game-plugin.ts";
import type { AnswerReader } from "./answers.ts";
import { pieceBytesMax } from "./region.ts";
import type { RequestWriter, SessionFacts } from "./requests.ts";

/** One `decrypt` of a caller: settled when each request has its result. */
export interface Work {
  readonly requests: readonly DecryptRequest[];
  readonly results: DecryptResult[];
  /** Results that are missing. */
  open: number;
  /** When it is too late for what has not been handed over (`performance.now`). */
  readonly lateAt: number;
  readonly resolve: (results: readonly DecryptResult[]) => void;
  /** Shown to a plugin that was started again: nobody waits for the results. */
  readonly isReplay: boolean;
}

/** Whether an entry was made for a plugin that was started again. */
const isReplay = (entry: Entry): boolean =>
  entry.kind === "decrypt" ? entry.work.isReplay : entry.kind === "opened" && entry.isReplay === true;

/** What waits for the plugin, in the order in which it was asked. */
export type Entry =
  | { readonly kind: "decrypt"; readonly work: Work; readonly from: number; readonly to: number }
  | { readonly kind: "opened"; readonly facts: SessionFacts; readonly isReplay?: true }
  | { readonly kind: "closed"; readonly session: number; readonly reason: string }
  | { readonly kind: "players"; readonly resolve: (players: readonly PluginPlayer[]) => void };

/** A slot that the process has: its records are those of `entries`, one after the other. */
export interface InFlight {
  readonly slot: number;
  readonly entries: readonly Entry[];
  readonly count: number;
}

const recordsOf = (entry: Entry): number => (entry.kind === "decrypt" ? entry.to - entry.from : 1);

/** Fills slots from what waits, and takes apart what came back. */
export class CallQueue {
  #waiting: Entry[] = [];
  #failures = 0;

  /** Requests that were answered with `error`. */
  get failures(): number {
    return this.#failures;
  }

  get length(): number {
    return this.#waiting.length;
  }

  push(entry: Entry): void {
    this.#waiting.push(entry);
  }

  /** Forgets what was meant for a process that has gone, too. */
  dropReplays(): void {
    this.#waiting = this.#waiting.filter((entry) => !isReplay(entry));
  }

  /** Puts back what has to come first. */
  unshift(entries: readonly Entry[]): void {
    this.#waiting = [...entries, ...this.#waiting];
  }

  /** Writes at most `recordsMax` requests into a slot; `undefined` when nothing waits. */
  fill(slot: number, writer: RequestWriter, recordsMax: number): InFlight | undefined {
    writer.begin(slot);
    const entries: Entry[] = [];
    let taken = 0;
    for (; taken < this.#waiting.length; taken++) {
      const entry = this.#waiting[taken] as Entry;
      if (entry.kind === "decrypt") {
        const rest = this.#fillPackets(entry, writer, recordsMax, entries);
        if (rest === undefined) continue;
        this.#waiting[taken] = rest;
        break;
      }
      // Players need the room of a whole slot.
      if (entry.kind === "players" ? entries.length > 0 : writer.count >= recordsMax || !writer.fits(0)) break;
      write(entry, writer);
      entries.push(entry);
      if (entry.kind !== "players") continue;
      taken++;
      break;
    }
    this.#waiting.splice(0, taken);
    writer.finish();
    return entries.length === 0 ? undefined : { slot, entries, count: writer.count };
  }

  /** Writes packets of one entry; returns what had no room. */
  #fillPackets(entry: Entry & { kind: "decrypt" }, writer: RequestWriter, recordsMax: number, entries: Entry[]): Entry | undefined {
    const { work, to } = entry;
    let from = entry.from;
    const late = work.lateAt < performance.now();
    for (let index = from; index < to; index++) {
      const request = work.requests[index] as DecryptRequest;
      const fits = writer.count < recordsMax && writer.fits(request.bytes.length);
      const refused = late ? "the plugin is too slow: this packet came too late" : tooLong(request);
      if (refused === undefined && fits) {
        writer.decrypt(request);
        continue;
      }
      if (index > from) entries.push({ kind: "decrypt", work, from, to: index });
      if (refused === undefined) return { kind: "decrypt", work, from: index, to };
      this.fail(work, index, refused);
      from = index + 1;
    }
    if (to > from) entries.push({ kind: "decrypt", work, from, to });
    return undefined;
  }

  /** Hands out the answers of a slot's first `complete` records; returns those entries that are left, in order. */
  settle(
    flight: InFlight,
    complete: number,
    reader: AnswerReader,
    sessionOf: SessionOf,
  ): { readonly done: Entry[]; readonly left: Entry[] } {
    reader.take(flight.slot, complete);
    const done: Entry[] = [];
    const left: Entry[] = [];
    let record = 0;
    for (const entry of flight.entries) {
      const count = Math.max(0, Math.min(recordsOf(entry), complete - record));
      if (entry.kind === "decrypt") {
        for (let index = 0; index < count; index++) this.#result(entry.work, entry.from + index, reader.result(record + index));
        if (count > 0) done.push({ ...entry, to: entry.from + count });
        if (entry.from + count < entry.to) left.push({ ...entry, from: entry.from + count });
      } else if (count === 0) {
        left.push(entry);
      } else {
        if (entry.kind === "players") entry.resolve(reader.players(flight.slot, sessionOf));
        done.push(entry);
      }
      record += recordsOf(entry);
    }
    return { done, left };
  }

  /** Drops the first record of what is left: the one that the plugin failed at. */
  dropFirst(left: readonly Entry[], why: string): Entry[] {
    const [first, ...others] = left;
    if (first === undefined) return [];
    if (first.kind === "players") first.resolve([]);
    if (first.kind !== "decrypt") return others;
    this.fail(first.work, first.from, why);
    return first.from + 1 < first.to ? [{ ...first, from: first.from + 1 }, ...others] : others;
  }

  /** Answers everything that waits with `error`; announcements of sessions stay when `keepSessions`. */
  failAll(why: string, keepSessions: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = keepSessions ? waiting.filter(({ kind }) => kind === "opened" || kind === "closed") : [];
    for (const entry of waiting) {
      if (entry.kind === "players") entry.resolve([]);
      if (entry.kind !== "decrypt") continue;
      for (let index = entry.from; index < entry.to; index++) this.fail(entry.work, index, why);
    }
  }

  fail(work: Work, index: number, why: string): void {
    this.#result(work, index, { status: "error", why });
  }

  #result(work: Work, index: number, result: DecryptResult): void {
    if (result.status === "error" && !work.isReplay) this.#failures++;
    work.results[index] = result;
    work.open--;
    if (work.open === 0) work.resolve(work.results);
  }
}

/** Session of a connection that is told by its addresses. */
export type SessionOf = (client: string, clientPort: number, server: string) => number | undefined;

function write(entry: Exclude<Entry, { kind: "decrypt" }>, writer: RequestWriter): void {
  if (entry.kind === "opened") writer.opened(entry.facts);
  else if (entry.kind === "closed") writer.closed(entry.session, entry.reason);
  else writer.players();
}

function tooLong({ bytes }: DecryptRequest): string | undefined {
  return bytes.length > pieceBytesMax ? `the piece has ${bytes.length} bytes, ${pieceBytesMax} are the limit` : undefined;
}
