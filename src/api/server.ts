import type { Socket } from "node:net";
import helmet from "@fastify/helmet";
import websocket from "@fastify/websocket";
import { type FastifyInstance, type FastifyReply, type FastifyServerOptions, fastify } from "fastify";
import type { AllowControl } from "#contract/allow-control.ts";
import type { BaselineControl } from "#contract/baseline-control.ts";
import type { RuleControl } from "#contract/control.ts";
import type { DetectorControl } from "#contract/detector-control.ts";
import type { DetectorTrials } from "#contract/detector-trials.ts";
import { OddwireError } from "#contract/errors.ts";
import type { FindingMarks } from "#contract/finding-marks.ts";
import type { FlowPackets } from "#contract/flow-packets.ts";
import type { GameControl } from "#contract/game-control.ts";
import type { GivenCaptures, OpenedCapture } from "#contract/given-captures.ts";
import type { LiveBus } from "#contract/live.ts";
import type { PlayerMarks } from "#contract/player-marks.ts";
import type { Store } from "#contract/store.ts";
import type { DeliveryRow } from "#schema/delivery.ts";
import type { Kind } from "#schema/field.ts";
import type { Advice } from "#schema/finding.ts";
import type { BesideAnswer } from "#schema/suricata.ts";
import { addAllowRoutes } from "./allow-routes.ts";
import { addBaselineRoutes } from "./baseline-routes.ts";
import { CaptureApps } from "./capture-apps.ts";
import { addCaptureRoutes } from "./capture-routes.ts";
import type { ApiConfig, ApiContext } from "./context.ts";
import { addDeliveryRoutes } from "./delivery-routes.ts";
import { addDetectorRoutes, addTrialRoutes } from "./detector-routes.ts";
import { type Failure, failureOf } from "./errors.ts";
import { addEventRoutes } from "./event-routes.ts";
import { addFindingRoutes } from "./finding-routes.ts";
import { addFlowRoutes } from "./flow-routes.ts";
import { addGameRoutes } from "./game-routes.ts";
import { addHealthRoutes } from "./health-routes.ts";
import { addIndicatorRoutes } from "./indicator-routes.ts";
import { addKeywordRoutes } from "./keyword-routes.ts";
import { kindResources } from "./kind-resources.ts";
import { listen } from "./listen.ts";
import { parseListen } from "./listen-address.ts";
import { filterMaker } from "./live-filter.ts";
import { LiveHub } from "./live-hub.ts";
import { addLiveRoutes } from "./live-routes.ts";
import { addLogRoutes } from "./log-routes.ts";
import { addMetricsRoute } from "./metrics-routes.ts";
import { addOpenApi } from "./openapi.ts";
import { addPacketRoutes } from "./packet-routes.ts";
import { loadPages, type Pages } from "./pages.ts";
import { addPlayerRoutes } from "./player-routes.ts";
import { QueryGate } from "./query-gate.ts";
import { addRuleRoutes } from "./rule-routes.ts";
import { addSchemaRoutes } from "./schema-routes.ts";
import { addHostCheck, securityHeaders } from "./security.ts";
import { addSuricataRoutes } from "./suricata-routes.ts";

export type { ApiConfig } from "./context.ts";

export interface ApiOptions {
  /** History; without it, resources that need it answer 503. */
  readonly store?: Store;
  /** The running engine; without it there is only history. */
  readonly live?: LiveBus;
  /** Tells of a Suricata or Zeek beside the engine, when there is one. */
  readonly beside?: () => BesideAnswer;
  /** Rules, keywords and lists, when they may be looked at and changed. */
  readonly rules?: RuleControl;
  /** Notes on players, the watch list and the whitelist. */
  readonly marks?: PlayerMarks;
  /** States of findings and notes on them. */
  readonly findings?: FindingMarks;
  /** What the findings of a detector mean and what to do. */
  readonly adviceOf?: (detector: string) => Advice | undefined;
  /** Who is never told. */
  readonly allow?: AllowControl;
  /** Detectors, when they may be looked at and changed. */
  readonly detectors?: DetectorControl;
  /** Trials of their settings, when there is an engine. */
  readonly trials?: DetectorTrials;
  /** Plugins of games and what they read, when games are read. */
  readonly games?: GameControl;
  /** Receivers of findings and alerts, when there are any. */
  readonly deliveries?: () => readonly DeliveryRow[];
  /** What was learnt of the network, when a detector learns it. */
  readonly baselines?: BaselineControl;
  /** Captures that people give to be read. */
  readonly captures?: GivenCaptures;
  /** Packets that are kept. */
  readonly packets?: FlowPackets;
  readonly kinds: readonly Kind[];
  readonly config: ApiConfig;
  /** Folder of the built web page; only the API is served when it is absent or missing. */
  readonly webRoot?: string;
  readonly version: string;
  /** Wall clock at the start of the process, milliseconds since 1970. */
  readonly startedAt: number;
  /** Is told of every bug behind an answer of 500. */
  readonly onBug?: (error: unknown) => void;
}

export interface ApiServer {
  /** Listens. Throws ODW_PORT_TAKEN when the address cannot be had. */
  start(): Promise<{ readonly url: string }>;
  /** Ends live streams and listening. The store and the engine stay their owner's. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Longest request: nothing that is asked here needs a body. */
const BODY_BYTES_MAX = 65_536;
const REQUEST_TIMEOUT_MS = 10_000;
/** Longest time in which a connection neither takes nor gives a byte; live streams say something twice a minute. */
const IDLE_TIMEOUT_MS = 120_000;
const CONNECTIONS_MAX = 1024;
/** Longest part of a path: the id of a player, each character escaped. */
const PARAMETER_CHARACTERS_MAX = 384;
/** Longest message of a WebSocket client. */
const CLIENT_MESSAGE_BYTES_MAX = 16_384;

/** The page, the API and the live stream over one port or Unix socket. */
export function createApiServer(options: ApiOptions): ApiServer {
  const { store, live, beside, rules, config } = options;
  const resources = kindResources(options.kinds);
  const now = () => live?.summary?.time ?? Date.now() * 1000;
  const hubOf = (bus: LiveBus | undefined): LiveHub =>
    new LiveHub(
      bus,
      { readersMax: config["api.clients-max"], eventsPerSecond: config["api.events-per-second"] },
      filterMaker(resources, now),
      options.onBug,
    );
  const hub = hubOf(live);
  const gate = new QueryGate(store, config["api.queries-max"]);
  const context: ApiContext = {
    store,
    live,
    beside,
    rules,
    marks: options.marks,
    findings: options.findings,
    adviceOf: options.adviceOf,
    allow: options.allow,
    detectors: options.detectors,
    trials: options.trials,
    games: options.games,
    deliveries: options.deliveries,
    baselines: options.baselines,
    captures: options.captures,
    packets: options.packets,
    resources,
    gate,
    hub,
    config,
    now,
    version: options.version,
    startedAt: options.startedAt,
  };
  let app: FastifyInstance | undefined;
  let captureApps: CaptureApps | undefined;
  return {
    async start() {
      const pages = await loadPages(options.webRoot);
      app = await buildApp(context, options, pages);
      if (options.captures !== undefined) {
        captureApps = new CaptureApps(options.captures, (capture) =>
          buildApp({ ...overCapture(context, capture), hub: hubOf(undefined) }, options, pages),
        );
        captureApps.mount(app);
      }
      hub.start();
      return { url: await listen(app, config["api.listen"]) };
    },
    async [Symbol.asyncDispose]() {
      hub.close();
      await app?.close();
      await captureApps?.[Symbol.asyncDispose]();
    },
  };
}

/**
 * Parameters are checked by parameters.ts, answers are written by V8: schemas are for the description only, and their
 * compilers, which took half of the start, are never loaded. Fastify's types know compilers by Ajv only.
 */
const noCompilers = {
  compilersFactory: { buildValidator: () => () => () => true, buildSerializer: () => () => (value: unknown) => JSON.stringify(value) },
} as unknown as NonNullable<FastifyServerOptions["schemaController"]>;

/** The same API over what was read of one capture, without an engine. */
function overCapture(context: ApiContext, { store, findings, packets }: OpenedCapture): ApiContext {
  return {
    ...context,
    store,
    packets,
    findings,
    live: undefined,
    beside: undefined,
    rules: undefined,
    marks: undefined,
    games: undefined,
    deliveries: undefined,
    baselines: undefined,
    captures: undefined,
    gate: new QueryGate(store, context.config["api.queries-max"]),
    now: () => Date.now() * 1000,
  };
}

async function buildApp(context: ApiContext, options: ApiOptions, pages: Pages): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS_MAX },
    frameworkErrors: (error, _request, reply) => sendFailure(failureOf(error), reply),
    clientErrorHandler: refuseConnection,
    schemaController: noCompilers,
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  app.server.headersTimeout = REQUEST_TIMEOUT_MS;
  addErrors(app, options);
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("cache-control", "no-store");
    // A refused WebSocket leaves a connection that nobody reads.
    if (request.headers.upgrade !== undefined) reply.header("connection", "close");
    done();
  });
  await app.register(helmet, securityHeaders);
  await app.register(websocket, { options: { maxPayload: CLIENT_MESSAGE_BYTES_MAX, perMessageDeflate: false } });
  // Behind the WebSocket plugin, which ends the connections of upgrades that are refused.
  if (parseListen(context.config["api.listen"]).type === "port") addHostCheck(app, context.config["api.hosts"]);
  await addOpenApi(app, context);
  for (const add of [
    addHealthRoutes,
    addEventRoutes,
    addFlowRoutes,
    addLiveRoutes,
    addSchemaRoutes,
    addLogRoutes,
    addMetricsRoute,
    addSuricataRoutes,
    addRuleRoutes,
    addKeywordRoutes,
    addIndicatorRoutes,
    addAllowRoutes,
    addDetectorRoutes,
    addTrialRoutes,
    addFindingRoutes,
    addPlayerRoutes,
    addGameRoutes,
    addBaselineRoutes,
    addDeliveryRoutes,
    addCaptureRoutes,
    addPacketRoutes,
  ])
    add(app, context);
  app.setNotFoundHandler((request, reply) => {
    if (pages.serve(request, reply)) return reply;
    const path = request.url.replace(/\?.*$/s, "").slice(0, 200);
    throw new OddwireError("ODW_PATH_UNKNOWN", { path: request.method === "GET" ? path : `${request.method} ${path}` });
  });
  return app;
}

function addErrors(app: FastifyInstance, { onBug }: ApiOptions): void {
  app.setErrorHandler((error, _request, reply) => {
    const failure = failureOf(error);
    if (failure.status === 500) onBug?.(error);
    return sendFailure(failure, reply);
  });
}

function sendFailure({ status, body }: Failure, reply: FastifyReply): FastifyReply {
  if (status === 503) reply.header("retry-after", "1");
  return reply.code(status).type("application/json; charset=utf-8").send(body);
}

// Not `STATUS_CODES` of node:http: importing that module as such loads all of undici, 45 ms.
const REFUSALS = {
  400: ["Bad Request", "this is no HTTP request"],
  408: ["Request Timeout", "the request took too long"],
  431: ["Request Header Fields Too Large", "the headers are too long"],
} as const;

/** What is no HTTP, or too long, or too slow, is answered before there is a request. */
function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const [phrase, cause] = REFUSALS[status];
  const text = JSON.stringify(failureOf(new OddwireError("ODW_REQUEST_BAD", { cause })).body);
  const head = `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close`;
  if (socket.writable) socket.write(`HTTP/1.1 ${status} ${phrase}\r\n${head}\r\n\r\n${text}`);
  socket.destroy(error);
}
