import { definePlugin } from "#contract/plugin.ts";
import { ikeKind } from "./facts.ts";
import { IkeParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { ikeWords } from "./words.ts";

export default definePlugin({
  name: "ike",
  summary: "IKE 1 and 2: how IPsec tunnels are agreed on.",
  kinds: [ikeKind],
  words: ikeWords,
  protocols: [
    {
      name: "ike",
      transports: ["udp"],
      ports: [500, 4500],
      probe: (_side, view) => probe(view),
      create: (context) => new IkeParser(context),
    },
  ],
});
