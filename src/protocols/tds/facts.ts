import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

/** The `tds` event: names follow [MS-TDS]. */
export const tdsKind: Kind = defineKind({
  name: "tds",
  message: ["type"],
  summary: "A request to a Microsoft SQL Server or Sybase server and its result.",
  fields: {
    tds: object("The exchange.", {
      type: text("`prelogin`, `login`, `sql_batch`, `rpc`, `attention`, `bulk_load`, `transaction`, `sspi`, `fedauth`, `tls`."),
      client_version: optional(text("Version that the client tells in its prelogin.")),
      server_version: optional(text("Version that the server tells in its prelogin.")),
      encryption: optional(text("What the client asks for: `off`, `on`, `not_supported`, `required`.")),
      server_encryption: optional(text("What the server answers.")),
      instance: optional(text("Instance that is asked for.")),
      tds_version: optional(text("Version of the protocol in the login, hexadecimal: `74000004`.")),
      user: optional(text("User that logs in; the password is not told.")),
      host: optional(text("Name of the client's host.")),
      app: optional(text("Name of the application.")),
      server: optional(text("Name of the server as the client knows it.")),
      library: optional(text("Name of the client's library.")),
      database: optional(text("Database that is asked for.")),
      query: optional(text("Text of the batch or of the executed statement, at most 2048 characters.")),
      query_truncated: optional(boolean("True when the query is longer than what is told.")),
      procedure: optional(text("Procedure that is called.")),
      success: optional(boolean("False when the server answered with an error; absent without answer.")),
      error_number: optional(integer("Number of the first error: 18456.")),
      error_class: optional(integer("Severity of the error.")),
      error: optional(text("Text of the error.")),
      columns: optional(integer("Columns of the first result.", { unit: "columns" })),
      rows: optional(integer("Rows that the last statement returned or changed.", { unit: "rows" })),
    }),
  },
  columns: [
    { name: "type", path: "tds.type", type: "text", doc: "What was asked for.", index: true },
    { name: "user", path: "tds.user", type: "text", doc: "User that logs in.", index: true },
    { name: "host", path: "tds.host", type: "text", doc: "Client's host." },
    { name: "database", path: "tds.database", type: "text", doc: "Database." },
    { name: "query", path: "tds.query", type: "text", doc: "Text of the query." },
    { name: "procedure", path: "tds.procedure", type: "text", doc: "Procedure." },
    { name: "error_number", path: "tds.error_number", type: "integer", doc: "Number of the error." },
  ],
});
