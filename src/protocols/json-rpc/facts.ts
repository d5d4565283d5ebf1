import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

/** The `json_rpc` event: a call with its answer, or a notification. */
export const jsonRpcKind: Kind = defineKind({
  name: "json_rpc",
  summary: "A remote call in JSON, over a connection of its own, HTTP, server-sent events or a WebSocket.",
  fields: {
    json_rpc: object("Call and answer.", {
      version: optional(text("`2.0`; without it version 1.")),
      type: text("`call`, `notification`, or `answer` when the call was not seen."),
      caller: text("Side that called: `client` or `server`."),
      method: optional(text("Method.")),
      id: optional(text("Identity of the call, as JSON.")),
      name: optional(text("`name` or `uri` in the parameters: the tool, prompt or resource that a call is for.")),
      params_bytes: optional(integer("Length of the parameters as JSON.", { unit: "bytes" })),
      result_bytes: optional(integer("Length of the result as JSON.", { unit: "bytes" })),
      error_code: optional(integer("Code of the error.")),
      error_message: optional(text("Its text, at most 512 characters.")),
      answered: optional(boolean("False for a call whose answer was not seen.")),
      duration: optional(integer("From the call to the answer.", { unit: "µs" })),
      batch: optional(integer("Messages that came together with it.")),
    }),
  },
  columns: [
    { name: "method", path: "json_rpc.method", type: "text", doc: "Method.", index: true },
    { name: "name", path: "json_rpc.name", type: "text", doc: "What the call is for." },
    { name: "error_code", path: "json_rpc.error_code", type: "integer", doc: "Code of the error." },
    { name: "duration", path: "json_rpc.duration", type: "integer", doc: "From the call to the answer, µs." },
    { name: "type", path: "json_rpc.type", type: "text", doc: "Call, notification or answer." },
  ],
});
