import { boolean, type Field, list, object, optional, text } from "#schema/field.ts";

/** The `email` object beside `smtp`, `imap` and `pop3`: names as in Suricata's EVE, own members behind them. */
export const emailField: Field = object("A message that was carried: its header, and what is in it.", {
  status: text(
    "How far it was read: `HEADER_STARTED`, `BODY_STARTED`, `BODY_END_BOUND` (the outermost parts are over) or `PARSE_DONE` (whole).",
  ),
  from: optional(text("From, with encoded words decoded.")),
  to: optional(list("Addresses in To, at most 100.", text("Name and address."))),
  cc: optional(list("The same of Cc.", text("Name and address."))),
  bcc: optional(list("The same of Bcc.", text("Name and address."))),
  subject: optional(text("Subject, with encoded words decoded.")),
  date: optional(text("Date, as it was sent.")),
  message_id: optional(text("Message-ID.")),
  in_reply_to: optional(text("In-Reply-To.")),
  references: optional(text("References.")),
  reply_to: optional(text("Reply-To.")),
  received: optional(list("Received, the latest relay first, at most 16.", text("Value."))),
  x_mailer: optional(text("X-Mailer.")),
  user_agent: optional(text("User-Agent.")),
  x_originating_ip: optional(text("X-Originating-IP.")),
  importance: optional(text("Importance.")),
  priority: optional(text("Priority.")),
  sensitivity: optional(text("Sensitivity.")),
  organization: optional(text("Organization.")),
  content_md5: optional(text("Content-MD5.")),
  content_type: optional(text("Media type of the whole: `multipart/mixed`.")),
  attachment: optional(list("Names of the files in it, at most 64.", text("Name."))),
  url: optional(
    list(
      "Addresses of http in its text, without the scheme and the last one first, as Suricata tells them; at most 64.",
      text("`www.example.com/x`."),
    ),
  ),
  links: optional(list("Addresses of https and ftp in its text; at most 64.", text("`https://www.example.com/x`."))),
  truncated: optional(boolean("True when a limit cut something of this.")),
});
