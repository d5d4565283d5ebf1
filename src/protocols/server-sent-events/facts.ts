import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `sse` event: a stream of server-sent events (WHATWG HTML, "Server-sent events") as a whole. */
export const sseKind: Kind = defineKind({
  name: "sse",
  summary: "A stream of events that a server sent in one response.",
  fields: {
    sse: object("The stream.", {
      url: optional(text("Target of the request that it answers.")),
      events: integer("Events with data."),
      comments: optional(integer("Comment lines, as senders use them to keep a connection alive.")),
      data_bytes: integer("Bytes of all data.", { unit: "bytes" }),
      longest_event: integer("Bytes of the longest event's data.", { unit: "bytes" }),
      event_types: optional(list("Names of the events' types in the order of their first use, at most 16.", text("Type."))),
      last_event_id: optional(text("Identity of the last event that had one.")),
      retry: optional(integer("How long the client shall wait before it connects again.", { unit: "ms" })),
      duration: integer("From the first byte to the last.", { unit: "µs" }),
      complete: boolean("False when the stream was cut short or bytes of it are missing."),
    }),
  },
  columns: [
    { name: "url", path: "sse.url", type: "text", doc: "Target of the request." },
    { name: "events", path: "sse.events", type: "integer", doc: "Events." },
    { name: "data_bytes", path: "sse.data_bytes", type: "integer", doc: "Bytes of all data." },
    { name: "duration", path: "sse.duration", type: "integer", doc: "From the first byte to the last, µs." },
  ],
});
