import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

export const bacnetKind: Kind = defineKind({
  name: "bacnet",
  message: ["service", "bvlc_function"],
  summary: "A BACnet/IP message.",
  fields: {
    bacnet: object("A message.", {
      bvlc_function: text("How it travels: `original_unicast`, `original_broadcast`, `forwarded`, `register_foreign_device` …"),
      pdu_type: optional(text("`confirmed_request`, `unconfirmed_request`, `simple_ack`, `complex_ack`, `error`, `reject`, `abort` …")),
      service: optional(text("`who_is`, `i_am`, `read_property`, `write_property` …, or its number.")),
      invoke_id: optional(integer("Ties answer and request.")),
      device: optional(integer("Number of the device that announces itself.")),
      vendor_id: optional(integer("Its maker.")),
      object_type: optional(integer("Kind of object that is read or written.")),
      object_instance: optional(integer("Which of its kind.")),
      property: optional(integer("Property.")),
    }),
  },
  columns: [
    { name: "service", path: "bacnet.service", type: "text", doc: "What is asked.", index: true },
    { name: "pdu_type", path: "bacnet.pdu_type", type: "text", doc: "Request or answer." },
    { name: "device", path: "bacnet.device", type: "integer", doc: "Device that announces itself." },
    { name: "property", path: "bacnet.property", type: "integer", doc: "Property." },
  ],
});
