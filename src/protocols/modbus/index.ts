import { definePlugin } from "#contract/plugin.ts";
import { modbusKind } from "./facts.ts";
import { ModbusParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { modbusWords } from "./words.ts";

export default definePlugin({
  name: "modbus",
  summary: "Modbus/TCP: what is read and written in controllers.",
  kinds: [modbusKind],
  words: modbusWords,
  protocols: [{ name: "modbus", transports: ["tcp"], ports: [502], probe, create: (context) => new ModbusParser(context) }],
});
