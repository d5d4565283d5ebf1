import { boolean, defineKind, integer, type Kind, list, object, open, optional, text } from "#schema/field.ts";

const request = object("What the client sent.", {
  message: optional(
    text(
      "`SSL Request`, `GSSENC Request`, `cancel_request`, `termination_message`, `extended_query`, `function_call`, `gss_response`, `copy_in`.",
    ),
  ),
  protocol_version: optional(text("Version that the client starts with: `3.0`.")),
  startup_parameters: optional(
    object("Parameters of the start.", {
      user: optional(text("Name of the user.")),
      optional_parameters: optional(list("The others, one member each: `database`, `application_name` …", open("A parameter."))),
    }),
  ),
  process_id: optional(integer("Server process whose query is to be cancelled.")),
  secret_key: optional(integer("Key that allows it.")),
  password_redacted: optional(boolean("A password, or its digest, was sent.")),
  sasl_authentication_mechanism: optional(text("`scram_SHA256`, `scram_SHA256_plus`.")),
  sasl_param: optional(text("First message of SASL.")),
  sasl_response: optional(text("Later message of SASL.")),
  simple_query: optional(text("Text of a simple query, at most 8 KiB.")),
  query: optional(text("Text of the first prepared statement of an extended query, at most 8 KiB.")),
  query_truncated: optional(boolean("True when the query is longer than what is told.")),
  statement: optional(text("Name of the prepared statement that is used.")),
  steps: optional(list("Messages of an extended query: `parse`, `bind`, `describe`, `execute`, `close`, `flush`, `sync`.", text("Step."))),
  copy_data_in: optional(
    object("Data that the client copies into a table.", {
      msg_count: integer("Messages.", { unit: "messages" }),
      data_size: integer("Their data.", { unit: "bytes" }),
      failed: optional(text("Why the client gave up.")),
    }),
  ),
});

const response = object("What the server answered.", {
  ssl_accepted: optional(boolean("TLS follows.")),
  gssenc_accepted: optional(boolean("GSSAPI encryption follows.")),
  message: optional(text("`authentication_ok`, `authentication_sasl` …, `notification`; of an error its text.")),
  authentication_md5_password: optional(text("Salt of the password's digest.")),
  authentication_sasl_final: optional(text("Last message of SASL.")),
  parameter_status: optional(list("Parameters of the session, one member each.", open("A parameter."))),
  process_id: optional(integer("Server process of the session.")),
  secret_key: optional(integer("Key for cancelling.")),
  field_count: optional(integer("Columns of the result.", { unit: "columns" })),
  data_rows: optional(integer("Rows of the result.", { unit: "rows" })),
  data_size: optional(integer("Values of the rows.", { unit: "bytes" })),
  command_completed: optional(text("Tag of the last command: `SELECT 8`.")),
  commands: optional(integer("Commands completed, when there is more than one.", { unit: "commands" })),
  copy_column_count: optional(integer("Columns that are copied.", { unit: "columns" })),
  copy_data_out: optional(
    object("Data that the server copies out of a table.", {
      row_count: integer("Messages.", { unit: "messages" }),
      data_size: integer("Their data.", { unit: "bytes" }),
    }),
  ),
  channel: optional(text("Channel of a notification.")),
  notices: optional(list("Warnings and notes, at most 8.", text("Text."))),
  severity_localizable: optional(text("Severity of the error, in the server's language.")),
  severity_non_localizable: optional(text("`ERROR`, `FATAL`, `PANIC`.")),
  code: optional(text("SQLSTATE of the error: `22012`.")),
  detail: optional(text("More of the error.")),
  hint: optional(text("What to do.")),
  position: optional(text("Where in the query, characters from 1 on.")),
  internal_position: optional(text("Where in a query that the server made.")),
  internal_query: optional(text("Query that the server made.")),
  where: optional(text("Context.")),
  schema_name: optional(text("Schema that it is about.")),
  table: optional(text("Table that it is about.")),
  column: optional(text("Column that it is about.")),
  data_type: optional(text("Data type that it is about.")),
  constraint: optional(text("Constraint that it is about.")),
  file: optional(text("Source file of the server.")),
  line: optional(text("Line in it.")),
  routine: optional(text("Function in it.")),
});

/** The `pgsql` event: names as in Suricata's EVE, own members behind them. */
export const pgsqlKind: Kind = defineKind({
  name: "pgsql",
  summary: "A request to a PostgreSQL server and its answer.",
  fields: {
    pgsql: object("The exchange.", {
      tx_id: integer("Number of the transaction in its flow, from 1 on."),
      request: optional(request),
      response: optional(response),
    }),
  },
  columns: [
    { name: "user", path: "pgsql.request.startup_parameters.user", type: "text", doc: "User who logs in.", index: true },
    { name: "simple_query", path: "pgsql.request.simple_query", type: "text", doc: "Text of a simple query." },
    { name: "query", path: "pgsql.request.query", type: "text", doc: "Text of an extended query." },
    { name: "message", path: "pgsql.response.message", type: "text", doc: "Answer's or error's text." },
    { name: "code", path: "pgsql.response.code", type: "text", doc: "SQLSTATE of an error.", index: true },
    { name: "command_completed", path: "pgsql.response.command_completed", type: "text", doc: "Tag of the last command." },
    { name: "data_rows", path: "pgsql.response.data_rows", type: "integer", doc: "Rows of the result." },
  ],
});
