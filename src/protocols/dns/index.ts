import { Probe } from "#contract/parser.ts";
import { definePlugin, type ProtocolDefinition } from "#contract/plugin.ts";
import { dnsKind } from "./facts.ts";
import { MessageReader, type Variant } from "./message-reader.ts";
import { DnsParser } from "./parser.ts";
import { probeDatagram, probeNetbios, probeStream } from "./probe.ts";
import { dnsWords } from "./words.ts";

/** Scratch memory for the message at hand; the flows of a thread take turns with it. */
const reader = new MessageReader();

const overDatagrams = (name: string, ports: readonly number[], variant?: Variant): ProtocolDefinition => ({
  name,
  transports: ["udp"],
  ports,
  // mDNS and LLMNR look like DNS; only their ports tell them apart.
  probe: (_side, view, usualPort) => (variant !== undefined && !usualPort ? Probe.no : probeDatagram(view, usualPort)),
  create: (context) => new DnsParser(context, reader, variant),
});

const overStreams = (name: string, ports: readonly number[], variant?: Variant): ProtocolDefinition => ({
  ...overDatagrams(name, ports, variant),
  transports: ["tcp"],
  probe: (_side, view, usualPort) => (variant !== undefined && !usualPort ? Probe.no : probeStream(view, usualPort)),
});

export default definePlugin({
  name: "dns",
  summary: "Names asked for and answered: DNS, mDNS, LLMNR and NetBIOS.",
  kinds: [dnsKind],
  words: dnsWords,
  protocols: [
    overDatagrams("dns", [53]),
    overStreams("dns", [53]),
    overDatagrams("mdns", [5353], "mdns"),
    overDatagrams("llmnr", [5355], "llmnr"),
    overStreams("llmnr", [5355], "llmnr"),
    {
      name: "nbns",
      transports: ["udp"],
      ports: [137],
      probe: (_side, view) => probeNetbios(view),
      create: (context) => new DnsParser(context, reader, "nbns"),
    },
  ],
});
