import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

export const iec104Kind: Kind = defineKind({
  name: "iec104",
  message: ["type", "function"],
  summary: "A telecontrol message: values, commands, start and stop.",
  fields: {
    iec104: object("A message.", {
      format: text("`I` carries data, `U` starts, stops and tests."),
      function: optional(text("What a `U` message does: `startdt_act`, `stopdt_con`, `testfr_act` …")),
      type_id: optional(integer("Kind of data: 1 to 44 values, 45 to 64 commands, 100 interrogation.")),
      type: optional(text("Its name: `M_ME_NC_1`, `C_SC_NA_1` …")),
      objects: optional(integer("Objects.")),
      sequence: optional(boolean("True when the objects follow each other.")),
      cause: optional(integer("Why it is sent: 3 spontaneous, 6 activation, 7 its confirmation, 20 interrogated.")),
      negative: optional(boolean("True when it refuses.")),
      test: optional(boolean("True for a test.")),
      originator: optional(integer("Address of who began it.")),
      common_address: optional(integer("Address of the station.")),
      ioa: optional(integer("Address of the first object.")),
    }),
  },
  columns: [
    { name: "type", path: "iec104.type", type: "text", doc: "Kind of data.", index: true },
    { name: "cause", path: "iec104.cause", type: "integer", doc: "Why it is sent." },
    { name: "common_address", path: "iec104.common_address", type: "integer", doc: "Address of the station." },
    { name: "ioa", path: "iec104.ioa", type: "integer", doc: "Address of the first object." },
    { name: "function", path: "iec104.function", type: "text", doc: "Start, stop or test." },
  ],
});
