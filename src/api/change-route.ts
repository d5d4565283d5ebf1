import type { FastifyInstance, FastifyRequest } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import { ref } from "./answer-schemas.ts";
import { checkOrigin } from "./security.ts";

/** A member of a request's body. */
export interface BodyMember {
  readonly type: "text" | "boolean";
  readonly doc: string;
  readonly required?: boolean;
}

/** A resource that changes something, with everything that OpenAPI tells about it. */
export interface ChangeRoute {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly summary: string;
  /** Group in the description; `rules` when absent. */
  readonly tag?: string;
  readonly operationId: string;
  readonly pathParameters?: SchemaNode;
  /** Members of the JSON body; `text` when the body is plain text, `bytes` when it is any. Absent when there is none. */
  readonly body?: Readonly<Record<string, BodyMember>> | "text" | "bytes";
  /** Largest body, bytes. */
  readonly bodyBytesMax?: number;
  readonly answer: SchemaNode;
  handle(body: ChangeBody, request: FastifyRequest): unknown;
}

/** A body that passed the check. */
export interface ChangeBody {
  /** A plain body. */
  readonly plain: string;
  /** A body of bytes; empty when it is another one. */
  readonly bytes: Uint8Array;
  text(name: string): string | undefined;
  flag(name: string): boolean | undefined;
}

const charactersMax = 8192;
const problem = { description: "Why nothing was changed.", content: { "application/json": { schema: ref("Error") } } };

/** Adds the route. Pages of other hosts are refused: they could make a browser inside the network change something. */
export function addChange(app: FastifyInstance, route: ChangeRoute): void {
  app.route({
    method: route.method,
    url: route.path,
    ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
    schema: {
      summary: route.summary,
      operationId: route.operationId,
      tags: [route.tag ?? "rules"],
      ...(route.pathParameters === undefined ? {} : { params: route.pathParameters }),
      ...(route.body === undefined ? {} : { consumes: [mediaType(route.body)], body: bodySchema(route.body) }),
      response: {
        200: { description: route.summary, content: { "application/json": { schema: route.answer } } },
        "4xx": problem,
        "5xx": problem,
      },
    },
    onRequest: (request, _reply, done) => {
      checkOrigin(request);
      done();
    },
    handler: (request) => route.handle(readBody(route, request), request),
  });
}

const mediaTypes = { text: "text/plain", bytes: "application/octet-stream" } as const;
const mediaType = (body: NonNullable<ChangeRoute["body"]>): string => (typeof body === "string" ? mediaTypes[body] : "application/json");

function bodySchema(body: NonNullable<ChangeRoute["body"]>): SchemaNode {
  if (body === "text") return { type: "string" };
  if (body === "bytes") return { type: "string", format: "binary" };
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(body).map(([name, { type, doc }]) => [name, { type: type === "text" ? "string" : "boolean", description: doc }]),
    ),
    required: Object.entries(body).flatMap(([name, { required }]) => (required === true ? [name] : [])),
    additionalProperties: false,
  };
}

const nothing: ChangeBody = { plain: "", bytes: new Uint8Array(0), text: () => undefined, flag: () => undefined };

function readBody({ body, path }: ChangeRoute, request: FastifyRequest): ChangeBody {
  const refuse = (cause: string): OddwireError => new OddwireError("ODW_PARAMETER_BAD", { cause, path });
  const given = request.body;
  if (body === undefined) return nothing;
  if (body === "text") {
    if (typeof given !== "string") throw refuse("the body must be plain text");
    return { ...nothing, plain: given };
  }
  if (body === "bytes") {
    if (!(given instanceof Uint8Array)) throw refuse("the body must be bytes (application/octet-stream)");
    return { ...nothing, bytes: given };
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw refuse("the body must be a JSON object");
  const values = given as Readonly<Record<string, unknown>>;
  const problems = Object.keys(values)
    .filter((name) => !Object.hasOwn(body, name))
    .map((name) => `${JSON.stringify(name.slice(0, 60))} is no member`);
  for (const [name, { type, required }] of Object.entries(body)) {
    const value = values[name];
    if (value === undefined) {
      if (required === true) problems.push(`${name} is missing`);
    } else if (typeof value !== (type === "text" ? "string" : "boolean")) problems.push(`${name} must be a ${type}`);
    else if (typeof value === "string" && value.length > charactersMax) problems.push(`${name} is longer than ${charactersMax} characters`);
  }
  if (problems.length > 0) throw refuse(problems.join("; "));
  return { ...nothing, text: (name) => values[name] as string | undefined, flag: (name) => values[name] as boolean | undefined };
}
