import type { FastifyInstance } from "fastify";
import type { OddwireEvent } from "#contract/event.ts";
import { memberAt } from "#query/column-value.ts";
import type { AnomalyRow, TrafficRow } from "#schema/api.ts";
import { ref } from "./answer-schemas.ts";
import type { ApiContext } from "./context.ts";
import type { Parameter } from "./parameters.ts";
import { addRoute } from "./route.ts";

const limit: Parameter = { name: "limit", type: "integer", doc: "Rows in the answer.", min: 1, max: 1000, default: 100 };

/** Flat lists for scripts that want no paging and no nesting. */
export function addLogRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path: "/api/logs/traffic",
    summary: "Recent flows as a flat list, newest first.",
    tag: "logs",
    operationId: "traffic_log",
    parameters: [limit],
    answer: ref("TrafficLog"),
    handle: async (values) => (await newestOf(context, "flow", values.number("limit") as number)).map(trafficRow),
  });
  addRoute(app, {
    path: "/api/logs/anomalies",
    summary: "Recent anomalies and findings as a flat list, newest first.",
    tag: "logs",
    operationId: "anomaly_log",
    parameters: [limit],
    answer: ref("AnomalyLog"),
    handle: async (values) => {
      const rows = values.number("limit") as number;
      const [anomalies, findings] = await Promise.all([newestOf(context, "anomaly", rows), newestOf(context, "finding", rows)]);
      const all = [...findings.map(findingRow), ...anomalies.map(anomalyRow)];
      return all.toSorted((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0)).slice(0, rows);
    },
  });
}

async function newestOf({ gate, resources }: ApiContext, kind: string, rows: number): Promise<readonly OddwireEvent[]> {
  if (!resources.some((resource) => resource.kind.name === kind)) return [];
  const plan = { kind, where: undefined, order: { column: "time", descending: true }, limit: rows };
  return (await gate.ask((store) => store.query(plan))).events;
}

function place(event: OddwireEvent) {
  const { src_ip, src_port, dest_ip, dest_port, proto, flow_id } = event;
  return {
    ...(src_ip !== undefined && { source_ip: src_ip }),
    ...(src_port !== undefined && { source_port: src_port }),
    ...(dest_ip !== undefined && { destination_ip: dest_ip }),
    ...(dest_port !== undefined && { destination_port: dest_port }),
    ...(proto !== undefined && { protocol: proto }),
    ...(flow_id !== undefined && { flow_id }),
  };
}

function trafficRow(event: OddwireEvent): TrafficRow {
  const application = textAt(event, "app_proto");
  const state = textAt(event, "flow.state");
  return {
    timestamp: event.timestamp,
    ...place(event),
    ...(application !== undefined && application !== "failed" && { application }),
    packets: numberAt(event, "flow.pkts_toserver") + numberAt(event, "flow.pkts_toclient"),
    bytes: numberAt(event, "flow.bytes_toserver") + numberAt(event, "flow.bytes_toclient"),
    duration: numberAt(event, "flow.age"),
    ...(state !== undefined && { state }),
  };
}

function anomalyRow(event: OddwireEvent): AnomalyRow {
  const name = textAt(event, "anomaly.event") ?? "unknown";
  const description = textAt(event, "anomaly.why") ?? `${textAt(event, "anomaly.type") ?? "protocol"} anomaly: ${name}`;
  return { timestamp: event.timestamp, type: "anomaly", name, severity: "info", description, ...place(event) };
}

function findingRow(event: OddwireEvent): AnomalyRow {
  return {
    timestamp: event.timestamp,
    type: "finding",
    name: textAt(event, "finding.detector") ?? "unknown",
    severity: textAt(event, "finding.severity") ?? "info",
    score: numberAt(event, "finding.score"),
    description: textAt(event, "finding.title") ?? "",
    ...place(event),
  };
}

function textAt(event: OddwireEvent, path: string): string | undefined {
  const value = memberAt(event, path.split("."), 0);
  return typeof value === "string" ? value : undefined;
}

function numberAt(event: OddwireEvent, path: string): number {
  const value = memberAt(event, path.split("."), 0);
  return typeof value === "number" ? value : 0;
}
