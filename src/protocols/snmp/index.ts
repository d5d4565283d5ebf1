import { MessageParser } from "#contract/message-parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { snmpKind } from "./facts.ts";
import { probe, read } from "./parser.ts";
import { snmpWords } from "./words.ts";

export default definePlugin({
  name: "snmp",
  summary: "SNMP 1, 2c and 3: who asks which device for what.",
  kinds: [snmpKind],
  words: snmpWords,
  protocols: [
    {
      name: "snmp",
      transports: ["udp"],
      ports: [161, 162],
      probe: (_side, view) => probe(view),
      create: (context) => new MessageParser(context, "snmp", read),
    },
  ],
});
