import { defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

export const rdpKind: Kind = defineKind({
  name: "rdp",
  bySender: true,
  summary: "A step of a remote desktop's connection.",
  fields: {
    rdp: object("The step.", {
      tx_id: integer("Number of the step, from 1."),
      event_type: text("`initial_request`, `initial_response`, `connect_request` or `connect_response`."),
      cookie: optional(text("User name, cut to nine characters by most clients.")),
      requested_protocols: optional(list("Security that the client can do: `ssl`, `hybrid` …", text("Name."))),
      server_supports: optional(list("What the server can do.", text("Name."))),
      protocol: optional(text("Security agreed on: `rdp`, `ssl`, `hybrid`, `rds_tls` or `hybrid_ex`.")),
      error_code: optional(integer("Why the server refuses.")),
      reason: optional(text("The same in words.")),
      client: optional(
        object("What the client says of itself.", {
          version: text("Version of the protocol: `v5`, `v10_7`."),
          desktop_width: integer("Width of the desktop.", { unit: "pixels" }),
          desktop_height: integer("Height of the desktop.", { unit: "pixels" }),
          color_depth: optional(integer("Depth of colours.", { unit: "bits" })),
          keyboard_layout: text("Language of the keyboard: `en-US`."),
          build: text("Windows of the client; `Build 1234` when it has no name."),
          client_name: optional(text("Name of the computer.")),
          keyboard_type: text("Kind of keyboard."),
          keyboard_subtype: optional(integer("Its subtype.")),
          function_keys: integer("Function keys.", { unit: "keys" }),
          ime: optional(text("Input method.")),
          product_id: optional(integer("Product.")),
          serial_number: optional(integer("Serial number.")),
          capabilities: optional(list("What the client can do.", text("Name."))),
          id: optional(text("Product identifier of the client's Windows.")),
          connection_hint: optional(text("Kind of network, as the client has it: `lan`, `modem` …")),
        }),
      ),
      channels: optional(list("Virtual channels: `rdpdr` drives, `cliprdr` clipboard …", text("Name."))),
    }),
  },
  columns: [
    { name: "step", path: "rdp.event_type", type: "text", doc: "Step of the connection." },
    { name: "cookie", path: "rdp.cookie", type: "text", doc: "User name.", index: true },
    { name: "protocol", path: "rdp.protocol", type: "text", doc: "Security agreed on." },
    { name: "client_name", path: "rdp.client.client_name", type: "text", doc: "Name of the client's computer.", index: true },
    { name: "build", path: "rdp.client.build", type: "text", doc: "Windows of the client." },
  ],
});
