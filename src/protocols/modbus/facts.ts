import { defineKind, type Field, integer, type Kind, object, optional, text } from "#schema/field.ts";

const message = (doc: string): Field =>
  optional(
    object(doc, {
      transaction_id: integer("Ties response and request."),
      protocol_id: integer("Always 0."),
      unit_id: integer("Device behind the gateway."),
      function_raw: integer("Function; 128 more in exceptions."),
      function_code: text("Its name: `RdCoils`, `WrMultRegs` …"),
      access_type: text("What it touches: `READ | COILS`; `NONE`."),
      category: text("`PUBLIC_ASSIGNED`, `PUBLIC_UNASSIGNED`, `USER_DEFINED`, `RESERVED`; `NONE` of exceptions."),
      error_flags: text("What is wrong with the message: `NONE`, `DATA_LENGTH`, `DATA_VALUE` …"),
      data: optional(text("What follows the function, one character a byte, at most 256.")),
      exception: optional(object("Why it was refused.", { raw: integer("Number."), code: text("Name: `IllegalDataAddr`.") })),
      diagnostic: optional(object("A diagnosis.", { raw: integer("Number."), code: text("Name."), data: text("Its data.") })),
      mei: optional(object("An encapsulated message.", { raw: integer("Number."), code: text("Name."), data: text("Its data.") })),
      read: optional(
        object("What is read.", {
          address: optional(integer("First place.")),
          quantity: optional(integer("Places.")),
          data: optional(text("Values, one character a byte.")),
        }),
      ),
      write: optional(
        object("What is written.", {
          address: optional(integer("First place.")),
          quantity: optional(integer("Places.")),
          data: optional(integer("The value of a single one.")),
          values: optional(text("Values, one character a byte.")),
          and_mask: optional(integer("Bits that stay.")),
          or_mask: optional(integer("Bits that are set.")),
        }),
      ),
    }),
  );

/** The `modbus` event: names as in Suricata's EVE. */
export const modbusKind: Kind = defineKind({
  name: "modbus",
  message: ["request.function_code"],
  summary: "A Modbus request and its response.",
  fields: {
    modbus: object("The exchange.", {
      id: integer("Number of the exchange in its connection, from 1."),
      request: message("What the client asks."),
      response: message("What the server answers; absent when it does not."),
    }),
  },
  columns: [
    { name: "function_code", path: "modbus.request.function_code", type: "text", doc: "What is asked.", index: true },
    { name: "unit_id", path: "modbus.request.unit_id", type: "integer", doc: "Device behind the gateway." },
    { name: "access_type", path: "modbus.request.access_type", type: "text", doc: "What it touches." },
    { name: "read_address", path: "modbus.request.read.address", type: "integer", doc: "First place that is read." },
    { name: "write_address", path: "modbus.request.write.address", type: "integer", doc: "First place that is written.", index: true },
    { name: "exception", path: "modbus.response.exception.code", type: "text", doc: "Why it was refused." },
  ],
});
