import { definePlugin } from "#contract/plugin.ts";
import { iec104Kind } from "./facts.ts";
import { Iec104Parser, probe } from "./parser.ts";

export default definePlugin({
  name: "iec104",
  summary: "IEC 60870-5-104: telecontrol of grids and plants.",
  kinds: [iec104Kind],
  protocols: [
    { name: "iec104", depth: "header", transports: ["tcp"], ports: [2404], probe, create: (context) => new Iec104Parser(context) },
  ],
});
