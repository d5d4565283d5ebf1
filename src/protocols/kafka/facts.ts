import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

/** The `kafka` event: names follow the protocol's request header. */
export const kafkaKind: Kind = defineKind({
  name: "kafka",
  message: ["api"],
  summary: "A call to a Kafka broker.",
  fields: {
    kafka: object("The call.", {
      api: text("`Produce`, `Fetch`, `Metadata` …"),
      api_version: integer("Version of the call."),
      correlation_id: integer("Number that call and answer share."),
      client_id: optional(text("Name of the client.")),
      request_bytes: integer("Length of the request.", { unit: "bytes" }),
      response_bytes: optional(integer("Length of the answer; absent without one.", { unit: "bytes" })),
    }),
  },
  columns: [
    { name: "api", path: "kafka.api", type: "text", doc: "Call.", index: true },
    { name: "client_id", path: "kafka.client_id", type: "text", doc: "Name of the client.", index: true },
    { name: "request_bytes", path: "kafka.request_bytes", type: "integer", doc: "Length of the request." },
  ],
});
