import { emailField } from "#protocols/mime/facts.ts";
import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `imap` event. Suricata tells none up to version 8; the shape is that of its `pop3`. */
export const imapKind: Kind = defineKind({
  name: "imap",
  message: ["request.command"],
  summary: "A command to a mailbox and its answer, or a message that came of it.",
  fields: {
    imap: object("Command and answer (RFC 9051). A message that is fetched has an event of its own, with the command's `tx_id`.", {
      request: optional(
        object("The command.", {
          tag: text("Tag that the client gave it."),
          command: text("Its name: `SELECT`, `UID FETCH`."),
          args: list("Its arguments, at most 16, without passwords.", text("Argument.")),
        }),
      ),
      response: optional(
        object("The answer.", {
          status: text("`OK`, `NO` or `BAD`."),
          header: text("Its text."),
        }),
      ),
      banner: optional(text("Greeting of the server, in the connection's first event.")),
      user: optional(text("Name that the client logged in with. The password is never told.")),
      auth: optional(text("How it logged in: `LOGIN`, or the mechanism of AUTHENTICATE.")),
      mailbox: optional(text("Mailbox that is selected.")),
      exists: optional(integer("Messages in the mailbox that was selected.")),
      sequence: optional(integer("Number of the message in the mailbox, of one that was fetched.")),
      section: optional(text("What was fetched of it: `BODY[]`, `BODY[HEADER]` …")),
      size: optional(integer("Bytes of the message that came.", { unit: "bytes" })),
      starttls: optional(boolean("True when the connection went on encrypted after this.")),
    }),
    email: optional(emailField),
  },
  columns: [
    { name: "command", path: "imap.request.command", type: "text", doc: "Command.", index: true },
    { name: "status", path: "imap.response.status", type: "text", doc: "OK, NO or BAD." },
    { name: "user", path: "imap.user", type: "text", doc: "Name that the client logged in with.", index: true },
    { name: "mailbox", path: "imap.mailbox", type: "text", doc: "Mailbox that is selected." },
    { name: "subject", path: "email.subject", type: "text", doc: "Subject of the message." },
    { name: "email_from", path: "email.from", type: "text", doc: "From of the message." },
    { name: "message_id", path: "email.message_id", type: "text", doc: "Message-ID." },
  ],
});
