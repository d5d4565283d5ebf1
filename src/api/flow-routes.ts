import type { FastifyInstance } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { Page, Plan } from "#contract/store.ts";
import type { FlowAnswer } from "#schema/api.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import { ref } from "./answer-schemas.ts";
import type { ApiContext } from "./context.ts";
import { packetsOf } from "./packets-question.ts";
import { addRoute } from "./route.ts";

const PATH = "/api/v1/flows/:flow_id";
/** Events of one kind in a timeline. */
const EVENTS_MAX = 1000;

/** The part of a path that names a flow. */
export const flowParameter: SchemaNode = {
  type: "object",
  properties: { flow_id: { type: "integer", description: "Identity of the flow." } },
  required: ["flow_id"],
};

/** One flow with its timeline. */
export function addFlowRoutes(app: FastifyInstance, context: ApiContext): void {
  if (!context.resources.some((resource) => resource.kind.name === "flow")) return;
  addRoute(app, {
    path: PATH,
    summary: "A flow and the events of every kind that carry its id.",
    tag: "flows",
    operationId: "flow",
    pathParameters: flowParameter,
    answer: ref("Flow"),
    handle: (_values, request) => flowAnswer(context, (request.params as { readonly flow_id: string }).flow_id),
  });
}

/** The flow with this id. Throws ODW_PARAMETER_BAD or ODW_FLOW_UNKNOWN. */
export async function flowAnswer(context: ApiContext, text: string): Promise<FlowAnswer> {
  const flowId = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(flowId)) throw new OddwireError("ODW_PARAMETER_BAD", { cause: "flow_id must be a whole number", path: PATH });
  const live = context.live?.summary?.flows.find((flow) => flow.flow_id === flowId);
  const kinds = context.resources.map((resource) => resource.kind.name);
  const pages = context.store === undefined ? [] : await pagesOf(context, kinds, flowId);
  const all = pages.flatMap((page) => page.events).toSorted(byTime);
  if (all.length === 0 && live === undefined) throw new OddwireError("ODW_FLOW_UNKNOWN", { flow: text });
  const events = all.slice(0, EVENTS_MAX);
  const flow = all.findLast((event) => event.event_type === "flow");
  const kept = packetsOf({ ...(flow !== undefined && { flow }), ...(live !== undefined && { live }) });
  return {
    flow_id: flowId,
    ...(flow !== undefined && { flow }),
    ...(live !== undefined && { live }),
    events,
    packets: kept !== undefined && context.packets?.has(kept.from, kept.to) === true,
    truncated: all.length > events.length || pages.some((page) => page.next !== undefined),
  };
}

/** One question at the gate, whatever the number of kinds: their tables are asked one after the other. */
function pagesOf({ gate }: ApiContext, kinds: readonly string[], flowId: number): Promise<readonly Page[]> {
  return gate.ask(async (store) => {
    const pages: Page[] = [];
    for (const kind of kinds) pages.push(await store.query(planOf(kind, flowId)));
    return pages;
  });
}

const planOf = (kind: string, flowId: number): Plan => ({
  kind,
  where: { op: "=", column: "flow_id", value: flowId },
  order: { column: "time", descending: false },
  limit: EVENTS_MAX,
});

/** Timestamps are of one length and one zone, so their texts sort as times do; the packet's number parts equals. */
function byTime(a: OddwireEvent, b: OddwireEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  return (a.pcap_cnt ?? 0) - (b.pcap_cnt ?? 0);
}
