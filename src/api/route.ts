import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { SchemaNode } from "#schema/json-schema.ts";
import { ref } from "./answer-schemas.ts";
import { type Parameter, type ParameterValues, parametersSchema, readParameters } from "./parameters.ts";

/** A GET resource with everything that OpenAPI tells about it. */
export interface Route {
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly parameters?: readonly Parameter[];
  /** Parameters that are a part of the path: `/flows/:flow_id`. */
  readonly pathParameters?: SchemaNode;
  /** The answer's schema. */
  readonly answer: SchemaNode;
  /** Media types of the answer; JSON when absent. */
  readonly mediaTypes?: readonly string[];
  readonly operationId: string;
  handle(values: ParameterValues, request: FastifyRequest, reply: FastifyReply): unknown;
}

const problem = { description: "Why there is no answer.", content: { "application/json": { schema: ref("Error") } } };

/** Adds the route: parameters are checked before `handle` is called. */
export function addRoute(app: FastifyInstance, route: Route): void {
  const mediaTypes = route.mediaTypes ?? ["application/json"];
  const content = Object.fromEntries(
    mediaTypes.map((type) => [type, { schema: type === "application/json" ? route.answer : { type: "string" } }]),
  );
  const parameters = route.parameters ?? [];
  app.get(route.path, {
    exposeHeadRoute: route.mediaTypes?.includes("text/event-stream") !== true,
    schema: {
      summary: route.summary,
      operationId: route.operationId,
      tags: [route.tag],
      ...(parameters.length > 0 && { querystring: parametersSchema(parameters) }),
      ...(route.pathParameters !== undefined && { params: route.pathParameters }),
      response: { 200: { description: route.summary, content }, "4xx": problem, "5xx": problem },
    },
    handler: (request, reply) => route.handle(readParameters(parameters, request.query, route.path), request, reply),
  });
}
