import { boolean, defineKind, type Field, type Fields, integer, type Kind, list, object, open, optional, text } from "#schema/field.ts";

const properties = optional(open("Properties (MQTT 5 §2.2.2) by name, user properties too; authentication data as its length."));

/** A control packet: what its header says, then its own members. */
const packet = (doc: string, fields: Fields): Field =>
  optional(
    object(doc, {
      qos: integer("Quality of service."),
      retain: boolean("True when the broker keeps the message."),
      dup: boolean("True when it is sent again."),
      ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, optional(field)])),
      truncated: optional(boolean("True when the packet is too long to be read.")),
      skipped_length: optional(integer("Length of a packet that was not read.", { unit: "bytes" })),
    }),
  );

const messageId = integer("Packet identifier.");
const reasonCode = integer("Reason code (MQTT 5 §2.4); 0 is success.");
const acknowledgement = (doc: string): Field => packet(doc, { message_id: messageId, reason_code: reasonCode, properties });

/** The `mqtt` event: names as in Suricata's EVE. Passwords are not told. */
export const mqttKind: Kind = defineKind({
  name: "mqtt",
  message: ["*"],
  summary: "An MQTT exchange: a request and what answers it.",
  fields: {
    mqtt: object("Packets of the exchange. Texts longer than 1024 bytes are cut, and say so.", {
      connect: packet("The client introduces itself.", {
        protocol_string: text("`MQTT`, or `MQIsdp` in version 3.1."),
        protocol_version: integer("3 for 3.1, 4 for 3.1.1, 5."),
        client_id: text("Name of the client; empty when the server is to choose one."),
        flags: object("What the client announces.", {
          username: boolean("A user name follows."),
          password: boolean("A password follows."),
          will_retain: boolean("The will is to be kept."),
          will: boolean("A will follows."),
          clean_session: boolean("Forget what was left of earlier sessions."),
        }),
        keep_alive: integer("Longest silence of the client.", { unit: "s" }),
        username: text("User name."),
        will: object("Message for when the client is lost.", { topic: text("Topic."), message: text("Message."), properties }),
        properties,
      }),
      connack: packet("The server's answer to it.", {
        session_present: boolean("The server remembers an earlier session."),
        return_code: integer("0 when accepted."),
        properties,
      }),
      publish: packet("A message.", { topic: text("Topic."), message_id: messageId, message: text("What it says."), properties }),
      puback: acknowledgement("Received (quality of service 1)."),
      pubrec: acknowledgement("Received (quality of service 2)."),
      pubrel: acknowledgement("The receipt was received."),
      pubcomp: acknowledgement("Done (quality of service 2)."),
      subscribe: packet("The client wants messages.", {
        message_id: messageId,
        topics: list("Topic filters, at most 100.", object("A filter.", { topic: text("Filter."), qos: integer("Quality of service.") })),
        properties,
      }),
      suback: packet("The server's answer to it.", {
        message_id: messageId,
        qos_granted: list("Quality of service of each filter, 128 and above for refusals.", integer("Quality of service.")),
        properties,
      }),
      unsubscribe: packet("The client wants messages no longer.", {
        message_id: messageId,
        topics: list("Topic filters, at most 100.", text("Filter.")),
        properties,
      }),
      unsuback: packet("The server's answer to it.", {
        message_id: messageId,
        reason_codes: list("Answer to each filter (MQTT 5).", integer("Reason code.")),
        properties,
      }),
      pingreq: packet("Are you there?", {}),
      pingresp: packet("Yes.", {}),
      disconnect: packet("The end.", { reason_code: reasonCode, properties }),
      auth: packet("A step of authentication (MQTT 5).", { reason_code: reasonCode, properties }),
    }),
  },
  columns: [
    { name: "client_id", path: "mqtt.connect.client_id", type: "text", doc: "Name of the client.", index: true },
    { name: "username", path: "mqtt.connect.username", type: "text", doc: "User name." },
    { name: "return_code", path: "mqtt.connack.return_code", type: "integer", doc: "Answer to the client's introduction." },
    { name: "topic", path: "mqtt.publish.topic", type: "text", doc: "Topic of a message.", index: true },
    { name: "message", path: "mqtt.publish.message", type: "text", doc: "The message." },
    { name: "reason_code", path: "mqtt.disconnect.reason_code", type: "integer", doc: "Why the connection ended." },
  ],
});
