import { definePlugin } from "#contract/plugin.ts";
import { bacnetKind } from "./facts.ts";
import { BacnetParser, probe } from "./parser.ts";

export default definePlugin({
  name: "bacnet",
  summary: "BACnet/IP: buildings' devices found, read and written.",
  kinds: [bacnetKind],
  protocols: [
    {
      name: "bacnet",
      depth: "header",
      transports: ["udp"],
      ports: [47_808],
      probe: (_side, view) => probe(view),
      create: (context) => new BacnetParser(context),
    },
  ],
});
