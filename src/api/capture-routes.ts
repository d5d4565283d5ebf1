import type { FastifyInstance, FastifyRequest } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { CapturesAnswer, GivenCaptures } from "#contract/given-captures.ts";
import { pieceBytesMax } from "#schema/given-capture.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import { ref } from "./answer-schemas.ts";
import { addChange } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

const idParameter = { id: { type: "string", pattern: "^[0-9a-f]{12}$", description: "Identity of the capture." } } as const;
const oneCapture: SchemaNode = { type: "object", properties: idParameter, required: ["id"] };
const onePiece: SchemaNode = {
  type: "object",
  properties: { ...idParameter, offset: { type: "integer", minimum: 0, description: "Where in the capture the piece begins." } },
  required: ["id", "offset"],
};
const nowhere: CapturesAnswer = { captures: [], bytes_max: 0, piece_bytes_max: pieceBytesMax };

/** Gives captures to be read: begin, its pieces in order, read; then it has a page and an API of its own. */
export function addCaptureRoutes(app: FastifyInstance, context: ApiContext): void {
  app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const tag = "captures";
  addRoute(app, {
    path: "/api/v1/captures",
    summary: "Captures that were given to be read, the newest first.",
    tag,
    operationId: "captures",
    answer: ref("Captures"),
    handle: () => context.captures?.answer() ?? nowhere,
  });
  addChange(app, {
    method: "POST",
    path: "/api/v1/captures",
    summary: "Begins a capture: pcap or pcapng, gzip and zstd too.",
    tag,
    operationId: "capture_begin",
    body: { name: { type: "text", doc: "What its file is called.", required: true } },
    answer: ref("Capture"),
    handle: (body) => capturesOf(context).begin(body.text("name") ?? ""),
  });
  addChange(app, {
    method: "PUT",
    path: "/api/v1/captures/:id/:offset",
    summary: `The next piece of a capture, at most ${pieceBytesMax} bytes.`,
    tag,
    operationId: "capture_append",
    pathParameters: onePiece,
    body: "bytes",
    bodyBytesMax: pieceBytesMax,
    answer: ref("Capture"),
    handle: ({ bytes }, request) => capturesOf(context).append(idOf(request), offsetOf(request), bytes),
  });
  addChange(app, {
    method: "POST",
    path: "/api/v1/captures/:id/read",
    summary: "There are no more pieces: reads the capture.",
    tag,
    operationId: "capture_read",
    pathParameters: oneCapture,
    answer: ref("Capture"),
    handle: (_body, request) => capturesOf(context).read(idOf(request)),
  });
  addChange(app, {
    method: "DELETE",
    path: "/api/v1/captures/:id",
    summary: "Takes a capture away, with everything that was read of it.",
    tag,
    operationId: "capture_remove",
    pathParameters: oneCapture,
    answer: ref("Captures"),
    handle: async (_body, request) => {
      await capturesOf(context).remove(idOf(request));
      return capturesOf(context).answer();
    },
  });
}

function capturesOf({ captures }: ApiContext): GivenCaptures {
  if (captures === undefined)
    throw new OddwireError("ODW_CAPTURE_REFUSED", {
      cause: "none are taken here",
      mend: "read it with `oddwire read`, or set api.capture-bytes-max",
    });
  return captures;
}

const parametersOf = (request: FastifyRequest): Readonly<Record<string, string>> => request.params as Record<string, string>;
const idOf = (request: FastifyRequest): string => parametersOf(request)["id"] ?? "";

function offsetOf(request: FastifyRequest): number {
  const text = parametersOf(request)["offset"] ?? "";
  if (!/^\d{1,15}$/.test(text))
    throw new OddwireError("ODW_PARAMETER_BAD", { cause: "offset is no whole number", path: "/api/v1/captures" });
  return Number(text);
}
