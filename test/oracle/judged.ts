import type { OddwireEvent } from "#schema/event.ts";
import type { CorpusFile } from "#test/e2e/corpora.ts";
import { address } from "#test/e2e/flow-sums.ts";

/** Whatever JSON holds. */
export type Json = { readonly [member: string]: unknown };
/** A question about a capture, and whether Oddwire answers it as the other tool does. */
export interface Judged {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
  readonly holds: boolean;
}
export type Judge = (file: CorpusFile, events: readonly OddwireEvent[]) => readonly Judged[];

/** Asks whether the wanted value is among those that were found. */
export const among = (what: string, wanted: unknown, found: Iterable<unknown>): Judged => {
  const all = [...new Set([...found].filter((value) => value !== undefined).map(String))];
  return { what, wanted: String(wanted), got: all.slice(0, 8).join(" | "), holds: all.includes(String(wanted)) };
};

export const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
export const jsonOf = (value: unknown): Json => (isJson(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");

/** What one tool says of a capture, when it says something. */
export const expectedOf = (file: CorpusFile, kind: string): Json | undefined => file.expected.find((one) => one.kind === kind);

const endOf = (ip: unknown, port: unknown): string => `${address(textOf(ip))} ${textOf(port) || "0"}`;

/** The same for both directions. */
export const pairKey = (a: readonly [unknown, unknown], b: readonly [unknown, unknown]): string =>
  [endOf(...a), endOf(...b)].toSorted().join(" ");

/** Events by the two ends of their flow. */
export class EventsByPair {
  readonly #events = new Map<string, OddwireEvent[]>();

  constructor(events: readonly OddwireEvent[]) {
    for (const event of events) {
      if (event.src_ip === undefined) continue;
      const key = pairKey([event.src_ip, event.src_port], [event.dest_ip, event.dest_port]);
      const known = this.#events.get(key);
      if (known === undefined) this.#events.set(key, [event]);
      else known.push(event);
    }
  }

  of(key: string): readonly OddwireEvent[] {
    return this.#events.get(key) ?? [];
  }

  /** Objects of one kind between two ends. */
  objects(key: string, member: string): readonly Json[] {
    return this.of(key).flatMap((event) => (isJson(event[member]) ? [event[member]] : []));
  }
}

/** An address without scheme and percent encoding. */
export function plainUrl(url: string): string {
  try {
    return decodeURIComponent(url.replace(/^https?:\/\//, ""));
  } catch {
    return url;
  }
}
