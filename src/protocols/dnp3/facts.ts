import { boolean, defineKind, integer, type Kind, list, object, open, optional, text } from "#schema/field.ts";

/** The `dnp3` event: names as in Suricata's EVE. */
export const dnp3Kind: Kind = defineKind({
  name: "dnp3",
  message: ["application.function_code"],
  summary: "A DNP3 request or response.",
  fields: {
    dnp3: object("A message.", {
      type: text("`request`, `response` or `unsolicited_response`."),
      control: object("Control byte of the link.", {
        dir: boolean("True when the master sent it."),
        pri: boolean("True when the sender began the exchange."),
        fcb: boolean("Bit that alternates, against repetitions."),
        fcv: boolean("True when that bit counts."),
        function_code: integer("What the link is to do: 4 sends data."),
      }),
      src: integer("Address of the sender."),
      dst: integer("Address of the receiver."),
      application: object("The message itself.", {
        control: object("Its control byte.", {
          fir: boolean("First fragment."),
          fin: boolean("Last fragment."),
          con: boolean("A confirmation is wanted."),
          uns: boolean("Unsolicited."),
          sequence: integer("Number of the fragment."),
        }),
        function_code: integer("1 read, 2 write, 3 select, 4 operate … 129 response, 130 unsolicited response."),
        objects: optional(
          list(
            "Objects, at most 64.",
            object("Objects of a kind.", {
              group: integer("Kind of object."),
              variation: integer("Its form."),
              qualifier: integer("How the points are told, as it stands."),
              prefix_code: integer("What stands before each point."),
              range_code: integer("How the points are counted."),
              start: integer("First point."),
              stop: integer("Last point."),
              count: integer("Points."),
              points: optional(list("Points, at most 256 of a message: members by kind of object.", open("A point."))),
            }),
          ),
        ),
        complete: boolean("True when all objects were read."),
      }),
      iin: optional(
        object("What the outstation indicates.", { indicators: optional(list("By name.", text("`need_time`, `device_restart` …"))) }),
      ),
    }),
  },
  columns: [
    { name: "type", path: "dnp3.type", type: "text", doc: "Request or response." },
    { name: "function_code", path: "dnp3.application.function_code", type: "integer", doc: "What is asked.", index: true },
    { name: "src", path: "dnp3.src", type: "integer", doc: "Address of the sender." },
    { name: "dst", path: "dnp3.dst", type: "integer", doc: "Address of the receiver." },
  ],
});
