import { definePlugin } from "#contract/plugin.ts";
import { ssdpKind } from "./facts.ts";
import { probe, SsdpParser } from "./parser.ts";

export default definePlugin({
  name: "ssdp",
  summary: "SSDP: devices that look for each other, as in UPnP.",
  kinds: [ssdpKind],
  protocols: [
    { name: "ssdp", transports: ["udp"], ports: [1900], probe: (_side, view) => probe(view), create: (context) => new SsdpParser(context) },
  ],
});
