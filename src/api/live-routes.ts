import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { ApiContext } from "./context.ts";
import type { ResumePoint } from "./live-hub.ts";
import type { LiveTransport } from "./live-reader.ts";
import { type Parameter, type ParameterValues, readParameters } from "./parameters.ts";
import { addRoute } from "./route.ts";
import { checkOrigin } from "./security.ts";

export const LIVE_PATH = "/api/v1/live";
const SSE_PATH = "/api/v1/live/events";
/** Time between pings, milliseconds; a client that answers none in between is gone. */
const PING_MS = 30_000;

export const liveParameters: readonly Parameter[] = [
  { name: "filter", type: "text", doc: "Events that match are sent; query language." },
  { name: "resume", type: "integer", doc: "Last sequence number that was seen: what came behind it is sent, or a snapshot." },
  { name: "stream", type: "text", doc: "`stream` of the snapshot that the number belongs to." },
];

/** The part of a `ws` socket that is used here. */
interface Socket {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(): void;
  on(event: "message", listener: (data: Uint8Array, isBinary: boolean) => void): void;
  on(event: "close" | "pong" | "error", listener: () => void): void;
}

/** The live stream: WebSocket at `/api/v1/live`, server-sent events at `/api/v1/live/events`. */
export function addLiveRoutes(app: FastifyInstance, context: ApiContext): void {
  app.route({
    method: "GET",
    url: LIVE_PATH,
    exposeHeadRoute: false,
    schema: { hide: true },
    preValidation: (request, _reply, done) => {
      checkOrigin(request);
      const values = readParameters(liveParameters, request.query, LIVE_PATH);
      context.hub.makeFilter(values.text("filter") ?? "");
      context.hub.admit();
      done();
    },
    handler: () => {
      throw new OddwireError("ODW_REQUEST_BAD", { cause: `${LIVE_PATH} is a WebSocket; ${SSE_PATH} is the same for plain HTTP` });
    },
    wsHandler: (socket: Socket, request: FastifyRequest) => serveSocket(context, socket, request),
  });
  addRoute(app, {
    path: SSE_PATH,
    summary: "The live stream as server-sent events: `snapshot`, then `delta` and `events`; `curl -N` shows it.",
    tag: "live",
    operationId: "live_events",
    parameters: liveParameters,
    answer: { type: "string" },
    mediaTypes: ["text/event-stream"],
    handle: (values, request, reply) => {
      checkOrigin(request);
      serveEvents(context, values, request, reply);
      return reply;
    },
  });
}

function serveSocket({ hub }: ApiContext, socket: Socket, request: FastifyRequest): void {
  const values = readParameters(liveParameters, request.query, LIVE_PATH);
  const transport: LiveTransport = {
    send: (text) => socket.send(text),
    bufferedBytes: () => socket.bufferedAmount,
    close: (code, reason) => {
      socket.close(code, reason);
      setTimeout(() => socket.terminate(), 1000).unref();
    },
  };
  const reader = hub.join(transport, values.text("filter") ?? "", resumePoint(values.number("resume"), values.text("stream")));
  const endPings = keepAlive(socket);
  socket.on("message", (data, isBinary) => reader.hear(isBinary ? "" : new TextDecoder().decode(data)));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    endPings();
    hub.leave(reader);
  });
}

function keepAlive(socket: Socket): () => void {
  let alive = true;
  socket.on("pong", () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_MS).unref();
  return () => clearInterval(timer);
}

function serveEvents({ hub }: ApiContext, values: ParameterValues, request: FastifyRequest, reply: FastifyReply): void {
  hub.admit();
  const { raw } = reply;
  const transport: LiveTransport = {
    send: (text, message) => {
      if (!raw.headersSent) openEvents(reply);
      const id = message.sequence === undefined ? "" : `id: ${message.sequence}\n`;
      raw.write(`event: ${message.type}\n${id}data: ${text}\n\n`);
    },
    bufferedBytes: () => raw.writableLength,
    close: () => raw.destroy(),
  };
  const last = Number(request.headers["last-event-id"] ?? Number.NaN);
  const point = resumePoint(values.number("resume") ?? (Number.isSafeInteger(last) ? last : undefined), values.text("stream"));
  const reader = hub.join(transport, values.text("filter") ?? "", point);
  if (!raw.headersSent) openEvents(reply);
  const timer = setInterval(() => raw.write(": still here\n\n"), PING_MS).unref();
  raw.on("close", () => {
    clearInterval(timer);
    hub.leave(reader);
  });
}

/** From here on the connection is ours; the headers that hooks have set go along. */
function openEvents(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.writeHead(200, { ...reply.getHeaders(), "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" } as {
    [name: string]: string;
  });
}

function resumePoint(sequence: number | undefined, stream: string | undefined): ResumePoint | undefined {
  return sequence === undefined ? undefined : { sequence, stream };
}
