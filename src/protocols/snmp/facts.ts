import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `snmp` event: names as in Suricata's EVE, own members behind them. */
export const snmpKind: Kind = defineKind({
  name: "snmp",
  message: ["pdu_type"],
  bySender: true,
  summary: "An SNMP message.",
  fields: {
    snmp: object("A message.", {
      version: integer("1, 2 (for 2c) or 3."),
      pdu_type: optional(text("`get_request`, `get_next_request`, `response`, `set_request`, `trap_v1` …; absent when it is encrypted.")),
      encrypted: optional(boolean("True when the rest is encrypted (version 3).")),
      error: optional(text("Why a request failed: `no_such_name` …")),
      trap_type: optional(text("Kind of a trap of version 1: `cold_start`, `link_down` …")),
      trap_oid: optional(text("What the trap is about.")),
      trap_address: optional(text("Address of the device that sends the trap.")),
      vars: optional(list("Objects that it is about, at most 64.", text("Object identifier."))),
      community: optional(text("Community, in versions 1 and 2c.")),
      usm: optional(text("User, in version 3.")),
      values: optional(list("What a response, a trap or a set request says of each.", text("Value; hexadecimal when it is no text."))),
      request_id: optional(integer("Ties response and request.")),
      engine_id: optional(text("Engine that is asked, hexadecimal (version 3).")),
    }),
  },
  columns: [
    { name: "version", path: "snmp.version", type: "integer", doc: "Version." },
    { name: "pdu_type", path: "snmp.pdu_type", type: "text", doc: "Kind of message.", index: true },
    { name: "community", path: "snmp.community", type: "text", doc: "Community.", index: true },
    { name: "usm", path: "snmp.usm", type: "text", doc: "User." },
    { name: "error", path: "snmp.error", type: "text", doc: "Why a request failed." },
  ],
});
