import { type Micros, TimeText } from "#base/time.ts";
import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { LiveFlow } from "#contract/live.ts";
import { matcher } from "#query/matcher.ts";
import { parseQuery, type QueryResult } from "#query/parse.ts";
import type { Kind } from "#schema/field.ts";
import type { KindResource } from "./kind-resources.ts";

/** Says whether an event is wanted by a reader of the live stream. */
export type EventFilter = (event: OddwireEvent) => boolean;

/** Makes a filter of its text; the empty text is no filter. Throws an `OddwireError` that names what is wrong. */
export type FilterMaker = (text: string) => EventFilter | undefined;

/**
 * Filters over events of all kinds. A kind that lacks a column of the filter does not match, so `exists detector` means
 * findings; a filter that means nothing for any kind is refused. `now` is what relative times count from, microseconds.
 */
export function filterMaker(resources: readonly KindResource[], now: () => number): FilterMaker {
  return (text) => {
    if (text.trim() === "") return undefined;
    const tests = new Map<string, (event: OddwireEvent) => boolean>();
    let failed: Extract<QueryResult, { ok: false }> | undefined;
    for (const { kind } of resources) {
      const result = parseQuery(kind, text, { now: now() });
      if (result.ok) tests.set(kind.name, matcher(kind, result.plan));
      // What was understood furthest says best what is wrong.
      else if (failed === undefined || result.column > failed.column) failed = result;
    }
    if (tests.size === 0 && failed !== undefined) throw new OddwireError("ODW_QUERY_BAD", { cause: failed.cause, column: failed.column });
    return (event) => tests.get(event.event_type)?.(event) === true;
  };
}

/** The live flows that match a query over the kind `flow`; `host` and `hostname` also mean the flow's name. */
export function matchingFlows(flowKind: Pick<Kind, "name" | "columns">, flows: readonly LiveFlow[], text: string, now: number) {
  const columns = [...flowKind.columns, { name: "hostname", path: "host", type: "text", doc: "Host name, when one is known." } as const];
  const kind = { name: flowKind.name, columns };
  const result = parseQuery(kind, text, { now });
  if (!result.ok) throw new OddwireError("ODW_QUERY_BAD", { cause: result.cause, column: result.column });
  const matches = matcher(kind, result.plan);
  const times = new TimeText();
  return flows.filter((flow) => matches(asEvent(kind.name, flow, times)));
}

/** A live flow in the shape of the event that it will become. */
function asEvent(event_type: string, flow: LiveFlow, times: TimeText): OddwireEvent {
  const { flow_id, src_ip, src_port, dest_ip, dest_port, proto, app_proto, host, ...more } = flow;
  const { src_country, src_asn, src_as_org, dest_country, dest_asn, dest_as_org, ...rest } = more;
  const start = times.format(flow.start as Micros);
  const end = times.format(flow.last as Micros);
  const place = { flow_id, src_ip, src_port, dest_ip, dest_port, proto };
  const places = { src_country, src_asn, src_as_org, dest_country, dest_asn, dest_as_org };
  return { timestamp: end, event_type, ...place, app_proto, host, ...places, flow: { ...rest, start, end } };
}
