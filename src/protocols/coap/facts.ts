import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

export const coapKind: Kind = defineKind({
  name: "coap",
  message: ["code"],
  host: "uri_host",
  summary: "A CoAP message (RFC 7252).",
  fields: {
    coap: object("A message.", {
      type: text("`con` wants an acknowledgement, `non` does not; `ack`, `rst`."),
      code: text("`0.01` GET, `0.02` POST, `0.03` PUT, `0.04` DELETE, `2.05` content, `4.04` not found …"),
      method: optional(text("Name of a request.")),
      message_id: integer("Ties acknowledgement and message."),
      token: optional(text("Ties answer and request, hexadecimal.")),
      uri_host: optional(text("Host that is asked.")),
      uri_path: optional(text("What is asked for: `/sensors/1`.")),
      uri_query: optional(text("Arguments, with `&` between them.")),
      content_format: optional(integer("Form of the payload: 0 text, 40 links, 50 JSON.")),
      observe: optional(integer("0 begins to observe, 1 ends it; in answers a sequence.")),
      payload_length: optional(integer("Length of the payload.", { unit: "bytes" })),
    }),
  },
  columns: [
    { name: "code", path: "coap.code", type: "text", doc: "Method or status." },
    { name: "type", path: "coap.type", type: "text", doc: "Kind of message." },
    { name: "uri_path", path: "coap.uri_path", type: "text", doc: "What is asked for.", index: true },
    { name: "uri_host", path: "coap.uri_host", type: "text", doc: "Host that is asked." },
  ],
});
