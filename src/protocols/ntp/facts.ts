import { boolean, defineKind, type Field, integer, type Kind, number, object, optional, text } from "#schema/field.ts";

const seconds = (doc: string): Field => optional(number(doc, { unit: "s" }));

/** The `ntp` event: version to reference_id as in Suricata's EVE (8.0), the rest as in Zeek's log. */
export const ntpKind: Kind = defineKind({
  name: "ntp",
  summary: "An NTP message (RFC 5905), or a control message.",
  fields: {
    ntp: object("A message.", {
      version: integer("Version."),
      mode: integer("1 and 2 peers, 3 client, 4 server, 5 broadcast, 6 control, 7 private."),
      stratum: optional(integer("Steps from a reference clock; 0 when unknown.")),
      reference_id: optional(text("What the clock follows: `aa:bb:cc:dd`.")),
      ref_id: optional(text("The same as name of a clock, `GPS`, as reason to stop, `RATE`, or as address.")),
      leap: optional(integer("1 and 2 announce a leap second, 3: not synchronised.")),
      poll: seconds("Time between messages."),
      precision: seconds("Precision of the clock."),
      root_delay: seconds("Way to the reference clock and back."),
      root_disp: seconds("Largest error against the reference clock."),
      xmt_time: optional(number("When it was sent, by the sender's clock: seconds since 1970.", { unit: "s" })),
      key_id: optional(integer("Number of the key that it is signed with.")),
      op_code: optional(integer("What is asked (mode 6).")),
      req_code: optional(integer("What is asked (mode 7); 42 lists all clients.")),
      response: optional(boolean("True when it answers (modes 6 and 7).")),
      status: optional(integer("Error of the answer (modes 6 and 7).")),
    }),
  },
  columns: [
    { name: "mode", path: "ntp.mode", type: "integer", doc: "Mode.", index: true },
    { name: "version", path: "ntp.version", type: "integer", doc: "Version." },
    { name: "stratum", path: "ntp.stratum", type: "integer", doc: "Steps from a reference clock." },
    { name: "ref_id", path: "ntp.ref_id", type: "text", doc: "What the clock follows." },
    { name: "req_code", path: "ntp.req_code", type: "integer", doc: "What is asked (mode 7)." },
  ],
});
