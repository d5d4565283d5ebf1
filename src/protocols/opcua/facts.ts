import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

export const opcuaKind: Kind = defineKind({
  name: "opcua",
  message: ["service", "type"],
  host: "endpoint_url",
  summary: "An OPC UA message (part 6).",
  fields: {
    opcua: object("A message.", {
      type: text("`HEL` and `ACK` begin, `OPN` opens a channel, `MSG` carries a service, `CLO` ends, `ERR` and `RHE`."),
      endpoint_url: optional(text("Server that the client wants.")),
      version: optional(integer("Version of the protocol.")),
      channel_id: optional(integer("Number of the channel.")),
      security_policy: optional(text("How the channel is protected: `None`, `Basic256Sha256` …")),
      service: optional(integer("Number of the service's form, when it is not encrypted: 631 reads, 673 writes.")),
      request_id: optional(integer("Ties answer and request.")),
      error: optional(integer("Number of the error.")),
      reason: optional(text("Text of the error.")),
    }),
  },
  columns: [
    { name: "type", path: "opcua.type", type: "text", doc: "Kind of message." },
    { name: "endpoint_url", path: "opcua.endpoint_url", type: "text", doc: "Server that the client wants.", index: true },
    { name: "security_policy", path: "opcua.security_policy", type: "text", doc: "How the channel is protected.", index: true },
    { name: "service", path: "opcua.service", type: "integer", doc: "Number of the service's form." },
  ],
});
