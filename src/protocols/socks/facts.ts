import { defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `socks` event: what Zeek tells of it, in our spelling. */
export const socksKind: Kind = defineKind({
  name: "socks",
  host: "request_host",
  summary: "A connection through a SOCKS proxy, or a destination that datagrams go to through one.",
  fields: {
    socks: object("Request and reply.", {
      version: integer("4 or 5."),
      methods: optional(list("Ways of authentication that the client offered.", text("Name, or number."))),
      method: optional(text("The one that the server chose: `none`, `gssapi`, `password` …, `refused` when it took none.")),
      user: optional(text("User name; the password is never told.")),
      auth: optional(text("What the server said of name and password: `success` or `failure`.")),
      command: optional(text("`connect`, `bind`, `udp_associate`, `resolve`, `resolve_ptr`, else its number.")),
      request_host: optional(text("Name or address that the client asks for.")),
      request_port: optional(integer("Its port.")),
      status: optional(text("The reply: `succeeded`, `connection_refused` …, else its number.")),
      bound_host: optional(text("Name or address that the proxy uses.")),
      bound_port: optional(integer("Its port.")),
    }),
  },
  columns: [
    { name: "request_host", path: "socks.request_host", type: "text", doc: "Name or address asked for.", index: true },
    { name: "request_port", path: "socks.request_port", type: "integer", doc: "Its port." },
    { name: "command", path: "socks.command", type: "text", doc: "What the client wants." },
    { name: "status", path: "socks.status", type: "text", doc: "The reply." },
    { name: "user", path: "socks.user", type: "text", doc: "User name." },
    { name: "version", path: "socks.version", type: "integer", doc: "4 or 5." },
  ],
});
