import { definePlugin } from "#contract/plugin.ts";
import { krb5Kind } from "./facts.ts";
import { KerberosParser } from "./parser.ts";
import { probeDatagram, probeStream } from "./probe.ts";
import { krb5Words } from "./words.ts";

export default definePlugin({
  name: "kerberos",
  summary: "Kerberos: who asks for tickets to what, and with which encryption.",
  kinds: [krb5Kind],
  words: krb5Words,
  protocols: [
    { name: "krb5", transports: ["tcp"], ports: [88], probe: probeStream, create: (context) => new KerberosParser(context) },
    { name: "krb5", transports: ["udp"], ports: [88], probe: probeDatagram, create: (context) => new KerberosParser(context) },
  ],
});
