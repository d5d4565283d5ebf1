import { bufferWord, frameWord, integerWord, type RuleWord } from "#schema/rule-word.ts";

const on = ["mqtt"];
const several: Partial<RuleWord> = { several: true };

/** Types of packets (MQTT 5 §2.1.2). */
const types: Readonly<Record<string, number>> = {
  CONNECT: 1,
  CONNACK: 2,
  PUBLISH: 3,
  PUBACK: 4,
  PUBREC: 5,
  PUBREL: 6,
  PUBCOMP: 7,
  SUBSCRIBE: 8,
  SUBACK: 9,
  UNSUBSCRIBE: 10,
  UNSUBACK: 11,
  PINGREQ: 12,
  PINGRESP: 13,
  DISCONNECT: 14,
  AUTH: 15,
};

/** All packets of an exchange are looked at together, on the side of who began it, when it is over; as in Suricata. */
export const mqttWords: readonly RuleWord[] = [
  integerWord("mqtt.type", on, "both", "Type of a packet of the exchange.", { ...several, numbers: types }),
  {
    name: "mqtt.flags",
    doc: "Flags of a packet's first byte.",
    type: "flags",
    protocols: on,
    side: "both",
    several: true,
    numbers: { dup: 8, retain: 1 },
  },
  integerWord("mqtt.qos", on, "both", "Quality of service of a packet.", several),
  integerWord("mqtt.protocol_version", on, "both", "Version of the connection: 3 for 3.1, 4 for 3.1.1, 5."),
  integerWord("mqtt.reason_code", on, "both", "A result in the exchange: of CONNACK, SUBACK, DISCONNECT …", {
    aliases: ["mqtt.connack.return_code"],
    ...several,
  }),
  {
    name: "mqtt.connect.flags",
    doc: "What a CONNECT announces.",
    type: "flags",
    protocols: on,
    side: "both",
    numbers: { username: 0x80, password: 0x40, will_retain: 0x20, will: 4, clean_session: 2 },
  },
  bufferWord("mqtt.connect.protocol_string", on, "both", "`MQTT`, or `MQIsdp` in version 3.1."),
  bufferWord("mqtt.connect.clientid", on, "both", "Name of the client."),
  bufferWord("mqtt.connect.username", on, "both", "User name."),
  bufferWord("mqtt.connect.password", on, "both", "Password."),
  bufferWord("mqtt.connect.willtopic", on, "both", "Topic of the message for when the client is lost."),
  bufferWord("mqtt.connect.willmessage", on, "both", "That message."),
  integerWord("mqtt.connack.session_present", on, "both", "Whether the server remembers an earlier session.", {
    numbers: { no: 0, yes: 1, false: 0, true: 1 },
  }),
  bufferWord("mqtt.publish.topic", on, "both", "Topic of a message."),
  bufferWord("mqtt.publish.message", on, "both", "The message, its first 16 KiB."),
  bufferWord("mqtt.subscribe.topic", on, "both", "A filter of what the client wants.", several),
  bufferWord("mqtt.unsubscribe.topic", on, "both", "A filter of what the client wants no longer.", several),
  frameWord("mqtt.pdu", on, "both", "A packet, its first 16 KiB."),
  frameWord("mqtt.header", on, "both", "A packet's fixed header: type, flags and length."),
  frameWord("mqtt.data", on, "both", "What is behind a packet's fixed header."),
];
