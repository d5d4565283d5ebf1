import { definePlugin } from "#contract/plugin.ts";
import { tdsKind } from "./facts.ts";
import { TdsParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "tds",
  summary: "Microsoft SQL Server (TDS): logins, queries, calls and their results.",
  kinds: [tdsKind],
  protocols: [{ name: "tds", transports: ["tcp"], ports: [1433, 1434, 2433], probe, create: (context) => new TdsParser(context) }],
});
