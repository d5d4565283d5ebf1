import { boolean, type Field, integer, list, number, object, open, optional, text } from "#schema/field.ts";
import { fieldSchema, type SchemaNode } from "#schema/json-schema.ts";
import { allowAnswers } from "./allow-schemas.ts";
import { baselineAnswers } from "./baseline-schemas.ts";
import { captureAnswers } from "./capture-schemas.ts";
import { deliveryAnswers } from "./delivery-schemas.ts";
import { detectorAnswers } from "./detector-schemas.ts";
import { findingAnswers } from "./finding-schemas.ts";
import { gameAnswers } from "./game-schemas.ts";
import { playerAnswers } from "./player-schemas.ts";
import { ruleAnswers } from "./rule-schemas.ts";
import { suricataAnswer } from "./suricata-schemas.ts";

/** Refers to a schema among OpenAPI's components. */
export const ref = (name: string): SchemaNode => ({ $ref: `${name}#` });

const talker = object("An address and what it sent and received in the interval.", {
  address: text("Address."),
  packets: integer("Packets.", { unit: "packets" }),
  bytes: integer("Bytes.", { unit: "bytes" }),
  country: optional(text("Country of the address, by the user's database.")),
  asn: optional(integer("Autonomous system of the address.")),
  as_org: optional(text("Who runs it.")),
});
const share = object("A protocol's share of the interval.", {
  name: text("Application protocol, or the transport when none is known."),
  packets: integer("Packets.", { unit: "packets" }),
  bytes: integer("Bytes.", { unit: "bytes" }),
});
const source = object("Where the frames come from.", {
  name: text("Interface or file."),
  kind: text("`file`, `live` or `scenario`."),
  finished: boolean("True when nothing more will come."),
});
const coverage = object("What could not be seen, counted since the start.", {
  kernel_drops: integer("Frames that the kernel dropped.", { unit: "packets" }),
  interface_drops: integer("Frames that the interface lost before they could be captured.", { unit: "packets" }),
  truncated_packets: integer("Frames cut by the snap length.", { unit: "packets" }),
  undecoded_packets: integer("Frames that no decoder knows.", { unit: "packets" }),
  malformed_packets: integer("Frames that break a header's rules.", { unit: "packets" }),
  stream_gap_bytes: integer("Bytes of streams that are missing.", { unit: "bytes" }),
  evicted_flows: integer("Flows ended early because the table was full.", { unit: "flows" }),
  events_dropped: integer("Events thrown away because a queue was full.", { unit: "events" }),
  encrypted_share: number("Encrypted share of the payload bytes, 0 to 1."),
});
const liveFlow = object("A flow that is going on.", {
  flow_id: integer("Identity of the flow."),
  start: integer("First packet.", { unit: "µs since 1970" }),
  last: integer("Last packet.", { unit: "µs since 1970" }),
  src_ip: text("Client address."),
  src_port: integer("Client port."),
  dest_ip: text("Server address."),
  dest_port: integer("Server port."),
  proto: text("Transport protocol."),
  app_proto: optional(text("Application protocol.")),
  host: optional(text("Host name, when one is known.")),
  pkts_toserver: integer("Packets from the client.", { unit: "packets" }),
  pkts_toclient: integer("Packets from the server.", { unit: "packets" }),
  bytes_toserver: integer("Bytes from the client.", { unit: "bytes" }),
  bytes_toclient: integer("Bytes from the server.", { unit: "bytes" }),
  state: text("State of the flow."),
  src_country: optional(text("Country of the client, by the user's database.")),
  src_asn: optional(integer("Autonomous system of the client.")),
  src_as_org: optional(text("Who runs it.")),
  dest_country: optional(text("Country of the server.")),
  dest_asn: optional(integer("Autonomous system of the server.")),
  dest_as_org: optional(text("Who runs it.")),
});
const summaryFields = {
  sequence: integer("Grows by one with each summary."),
  time: integer("Capture clock.", { unit: "µs since 1970" }),
  source,
  interval: number("Length of the interval in packet time.", { unit: "s" }),
  packets_per_second: number("Packets.", { unit: "packets/s" }),
  bits_per_second: number("Bits on the wire.", { unit: "bits/s" }),
  events_per_second: number("Events told.", { unit: "events/s" }),
  live_flows: integer("Flows alive.", { unit: "flows" }),
  coverage,
  protocols: list("Shares of the protocols, largest first.", share),
  talkers: list("Busiest addresses, busiest first.", talker),
  counters: open("Every counter by dotted name, since the start."),
};
const rates = {
  packets_per_second: list("Packets.", number("Rate."), { unit: "packets/s" }),
  bits_per_second: list("Bits.", number("Rate."), { unit: "bits/s" }),
};
const history = object("Columns, oldest first.", {
  time: list("Capture clock.", integer("Time."), { unit: "µs since 1970" }),
  ...rates,
  events_per_second: list("Events.", number("Rate."), { unit: "events/s" }),
  live_flows: list("Flows alive.", number("Number.")),
  protocols: list("Largest protocols by bytes.", object("A protocol.", { name: text("Name."), ...rates })),
});
const store = object("What the store holds.", {
  bytes: integer("Size on the disk.", { unit: "bytes" }),
  rows: open("Events of each kind."),
  from: optional(integer("Oldest event.", { unit: "µs since 1970" })),
  to: optional(integer("Newest event.", { unit: "µs since 1970" })),
});
const place = {
  source_ip: optional(text("Sender or client.")),
  source_port: optional(integer("Its port.")),
  destination_ip: optional(text("Receiver or server.")),
  destination_port: optional(integer("Its port.")),
  protocol: optional(text("Transport protocol.")),
  flow_id: optional(integer("Identity of the flow.")),
};
const column = object("A column.", {
  name: text("Name in queries and parameters."),
  path: text("Where its value stands in the event."),
  type: text("`text`, `integer` or `real`."),
  doc: text("Meaning."),
  format: optional(text("`address` or `time`.")),
  index: optional(boolean("True when searching by it is fast.")),
});
const event = open("An event, as in eve.json; `/api/v1/schema` describes every kind.");

/** Answers that are no events, declared once. The tests hold real answers against them. */
const answers = {
  Error: object("Why there is no answer.", {
    error: object("The failure.", {
      code: text("Never changes: `ODW_PARAMETER_BAD`."),
      message: text("What is wrong; names every bad parameter."),
      mend: text("What to do about it."),
    }),
  }),
  Health: object("How the server is.", {
    status: text("`ok`, `degraded` or `starting`."),
    reasons: list("Why it is degraded.", text("A reason.")),
    version: text("Version of Oddwire."),
    node: text("Version of Node."),
    started_at: integer("Start of the server.", { unit: "µs since 1970" }),
    uptime_seconds: number("Time since then.", { unit: "s" }),
    source: optional(source),
    coverage: optional(coverage),
    store: optional(store),
    live_clients: integer("Live streams that are open."),
  }),
  Stats: object("Newest summary and history.", { summary: optional(object("Newest summary.", summaryFields)), history }),
  Summary: object("The engine at one moment.", { ...summaryFields, flows: list("Most recently active flows.", liveFlow) }),
  LiveFlows: object("Flows that are going on.", {
    sequence: summaryFields.sequence,
    time: summaryFields.time,
    flows: list("Most recently active flows.", liveFlow),
  }),
  Flow: object("A flow and what was told about it.", {
    flow_id: integer("Identity of the flow."),
    flow: optional(event),
    live: optional(liveFlow),
    events: list("Events of every kind, by time.", event),
    packets: boolean("True when packets of its time are kept: `/flows/ID/packets` looks for its own."),
    truncated: boolean("True when there are more events than were given."),
  }),
  Suricata: suricataAnswer,
  ...ruleAnswers,
  ...findingAnswers,
  ...playerAnswers,
  ...gameAnswers,
  ...allowAnswers,
  ...detectorAnswers,
  ...baselineAnswers,
  ...deliveryAnswers,
  ...captureAnswers,
  Count: object("How many.", { count: integer("Events that match.") }),
  Kinds: object("Event kinds.", {
    kinds: list(
      "Every kind.",
      object("A kind.", {
        name: text("Name, as in `event_type`."),
        summary: text("Meaning."),
        path: text("Its resource."),
        columns: list("Columns to filter, sort and group by.", column),
      }),
    ),
  }),
  TrafficLog: list(
    "Recent flows, newest first.",
    object("A flow.", {
      timestamp: text("Time of the event."),
      ...place,
      application: optional(text("Application protocol.")),
      packets: integer("Packets of both sides."),
      bytes: integer("Bytes of both sides."),
      duration: integer("Length.", { unit: "s" }),
      state: optional(text("State at its end.")),
    }),
  ),
  AnomalyLog: list(
    "Recent anomalies and findings, newest first.",
    object("An anomaly or a finding.", {
      timestamp: text("Time of the event."),
      type: text("`anomaly` or `finding`."),
      name: text("Name of the violation, or the detector."),
      severity: text("`info`, `low`, `medium`, `high` or `critical`."),
      score: optional(number("0 to 1.")),
      description: text("One line for people."),
      ...place,
    }),
  ),
} as const satisfies { readonly [name: string]: Field };

/** Schemas by name, for OpenAPI's components. `Top` is by hand: the value of a group is a text or a number. */
export function answerSchemas(): { readonly [name: string]: SchemaNode } {
  const schemas = Object.fromEntries(Object.entries(answers).map(([name, field]) => [name, fieldSchema(field)]));
  return { ...schemas, Top: topSchema };
}

const topSchema: SchemaNode = {
  type: "object",
  description: "The largest groups, largest first.",
  properties: {
    column: { type: "string" },
    sum: { type: "string" },
    groups: {
      type: "array",
      items: {
        type: "object",
        properties: {
          value: { type: ["string", "number"], description: "Absent for events that have nothing in the column." },
          count: { type: "integer" },
          sum: { type: "number" },
        },
        required: ["count"],
        additionalProperties: false,
      },
    },
  },
  required: ["column", "groups"],
  additionalProperties: false,
};

/** A page of events of one kind. */
export const pageSchema = (kindComponent: string): SchemaNode => ({
  type: "object",
  description: "One page of events.",
  properties: {
    events: { type: "array", items: ref(kindComponent) },
    next: { type: "string", description: "`cursor` of the next page; absent at the end." },
  },
  required: ["events"],
  additionalProperties: false,
});
