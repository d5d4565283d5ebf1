import { definePlugin } from "#contract/plugin.ts";
import { opcuaKind } from "./facts.ts";
import { OpcuaParser, probe } from "./parser.ts";

export default definePlugin({
  name: "opcua",
  summary: "OPC UA: controllers' servers, their channels and services.",
  kinds: [opcuaKind],
  protocols: [
    {
      name: "opcua",
      depth: "header",
      transports: ["tcp"],
      ports: [4840],
      probe: (_side, view) => probe(view),
      create: (context) => new OpcuaParser(context),
    },
  ],
});
