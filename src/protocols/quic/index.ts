import { definePlugin } from "#contract/plugin.ts";
import { quicKind } from "./facts.ts";
import { QuicParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { quicWords } from "./words.ts";

export default definePlugin({
  name: "quic",
  summary: "QUIC handshakes: versions, server names, JA3 and JA4 fingerprints, from the packets that anybody can decrypt.",
  needs: ["tls"],
  kinds: [quicKind],
  words: quicWords,
  protocols: [
    {
      name: "quic",
      transports: ["udp"],
      encrypts: true,
      ports: [80, 443, 784, 853, 4433, 8443, 8853],
      probe,
      create: (context) => new QuicParser(context),
    },
  ],
});
