import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `ftp` event: names as in Suricata's EVE, own members behind them. */
export const ftpKind: Kind = defineKind({
  name: "ftp",
  message: ["command"],
  summary: "A command to a file server and its answer.",
  fields: {
    ftp: object("Command and answer (RFC 959). The greeting is an answer without a command.", {
      command: optional(text("Command: `RETR`, `AUTH TLS`.")),
      command_data: optional(text("What stands behind it. The arguments of PASS and ADAT are never told.")),
      command_truncated: optional(boolean("True when the command was longer than 4,096 bytes; the rest is not told.")),
      completion_code: optional(list("Codes in the answer's lines.", text("Code: `226`."))),
      reply: optional(list("Lines of the answer, at most 128.", text("Text behind the code."))),
      dynamic_port: optional(integer("Port of the data connection that the command agreed on.")),
      mode: optional(text("Who opens that connection: `active` (the server) or `passive` (the client).")),
      reply_received: text("`yes` or `no`."),
      reply_truncated: boolean("True when something of the answer is not told."),
      user: optional(text("Name that the client logged in with.")),
    }),
  },
  columns: [
    { name: "command", path: "ftp.command", type: "text", doc: "Command.", index: true },
    { name: "command_data", path: "ftp.command_data", type: "text", doc: "What stands behind it." },
    { name: "completion_code", path: "ftp.completion_code", type: "text", doc: "Codes of the answer, as a JSON list." },
    { name: "dynamic_port", path: "ftp.dynamic_port", type: "integer", doc: "Port of the data connection." },
    { name: "user", path: "ftp.user", type: "text", doc: "Name that the client logged in with.", index: true },
  ],
});

/** The `ftp_data` event: a data connection that a control connection announced. */
export const ftpDataKind: Kind = defineKind({
  name: "ftp_data",
  summary: "A data connection of FTP: a file or a listing.",
  fields: {
    ftp_data: object("What went over it.", {
      filename: optional(text("Name of the file, as the command gave it.")),
      command: text("Command that it serves: `RETR`, `STOR`, `LIST` …"),
      size: integer("Bytes that went over it.", { unit: "bytes" }),
    }),
  },
  columns: [
    { name: "filename", path: "ftp_data.filename", type: "text", doc: "Name of the file.", index: true },
    { name: "command", path: "ftp_data.command", type: "text", doc: "Command that it serves." },
    { name: "size", path: "ftp_data.size", type: "integer", doc: "Bytes that went over it." },
  ],
});
