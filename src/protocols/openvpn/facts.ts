import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

/** The `openvpn` event: the start of a tunnel. The certificates and names are in the `tls` event of the same flow. */
export const openvpnKind: Kind = defineKind({
  name: "openvpn",
  summary: "The beginning of an OpenVPN tunnel.",
  fields: {
    openvpn: object("What the control channel says in the clear.", {
      client_session: optional(text("Session id of the client, hexadecimal.")),
      server_session: optional(text("Session id of the server.")),
      reset: text("Version of the key method's reset: `v1`, `v2` or `v3`."),
      key_id: integer("Number of the key that is agreed on."),
    }),
  },
  columns: [
    { name: "client_session", path: "openvpn.client_session", type: "text", doc: "Session id of the client." },
    { name: "server_session", path: "openvpn.server_session", type: "text", doc: "Session id of the server." },
  ],
});
