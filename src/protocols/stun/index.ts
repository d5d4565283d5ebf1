import { definePlugin } from "#contract/plugin.ts";
import { stunKind } from "./facts.ts";
import { StunDatagrams, StunStream } from "./parser.ts";
import { probeDatagram, probeStream } from "./probe.ts";

export default definePlugin({
  name: "stun",
  summary: "STUN and TURN: addresses behind translators, relays for calls.",
  kinds: [stunKind],
  protocols: [
    { name: "stun", transports: ["udp"], ports: [3478], probe: probeDatagram, create: (context) => new StunDatagrams(context) },
    { name: "stun", transports: ["tcp"], ports: [3478], probe: probeStream, create: (context) => new StunStream(context) },
  ],
});
