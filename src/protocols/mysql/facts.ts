import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `mysql` event: `cmd`, `arg`, `success`, `rows` and `response` are Zeek's names. */
export const mysqlKind: Kind = defineKind({
  name: "mysql",
  message: ["cmd"],
  summary: "A command to a MySQL or MariaDB server and its result.",
  fields: {
    mysql: object("The exchange.", {
      version: optional(text("Version of the server, in the exchange that opens the connection.")),
      protocol: optional(integer("Version of the protocol, 10.")),
      thread_id: optional(integer("Number of the connection at the server.")),
      capabilities: optional(integer("Capabilities of the server, a bit each.")),
      client_capabilities: optional(integer("Capabilities of the client, a bit each.")),
      auth_plugin: optional(text("How the user proves itself: `caching_sha2_password`.")),
      tls: optional(boolean("TLS follows.")),
      compression: optional(text("`zlib` or `zstd`: what follows is compressed, and not told.")),
      attributes: optional(
        list(
          "What the client says of itself, at most 16.",
          object("An attribute.", { name: text("Name: `_client_name`."), value: text("Value.") }),
        ),
      ),
      cmd: optional(text("`login`, `query`, `init_db`, `ping` …; absent when nobody logged in.")),
      arg: optional(text("User of a login, text of a query, name of a database; at most 8 KiB.")),
      arg_truncated: optional(boolean("True when it is longer than what is told.")),
      database: optional(text("Database that the login asks for.")),
      statement_id: optional(integer("Number of the prepared statement.")),
      success: optional(boolean("False when the server answered with an error; absent without answer.")),
      affected_rows: optional(integer("Rows changed.", { unit: "rows" })),
      last_insert_id: optional(integer("Number that the server gave to a new row.")),
      columns: optional(integer("Columns of the first result.", { unit: "columns" })),
      rows: optional(integer("Rows of all results.", { unit: "rows" })),
      results: optional(integer("Results, when there is more than one.", { unit: "results" })),
      warnings: optional(integer("Warnings.", { unit: "warnings" })),
      file: optional(text("File of the client that the server asks for.")),
      error_code: optional(integer("Number of the error: 1045.")),
      sql_state: optional(text("SQLSTATE of the error: `28000`.")),
      response: optional(text("Text of the error.")),
    }),
  },
  columns: [
    { name: "cmd", path: "mysql.cmd", type: "text", doc: "Command.", index: true },
    { name: "arg", path: "mysql.arg", type: "text", doc: "User, query or database." },
    { name: "database", path: "mysql.database", type: "text", doc: "Database of the login." },
    { name: "version", path: "mysql.version", type: "text", doc: "Version of the server.", index: true },
    { name: "rows", path: "mysql.rows", type: "integer", doc: "Rows of the results." },
    { name: "error_code", path: "mysql.error_code", type: "integer", doc: "Number of the error." },
  ],
});
