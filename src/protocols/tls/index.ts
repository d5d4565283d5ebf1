import { definePlugin } from "#contract/plugin.ts";
import { DatagramParser } from "./datagram-parser.ts";
import { datagramProbe } from "./datagram-probe.ts";
import { DecryptingParser } from "./decrypting-parser.ts";
import { tlsKind } from "./facts.ts";
import { TlsParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { tlsWords } from "./words.ts";

export default definePlugin({
  name: "tls",
  summary: "TLS, DTLS and SSL handshakes: names, versions, certificates, JA3 and JA4 fingerprints.",
  kinds: [tlsKind],
  words: tlsWords,
  protocols: [
    {
      name: "tls",
      transports: ["tcp"],
      encrypts: true,
      ports: [443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 5223, 6697, 8443, 8883],
      probe,
      create: (context) => (context.platform.secrets.empty ? new TlsParser(context) : new DecryptingParser(context)),
    },
    {
      name: "dtls",
      transports: ["udp"],
      encrypts: true,
      ports: [443, 853, 2083, 4433, 5061, 5349, 5684, 10_161],
      probe: datagramProbe,
      create: (context) => new DatagramParser(context),
    },
  ],
});
