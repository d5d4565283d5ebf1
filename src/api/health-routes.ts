import type { FastifyInstance } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { LiveSummary } from "#contract/live.ts";
import type { Store } from "#contract/store.ts";
import type { Health, LiveFlowsAnswer, StatsAnswer, Summary } from "#schema/api.ts";
import { suricataOff } from "#schema/suricata.ts";
import { ref } from "./answer-schemas.ts";
import type { ApiContext } from "./context.ts";
import { historyColumns } from "./history-columns.ts";
import { matchingFlows } from "./live-filter.ts";
import { addRoute } from "./route.ts";

/** Points of a history when the question does not say how many. */
const POINTS = 300;

/** How the server is, and what the engine does now. */
export function addHealthRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path: "/api/v1/health",
    summary: "How the server is, what it reads, and what could not be seen.",
    tag: "engine",
    operationId: "health",
    answer: ref("Health"),
    handle: () => health(context),
  });
  addRoute(app, {
    path: "/api/v1/stats",
    summary: "The newest summary, and the last hour in columns for charts.",
    tag: "engine",
    operationId: "stats",
    parameters: [
      { name: "from", type: "time", doc: "Start of the history on the capture clock." },
      { name: "points", type: "integer", doc: "Points at most; more are averaged.", min: 1, max: 3600, default: POINTS },
    ],
    answer: ref("Stats"),
    handle: (values): StatsAnswer => {
      const summary = context.live?.summary;
      const history = historyColumns(context.live?.history ?? [], values.number("from"), values.number("points") ?? POINTS);
      return { ...(summary !== undefined && { summary: withoutFlows(summary) }), history };
    },
  });
  addRoute(app, {
    path: "/api/v1/summary",
    summary: "The newest summary, with its flows.",
    tag: "engine",
    operationId: "summary",
    answer: ref("Summary"),
    handle: () => newest(context),
  });
  addRoute(app, {
    path: "/api/v1/live/flows",
    summary: "The most recently active flows.",
    tag: "live",
    operationId: "live_flows",
    parameters: [{ name: "q", type: "text", doc: "Query language over the columns of `flow`, and `hostname`." }],
    answer: ref("LiveFlows"),
    handle: (values): LiveFlowsAnswer => {
      const { sequence, time, flows } = newest(context);
      const q = values.text("q");
      const kind = context.resources.find((resource) => resource.kind.name === "flow")?.kind;
      return { sequence, time, flows: q === undefined || kind === undefined ? flows : matchingFlows(kind, flows, q, context.now()) };
    },
  });
}

export function withoutFlows(whole: LiveSummary): Summary {
  const { flows, ...summary } = whole;
  void flows;
  return summary;
}

function newest({ live }: ApiContext): LiveSummary {
  const summary = live?.summary;
  if (summary === undefined) throw new OddwireError("ODW_ENGINE_ABSENT");
  return summary;
}

async function health(context: ApiContext): Promise<Health> {
  const summary = context.live?.summary;
  const [store, storeTrouble] = await storeFacts(context);
  const reasons = [...(summary === undefined ? [] : blindSpots(summary)), ...storeTrouble, ...besideTrouble(context)];
  const starting = context.live !== undefined && summary === undefined;
  return {
    status: starting ? "starting" : reasons.length > 0 ? "degraded" : "ok",
    reasons,
    version: context.version,
    node: process.version,
    started_at: context.startedAt * 1000,
    uptime_seconds: Math.round(Date.now() - context.startedAt) / 1000,
    ...(summary !== undefined && { source: summary.source, coverage: summary.coverage }),
    ...(store !== undefined && { store }),
    live_clients: context.hub.readers,
  };
}

/** A Suricata that was asked for and does not work is a blind spot. */
function besideTrouble({ beside }: ApiContext): readonly string[] {
  const { state, reason } = beside?.().suricata ?? suricataOff;
  return ["silent", "restarting", "failed"].includes(state) ? [reason === "" ? `Suricata is ${state}` : reason] : [];
}

async function storeFacts({ store, gate }: ApiContext): Promise<[Awaited<ReturnType<Store["describe"]>> | undefined, readonly string[]]> {
  if (store === undefined) return [undefined, []];
  try {
    return [await gate.ask((open) => open.describe()), []];
  } catch (error) {
    return [undefined, [`the store does not answer: ${error instanceof OddwireError ? error.message : "unknown cause"}`]];
  }
}

/** Losses in words; ordinary damage in captured frames is no fault of the server. */
function blindSpots({ coverage }: LiveSummary): readonly string[] {
  const losses: readonly (readonly [number, string])[] = [
    [coverage.kernel_drops, "frames dropped by the kernel"],
    [coverage.interface_drops, "frames lost by the interface"],
    [coverage.evicted_flows, "flows ended early because the table was full"],
    [coverage.events_dropped, "events thrown away because a queue was full"],
  ];
  return losses.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}
