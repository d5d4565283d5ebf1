import { definePlugin } from "#contract/plugin.ts";
import { sipKind } from "./facts.ts";
import { SipParser } from "./parser.ts";
import { probe, probeDatagram } from "./probe.ts";
import { sipWords } from "./words.ts";

export default definePlugin({
  name: "sip",
  summary: "Telephony signalling: SIP with its session descriptions.",
  kinds: [sipKind],
  words: sipWords,
  protocols: [
    { name: "sip", transports: ["udp"], ports: [5060, 5061, 5070], probe: probeDatagram, create: (context) => new SipParser(context) },
    { name: "sip", transports: ["tcp"], ports: [5060, 5061], probe, create: (context) => new SipParser(context) },
  ],
});
