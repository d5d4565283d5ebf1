import type { FastifyInstance } from "fastify";
import type { KindsAnswer } from "#schema/api.ts";
import { eventSchema } from "#schema/json-schema.ts";
import { ref } from "./answer-schemas.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

/** The vocabulary: what kinds there are, and how their events look. */
export function addSchemaRoutes(app: FastifyInstance, context: ApiContext): void {
  const kinds: KindsAnswer = {
    kinds: context.resources.map(({ kind: { name, summary }, path, columns }) => ({ name, summary, path: `/api/v1/${path}`, columns })),
  };
  addRoute(app, {
    path: "/api/v1/kinds",
    summary: "Event kinds with their resources and columns.",
    tag: "vocabulary",
    operationId: "kinds",
    answer: ref("Kinds"),
    handle: () => kinds,
  });
  const schema = eventSchema(context.resources.map((resource) => resource.kind));
  addRoute(app, {
    path: "/api/v1/schema",
    summary: "JSON Schema (draft 2020-12) of every event.",
    tag: "vocabulary",
    operationId: "event_schema",
    answer: { type: "object", description: "A JSON Schema.", additionalProperties: true },
    handle: (_values, _request, reply) => {
      reply.header("content-type", "application/schema+json");
      return JSON.stringify(schema);
    },
  });
}
