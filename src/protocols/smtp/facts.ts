import { emailField } from "#protocols/mime/facts.ts";
import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `smtp` event: names as in Suricata's EVE, own members behind them. */
export const smtpKind: Kind = defineKind({
  name: "smtp",
  summary: "A mail that was handed in, or an attempt to.",
  fields: {
    smtp: object("What was said about the mail (RFC 5321).", {
      helo: optional(text("Name that the client gave itself in HELO, EHLO or LHLO.")),
      mail_from: optional(text("Sender of the envelope, as it was sent: `<someone@example.com>`.")),
      rcpt_to: optional(list("Recipients of the envelope, at most 100.", text("Recipient."))),
      recipients: optional(integer("Recipients, when there were more than `rcpt_to` holds.")),
      banner: optional(text("Greeting of the server, in the connection's first event.")),
      auth: optional(text("Mechanism that the client logged in with: `LOGIN`, `PLAIN` …")),
      user: optional(text("Name that it logged in with. The secret is never told.")),
      auth_success: optional(boolean("True when the server accepted the login.")),
      size: optional(integer("Bytes of the message, without the dots that were stuffed in.", { unit: "bytes" })),
      reply_code: optional(integer("Last answer to the transaction: its code.")),
      reply: optional(text("The same: its text.")),
      starttls: optional(boolean("True when the connection went on encrypted after this.")),
    }),
    email: optional(emailField),
  },
  columns: [
    { name: "helo", path: "smtp.helo", type: "text", doc: "Name that the client gave itself." },
    { name: "mail_from", path: "smtp.mail_from", type: "text", doc: "Sender of the envelope.", index: true },
    { name: "rcpt_to", path: "smtp.rcpt_to", type: "text", doc: "Recipients of the envelope, as a JSON list." },
    { name: "user", path: "smtp.user", type: "text", doc: "Name that the client logged in with.", index: true },
    { name: "reply_code", path: "smtp.reply_code", type: "integer", doc: "Last answer of the server." },
    { name: "subject", path: "email.subject", type: "text", doc: "Subject of the message." },
    { name: "email_from", path: "email.from", type: "text", doc: "From of the message." },
    { name: "message_id", path: "email.message_id", type: "text", doc: "Message-ID." },
  ],
});
