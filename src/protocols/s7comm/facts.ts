import { defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

export const s7commKind: Kind = defineKind({
  name: "s7comm",
  message: ["function_name", "rosctr"],
  summary: "An S7 message.",
  fields: {
    s7comm: object("A message.", {
      rosctr: text("`job`, `ack`, `ack_data` or `userdata`."),
      pdu_reference: integer("Ties answer and job."),
      function: optional(integer("What is asked.")),
      function_name: optional(text("`read_var`, `write_var`, `setup_communication`, `plc_stop` …")),
      items: optional(integer("Variables.")),
      variables: optional(list("Their addresses, at most 16: `DB1.DBX 0.0`.", text("Area, place, and how many."))),
      error_class: optional(integer("Kind of error, in answers; 0 for none.")),
      error_code: optional(integer("The error.")),
      pdu_length: optional(integer("Longest message that is agreed on.", { unit: "bytes" })),
    }),
  },
  columns: [
    { name: "rosctr", path: "s7comm.rosctr", type: "text", doc: "Job or answer." },
    { name: "function_name", path: "s7comm.function_name", type: "text", doc: "What is asked.", index: true },
    { name: "error_class", path: "s7comm.error_class", type: "integer", doc: "Kind of error." },
    { name: "error_code", path: "s7comm.error_code", type: "integer", doc: "The error." },
  ],
});
