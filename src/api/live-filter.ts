import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { KindResource } from "./kind-resources.ts";

/** Says whether an event is wanted by a reader of the live stream. */
export type EventFilter = (event: OddwireEvent) => boolean;

/** Makes a filter of its text; the empty text is no filter. Throws an `OddwireError` that names what is wrong. */
export type FilterMaker = (text: string) => EventFilter | undefined;

export function filterMaker(resources: readonly KindResource[]): FilterMaker {
  return (text) => {
    if (text.trim() === "") return undefined;
    const kind = /^event_type\s*=\s*(\S+)$/.exec(text.trim())?.[1];
    if (kind === undefined || !resources.some((resource) => resource.kind.name === kind))
      throw new OddwireError("ODW_QUERY_BAD", { cause: "unknown condition", column: 1 });
    return (event) => event.event_type === kind;
  };
}
