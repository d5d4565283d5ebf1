import type { FastifyInstance } from "fastify";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type MetricKey, metricKeys, metrics } from "#schema/metrics.ts";
import type { ApiContext } from "./context.ts";

/** Counters that go down too. */
const LEVELS: ReadonlySet<MetricKey> = new Set(["flowsActive"]);

/** Prometheus' text format at `/metrics`. Values are fetched when asked for; nothing is counted twice. */
export function addMetricsRoute(app: FastifyInstance, context: ApiContext): void {
  const registry = new Registry();
  addEngineMetrics(registry, context);
  addServerMetrics(registry, context);
  addRequestMetrics(registry, app);
  app.get("/metrics", {
    schema: {
      summary: "Counters in Prometheus' text format.",
      operationId: "metrics",
      tags: ["engine"],
      response: { 200: { description: "Text format 0.0.4.", content: { "text/plain": { schema: { type: "string" } } } } },
    },
    handler: async (_request, reply) => {
      const text = await registry.metrics();
      return reply.type(registry.contentType).send(text);
    },
  });
}

/** `decoder.pkts` → `oddwire_decoder_pkts_total`. */
export const prometheusName = (key: MetricKey): string =>
  `oddwire_${metrics[key].name.replace(/[^a-zA-Z0-9_]/g, "_")}${LEVELS.has(key) ? "" : "_total"}`;

function addEngineMetrics(registry: Registry, { live }: ApiContext): void {
  if (live === undefined) return;
  for (const key of metricKeys) {
    const { name: dotted, doc } = metrics[key];
    const value = () => live.summary?.counters[dotted] ?? 0;
    if (LEVELS.has(key)) gauge(registry, prometheusName(key), doc, value);
    else total(registry, prometheusName(key), doc, value);
  }
  gauge(registry, "oddwire_packets_per_second", "Packets in the last interval.", () => live.summary?.packets_per_second ?? 0);
  gauge(registry, "oddwire_bits_per_second", "Bits in the last interval.", () => live.summary?.bits_per_second ?? 0);
  gauge(registry, "oddwire_encrypted_share", "Encrypted share of the payload bytes.", () => live.summary?.coverage.encrypted_share ?? 0);
  gauge(registry, "oddwire_capture_clock_seconds", "Capture clock.", () => (live.summary?.time ?? 0) / 1e6);
}

function addServerMetrics(registry: Registry, context: ApiContext): void {
  const { hub, gate } = context;
  new Gauge({ name: "oddwire_build_info", help: "Version.", labelNames: ["version", "node"], registers: [registry] }).set(
    { version: context.version, node: process.version },
    1,
  );
  gauge(registry, "oddwire_uptime_seconds", "Time since the start.", () => (Date.now() - context.startedAt) / 1000);
  gauge(registry, "oddwire_live_clients", "Live streams that are open.", () => hub.readers);
  total(registry, "oddwire_live_messages_total", "Messages sent over live streams.", () => hub.counts.messages);
  total(registry, "oddwire_live_skipped_messages_total", "Messages that slow readers did not get.", () => hub.counts.skippedMessages);
  total(registry, "oddwire_live_skipped_events_total", "Events beyond the limit of a live stream.", () => hub.counts.skippedEvents);
  total(registry, "oddwire_live_snapshots_total", "Snapshots sent.", () => hub.counts.snapshots);
  total(registry, "oddwire_live_refused_total", "Live streams refused because there were too many.", () => hub.counts.refused);
  total(registry, "oddwire_live_stalled_total", "Live streams cut off because nothing was read.", () => hub.counts.stalled);
  gauge(registry, "oddwire_api_queries_running", "Questions that the store is answering.", () => gate.running);
  gauge(registry, "oddwire_api_queries_waiting", "Questions that wait for the store.", () => gate.waiting);
  total(registry, "oddwire_api_queries_refused_total", "Questions refused because too many waited.", () => gate.refused);
  gauge(registry, "process_resident_memory_bytes", "Memory of the process.", () => process.memoryUsage.rss());
  total(registry, "process_cpu_seconds_total", "CPU time of the process.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
}

function addRequestMetrics(registry: Registry, app: FastifyInstance): void {
  const requests = new Histogram({
    name: "oddwire_api_request_seconds",
    help: "Time to answer a request.",
    labelNames: ["route", "status"],
    buckets: [0.001, 0.01, 0.1, 1, 10],
    registers: [registry],
  });
  app.addHook("onResponse", (request, reply, done) => {
    // The route's pattern, never the address: strangers must not be able to make labels.
    requests.observe({ route: request.routeOptions.url ?? "other", status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
}

function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  const metric: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect(): void {
      metric.set(value());
    },
  });
}

/** A counter that is kept elsewhere. */
function total(registry: Registry, name: string, help: string, value: () => number): void {
  const metric: Counter = new Counter({
    name,
    help,
    registers: [registry],
    collect(): void {
      metric.reset();
      metric.inc(value());
    },
  });
}
