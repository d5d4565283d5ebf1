import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { kindSchema, type SchemaNode } from "#schema/json-schema.ts";
import { answerSchemas } from "./answer-schemas.ts";
import type { ApiContext } from "./context.ts";
import { kindComponent } from "./event-routes.ts";
import { LIVE_PATH, liveParameters } from "./live-routes.ts";
import { parametersSchema } from "./parameters.ts";

const DESCRIPTION = `Times are microseconds since 1970 UTC, or ISO 8601. Every failure has the shape of \`Error\`.
Lists come in pages: give \`next\` back as \`cursor\`. Addresses compare as addresses: either spelling, and networks.`;

/** Makes the description of every route that is added after it, at `/openapi.json`. */
export async function addOpenApi(app: FastifyInstance, context: ApiContext): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Oddwire",
        version: context.version,
        description: DESCRIPTION,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      // Relative, so that it is right behind every name and proxy.
      servers: [{ url: "/" }],
    },
    refResolver: { buildLocalReference: (json) => json["$id"] as string },
  });
  for (const [name, schema] of Object.entries(answerSchemas())) app.addSchema({ $id: name, ...schema });
  for (const { kind } of context.resources) app.addSchema({ $id: kindComponent(kind.name), ...kindSchema(kind) });
  let text: string | undefined;
  app.get("/openapi.json", {
    schema: {
      summary: "This description: OpenAPI 3.1.",
      operationId: "openapi",
      tags: ["vocabulary"],
      response: {
        200: { description: "OpenAPI 3.1.", content: { "application/json": { schema: { type: "object", additionalProperties: true } } } },
      },
    },
    handler: (_request, reply) => {
      text ??= JSON.stringify(describe(app));
      return reply.type("application/json; charset=utf-8").send(text);
    },
  });
}

/** Swagger leaves WebSockets out. */
function describe(app: FastifyInstance): object {
  const document = app.swagger() as { readonly paths: object };
  const properties = parametersSchema(liveParameters)["properties"] as { readonly [name: string]: SchemaNode };
  const live = {
    summary: "The live stream as WebSocket: a snapshot, then deltas and events. The client may send `{filter, pause}`.",
    operationId: "live",
    tags: ["live"],
    parameters: Object.entries(properties).map(([name, { description, ...schema }]) => ({ name, in: "query", description, schema })),
    responses: {
      101: { description: "Switching to WebSocket; every message is JSON with `type`: snapshot, delta, events, settings, error." },
      "4XX": { description: "Refused.", content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } },
    },
  };
  return { ...document, paths: { ...document.paths, [LIVE_PATH]: { get: live } } };
}
