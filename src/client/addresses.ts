import { kindPath } from "#schema/api.ts";
import type { Filter, Question } from "./client.ts";

/** A parameter of a question: its name, and a value or several. */
export type Entry = readonly [string, unknown];

export const kindAddress = (kind: string): string => `/api/v1/${encodeURIComponent(kindPath(kind))}`;
export const eventsAddress = (kind: string, question: Question): string => withQuery(kindAddress(kind), questionEntries(question));

export const filterEntries = ({ q, from, to, columns }: Filter): readonly Entry[] => [
  ["q", q],
  ["from", from],
  ["to", to],
  ...Object.entries(columns ?? {}),
];
export const questionEntries = (question: Question): readonly Entry[] => [
  ["limit", question.limit],
  ["order", question.order],
  ["cursor", question.cursor],
  ...filterEntries(question),
];

export function withQuery(path: string, entries: readonly Entry[]): string {
  const query = new URLSearchParams();
  for (const [name, value] of entries)
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined && item !== "") query.append(name, String(item));
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
