import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

export const enipKind: Kind = defineKind({
  name: "enip",
  message: ["command"],
  summary: "An EtherNet/IP message and the CIP service in it.",
  fields: {
    enip: object("A message.", {
      command: text("`ListIdentity`, `RegisterSession`, `SendRRData`, `SendUnitData` …"),
      session: integer("Number of the session."),
      status: integer("0 for success."),
      cip: optional(
        list(
          "Services, at most 16.",
          object("A service.", {
            service: integer("What is asked: 1 and 14 read attributes, 76 reads a tag, 77 writes it."),
            name: optional(text("Its name.")),
            response: boolean("True when it answers."),
            status: optional(integer("0 for success, in answers.")),
            class: optional(integer("Kind of object.")),
            instance: optional(integer("Which of its kind.")),
            attribute: optional(integer("Which attribute.")),
            tag: optional(text("Name of a tag.")),
          }),
        ),
      ),
      identity: optional(
        object("Who a device is.", {
          vendor_id: integer("Maker."),
          device_type: integer("Kind of device."),
          product_code: integer("Product."),
          revision: text("Revision of the product."),
          status: integer("State of the device."),
          serial: text("Serial number, hexadecimal."),
          product_name: text("Name of the product."),
        }),
      ),
    }),
  },
  columns: [
    { name: "command", path: "enip.command", type: "text", doc: "What the message does.", index: true },
    { name: "status", path: "enip.status", type: "integer", doc: "0 for success." },
    { name: "product_name", path: "enip.identity.product_name", type: "text", doc: "Name of the product.", index: true },
    { name: "serial", path: "enip.identity.serial", type: "text", doc: "Serial number." },
  ],
});
