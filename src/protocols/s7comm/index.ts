import { Probe } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { s7commKind } from "./facts.ts";
import { CotpParser, MmsParser, probe, S7Parser } from "./parser.ts";

export default definePlugin({
  name: "s7comm",
  summary: "Siemens S7 and MMS over ISO transport (TPKT, COTP): what is read and written in controllers.",
  kinds: [s7commKind],
  protocols: [
    { name: "cotp", depth: "named", transports: ["tcp"], ports: [102], probe, create: (context) => new CotpParser(context) },
    // Both are found by the first data behind the transport's connection.
    { name: "s7comm", depth: "header", transports: ["tcp"], ports: [], probe: () => Probe.no, create: (context) => new S7Parser(context) },
    { name: "mms", depth: "named", transports: ["tcp"], ports: [], probe: () => Probe.no, create: () => new MmsParser() },
  ],
});
