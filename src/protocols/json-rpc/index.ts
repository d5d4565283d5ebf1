import { definePlugin } from "#contract/plugin.ts";
import { jsonRpcKind } from "./facts.ts";
import { JsonRpcParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "json-rpc",
  summary: "JSON-RPC: calls, answers, notifications.",
  kinds: [jsonRpcKind],
  protocols: [
    {
      name: "json-rpc",
      transports: ["tcp"],
      ports: [3333, 4444, 9090],
      probe,
      create: (context) => new JsonRpcParser(context),
    },
  ],
});
