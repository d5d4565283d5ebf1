import { definePlugin } from "#contract/plugin.ts";
import { enipKind } from "./facts.ts";
import { EnipParser, probe } from "./parser.ts";
import { enipWords } from "./words.ts";

export default definePlugin({
  name: "enip",
  summary: "EtherNet/IP and CIP: controllers found, read and written.",
  kinds: [enipKind],
  words: enipWords,
  protocols: [
    { name: "enip", transports: ["tcp"], ports: [44_818], probe, create: (context) => new EnipParser(context) },
    { name: "enip", transports: ["udp"], ports: [44_818], probe, create: (context) => new EnipParser(context) },
  ],
});
