import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

/** The `websocket` event: one for each frame, named as Suricata 8 does, and one for the connection at its end. */
export const websocketKind: Kind = defineKind({
  name: "websocket",
  summary: "A frame of a WebSocket, or what a whole WebSocket carried.",
  fields: {
    websocket: object("The frame, or the connection.", {
      fin: optional(boolean("True for the last frame of a message.")),
      mask: optional(integer("Key that the payload is masked with.")),
      opcode: optional(text("Kind of the frame: `continuation`, `text`, `binary`, `close`, `ping`, `pong`, else its number.")),
      payload_length: optional(integer("Payload as transferred.", { unit: "bytes" })),
      compressed: optional(boolean("True when the message is compressed (RFC 7692).")),
      payload_printable: optional(text("Beginning of a text, decompressed, at most 256 bytes of it.")),
      close_code: optional(integer("Why the connection is closed: 1000 is the ordinary end.")),
      close_reason: optional(text("The same in words.")),
      connection: optional(
        object("The whole connection, in its last event.", {
          url: optional(text("Target of the request that opened it.")),
          protocol: optional(text("Subprotocol that the server chose.")),
          extensions: optional(text("Extensions that the server agreed to.")),
          frames_toserver: integer("Frames of the client."),
          frames_toclient: integer("Frames of the server."),
          bytes_toserver: integer("Payload of the client's frames.", { unit: "bytes" }),
          bytes_toclient: integer("Payload of the server's frames.", { unit: "bytes" }),
          untold: optional(integer("Frames that had no event of their own, because there were too many.")),
        }),
      ),
    }),
  },
  columns: [
    { name: "opcode", path: "websocket.opcode", type: "text", doc: "Kind of the frame.", index: true },
    { name: "payload_length", path: "websocket.payload_length", type: "integer", doc: "Payload, bytes." },
    { name: "payload_printable", path: "websocket.payload_printable", type: "text", doc: "Beginning of a text." },
    { name: "url", path: "websocket.connection.url", type: "text", doc: "Target of the request that opened it." },
    { name: "protocol", path: "websocket.connection.protocol", type: "text", doc: "Subprotocol." },
  ],
});
