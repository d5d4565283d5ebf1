import { definePlugin } from "#contract/plugin.ts";
import { tftpKind } from "./facts.ts";
import { probe, TftpParser } from "./parser.ts";

export default definePlugin({
  name: "tftp",
  summary: "TFTP: files asked for and given.",
  kinds: [tftpKind],
  protocols: [
    { name: "tftp", transports: ["udp"], ports: [69], probe: (_side, view) => probe(view), create: (context) => new TftpParser(context) },
  ],
});
