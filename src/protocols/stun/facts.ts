import { boolean, defineKind, type Field, integer, type Kind, object, optional, text } from "#schema/field.ts";

const address = (doc: string): Field => optional(object(doc, { ip: text("Address."), port: integer("Port.") }));

export const stunKind: Kind = defineKind({
  name: "stun",
  host: "realm",
  summary: "A STUN or TURN message (RFC 8489, RFC 8656).",
  fields: {
    stun: object("A message.", {
      method: text("`binding`, `allocate`, `refresh`, `send`, `data`, `create_permission`, `channel_bind` …"),
      class: text("`request`, `indication`, `success` or `error`."),
      transaction_id: text("Ties answer and request, hexadecimal."),
      classic: optional(boolean("True for RFC 3489, without the magic cookie.")),
      software: optional(text("Software of the sender.")),
      username: optional(text("User, or both ends of a call.")),
      realm: optional(text("Domain of the server's users.")),
      mapped: address("The client as the server sees it."),
      relayed: address("Address that the relay gives to the client."),
      peer: address("With whom the relay talks."),
      alternate_server: address("Server to ask instead."),
      channel: optional(integer("Number that stands for the peer from now on.")),
      lifetime: optional(integer("How long the relay keeps the address.", { unit: "s" })),
      priority: optional(integer("Priority of the path.")),
      use_candidate: optional(boolean("True when the path is chosen.")),
      role: optional(text("`controlling` or `controlled`.")),
      error_code: optional(integer("Why not: 401 asks for a password.")),
      reason: optional(text("Text of the error.")),
    }),
  },
  columns: [
    { name: "method", path: "stun.method", type: "text", doc: "What is asked." },
    { name: "class", path: "stun.class", type: "text", doc: "Request, answer, indication." },
    { name: "mapped", path: "stun.mapped.ip", type: "text", doc: "The client as the server sees it.", format: "address", index: true },
    { name: "peer", path: "stun.peer.ip", type: "text", doc: "With whom the relay talks.", format: "address", index: true },
    { name: "software", path: "stun.software", type: "text", doc: "Software of the sender." },
    { name: "username", path: "stun.username", type: "text", doc: "User." },
    { name: "realm", path: "stun.realm", type: "text", doc: "Domain of the server's users." },
    { name: "error_code", path: "stun.error_code", type: "integer", doc: "Why not." },
  ],
});
