import { definePlugin } from "#contract/plugin.ts";
import { mqttKind } from "./facts.ts";
import { MqttParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { mqttWords } from "./words.ts";

export default definePlugin({
  name: "mqtt",
  summary: "MQTT 3.1, 3.1.1 and 5: clients, topics, messages.",
  kinds: [mqttKind],
  words: mqttWords,
  protocols: [{ name: "mqtt", transports: ["tcp"], ports: [1883], probe, create: (context) => new MqttParser(context) }],
});
