import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

/** The `mongodb` event: names follow the MongoDB Wire Protocol. */
export const mongodbKind: Kind = defineKind({
  name: "mongodb",
  message: ["command"],
  summary: "A command to a MongoDB server and its reply.",
  fields: {
    mongodb: object("The exchange.", {
      opcode: text("`msg`, `query`, `insert`, `update`, `delete`, `get_more`, `kill_cursors`; of a reply alone `reply`."),
      request_id: optional(integer("Number of the request.")),
      command: optional(text("Command: `find`, `insert`, `hello` …")),
      database: optional(text("Database.")),
      collection: optional(text("Collection.")),
      mechanism: optional(text("How the user proves itself: `SCRAM-SHA-256`.")),
      user: optional(text("User that logs in by SCRAM.")),
      compressor: optional(text("`snappy`, `zlib` or `zstd`: what is inside is not told.")),
      success: optional(boolean("False when the reply is an error; absent without reply, or when it can't be read.")),
      error_code: optional(integer("Number of the error.")),
      error_name: optional(text("Name of the error: `Unauthorized`.")),
      error: optional(text("Text of the error.")),
      n: optional(integer("Documents that were found, written or deleted.", { unit: "documents" })),
      request_bytes: optional(integer("Length of the request.", { unit: "bytes" })),
      reply_bytes: optional(integer("Length of the reply.", { unit: "bytes" })),
    }),
  },
  columns: [
    { name: "command", path: "mongodb.command", type: "text", doc: "Command.", index: true },
    { name: "database", path: "mongodb.database", type: "text", doc: "Database.", index: true },
    { name: "collection", path: "mongodb.collection", type: "text", doc: "Collection." },
    { name: "user", path: "mongodb.user", type: "text", doc: "User that logs in." },
    { name: "error_name", path: "mongodb.error_name", type: "text", doc: "Name of the error." },
  ],
});
