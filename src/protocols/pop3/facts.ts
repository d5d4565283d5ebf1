import { emailField } from "#protocols/mime/facts.ts";
import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `pop3` event: names as in Suricata's EVE (from version 8 on), own members behind them. */
export const pop3Kind: Kind = defineKind({
  name: "pop3",
  message: ["request.command"],
  summary: "A command to a mailbox and its answer.",
  fields: {
    pop3: object("Command and answer (RFC 1939).", {
      request: optional(
        object("The command.", {
          command: text("Its name: `RETR`."),
          args: list("Its arguments, at most 8, without passwords and digests.", text("Argument.")),
        }),
      ),
      response: optional(
        object("The answer.", {
          success: boolean("True for +OK."),
          status: text("`OK` or `ERR`."),
          header: text("Text of the answer's first line."),
          data: optional(list("Its further lines, at most 64, without those of messages.", text("Line."))),
        }),
      ),
      banner: optional(text("Greeting of the server, in the connection's first event.")),
      user: optional(text("Name that the client logs in with. The password is never told.")),
      auth: optional(text("How it logs in: `USER`, `APOP`, or the mechanism of AUTH.")),
      size: optional(integer("Bytes of the message that came, without the dots that were stuffed in.", { unit: "bytes" })),
      starttls: optional(boolean("True when the connection went on encrypted after this.")),
      truncated: optional(boolean("True when the answer had more lines than are told.")),
    }),
    email: optional(emailField),
  },
  columns: [
    { name: "command", path: "pop3.request.command", type: "text", doc: "Command.", index: true },
    { name: "status", path: "pop3.response.status", type: "text", doc: "OK or ERR." },
    { name: "user", path: "pop3.user", type: "text", doc: "Name that the client logs in with.", index: true },
    { name: "header", path: "pop3.response.header", type: "text", doc: "First line of the answer." },
    { name: "subject", path: "email.subject", type: "text", doc: "Subject of the message." },
    { name: "email_from", path: "email.from", type: "text", doc: "From of the message." },
    { name: "message_id", path: "email.message_id", type: "text", doc: "Message-ID." },
  ],
});
