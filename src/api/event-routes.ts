import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Page } from "#contract/store.ts";
import type { CountAnswer, EventPage, TopAnswer } from "#schema/api.ts";
import { pageSchema, ref } from "./answer-schemas.ts";
import type { ApiContext } from "./context.ts";
import { csvOf } from "./csv.ts";
import { countParameters, listParameters, planOf, topParameters } from "./event-plan.ts";
import type { KindResource } from "./kind-resources.ts";
import type { ParameterValues } from "./parameters.ts";
import { addRoute } from "./route.ts";

/** Three resources for each event kind: its events, how many there are, the largest groups of a column. */
export function addEventRoutes(app: FastifyInstance, context: ApiContext): void {
  for (const resource of context.resources) {
    addList(app, context, resource);
    addCount(app, context, resource);
    addTop(app, context, resource);
  }
}

/** Name of the kind's schema among OpenAPI's components. */
export const kindComponent = (kind: string): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Event`;

function addList(app: FastifyInstance, { gate, now }: ApiContext, resource: KindResource): void {
  const path = `/api/v1/${resource.path}`;
  addRoute(app, {
    path,
    summary: resource.kind.summary,
    tag: resource.path,
    operationId: `list_${resource.kind.name}`,
    parameters: listParameters(resource),
    answer: pageSchema(kindComponent(resource.kind.name)),
    mediaTypes: ["application/json", "text/csv"],
    handle: async (values, request, reply) => {
      const plan = planOf(resource, values, path, now());
      const page = await gate.ask((store) => store.query(plan));
      return wantsCsv(values, request) ? sendCsv(reply, resource, page) : ({ ...page } satisfies EventPage);
    },
  });
}

function wantsCsv(values: ParameterValues, request: FastifyRequest): boolean {
  const format = values.text("format");
  return format === undefined ? (request.headers.accept ?? "").includes("text/csv") : format === "csv";
}

function sendCsv(reply: FastifyReply, resource: KindResource, page: Page): string {
  reply.header("content-type", "text/csv; charset=utf-8; header=present");
  reply.header("content-disposition", `attachment; filename="${resource.path}.csv"`);
  if (page.next !== undefined) reply.header("x-next-cursor", encodeURIComponent(page.next));
  return csvOf(resource.columns, page.events);
}

function addCount(app: FastifyInstance, { gate, now }: ApiContext, resource: KindResource): void {
  const path = `/api/v1/${resource.path}/count`;
  addRoute(app, {
    path,
    summary: `How many \`${resource.kind.name}\` events match.`,
    tag: resource.path,
    operationId: `count_${resource.kind.name}`,
    parameters: countParameters(resource),
    answer: ref("Count"),
    handle: async (values) => {
      const plan = planOf(resource, values, path, now());
      return { count: await gate.ask((store) => store.count(plan)) } satisfies CountAnswer;
    },
  });
}

function addTop(app: FastifyInstance, { gate, now }: ApiContext, resource: KindResource): void {
  const path = `/api/v1/${resource.path}/top`;
  addRoute(app, {
    path,
    summary: `The largest groups of \`${resource.kind.name}\` events.`,
    tag: resource.path,
    operationId: `top_${resource.kind.name}`,
    parameters: topParameters(resource),
    answer: ref("Top"),
    handle: async (values) => {
      const plan = planOf(resource, values, path, now());
      const column = values.text("column") as string;
      const sum = values.text("sum");
      const rows = await gate.ask((store) => store.top(plan, column, sum));
      const groups = rows.map(({ value, count, sum: total }) => ({
        ...(value !== undefined && { value }),
        count,
        ...(total !== undefined && { sum: total }),
      }));
      return { column, ...(sum !== undefined && { sum }), groups } satisfies TopAnswer;
    },
  });
}
