import { definePlugin } from "#contract/plugin.ts";
import { dnp3Kind } from "./facts.ts";
import { probe } from "./link.ts";
import { Dnp3Parser } from "./parser.ts";
import { dnp3Words } from "./words.ts";

export default definePlugin({
  name: "dnp3",
  summary: "DNP3 (IEEE 1815) between control centres and substations.",
  kinds: [dnp3Kind],
  words: dnp3Words,
  protocols: [
    {
      name: "dnp3",
      transports: ["tcp"],
      ports: [20_000],
      probe: (_side, view) => probe(view),
      create: (context) => new Dnp3Parser(context),
    },
    {
      name: "dnp3",
      transports: ["udp"],
      ports: [20_000],
      probe: (_side, view) => probe(view),
      create: (context) => new Dnp3Parser(context),
    },
  ],
});
