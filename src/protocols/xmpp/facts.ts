import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `xmpp` event. Suricata tells none; the names are those of RFC 6120. */
export const xmppKind: Kind = defineKind({
  name: "xmpp",
  host: "to",
  summary: "A stream of XMPP: told when a login is answered, when it goes on encrypted, and when it ends.",
  fields: {
    xmpp: object("What both sides said of the stream.", {
      to: optional(text("Domain that the client asks for.")),
      from: optional(text("Who opens the stream.")),
      server: optional(text("Domain that the server calls itself.")),
      id: optional(text("Identifier that the server gave the stream.")),
      version: optional(text("Version of the client's stream.")),
      lang: optional(text("Language of the client's stream.")),
      namespace: optional(text("`jabber:client` or `jabber:server`.")),
      mechanisms: optional(list("Mechanisms of SASL that the server offers, at most 16.", text("Name."))),
      auth: optional(text("Mechanism that the client chose.")),
      user: optional(text("Name that it logs in with. The secret is never told.")),
      success: optional(boolean("True when the server accepted the login.")),
      jid: optional(text("Address that the server bound to the stream.")),
      starttls: optional(boolean("True when the connection went on encrypted after this.")),
      messages: integer("Message stanzas of both sides so far."),
      presences: integer("Presence stanzas of both sides so far."),
      queries: integer("IQ stanzas of both sides so far."),
    }),
  },
  columns: [
    { name: "to", path: "xmpp.to", type: "text", doc: "Domain that the client asks for.", index: true },
    { name: "user", path: "xmpp.user", type: "text", doc: "Name that it logs in with.", index: true },
    { name: "auth", path: "xmpp.auth", type: "text", doc: "Mechanism of the login." },
    { name: "jid", path: "xmpp.jid", type: "text", doc: "Address bound to the stream." },
    { name: "messages", path: "xmpp.messages", type: "integer", doc: "Message stanzas." },
  ],
});
