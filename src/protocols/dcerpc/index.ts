import { definePlugin } from "#contract/plugin.ts";
import { DcerpcDatagramParser } from "./datagram.ts";
import { dcerpcKind } from "./facts.ts";
import { DcerpcParser } from "./parser.ts";
import { probe, probeDatagram } from "./probe.ts";
import { dcerpcWords } from "./words.ts";

export default definePlugin({
  name: "dcerpc",
  summary: "Remote procedure calls of Windows (DCE/RPC): interfaces, operations, answers.",
  kinds: [dcerpcKind],
  words: dcerpcWords,
  protocols: [
    { name: "dcerpc", transports: ["tcp"], ports: [135, 1025, 1026], probe, create: (context) => new DcerpcParser(context) },
    {
      name: "dcerpc",
      transports: ["udp"],
      ports: [135],
      probe: probeDatagram,
      create: (context) => new DcerpcDatagramParser(context),
    },
  ],
});
