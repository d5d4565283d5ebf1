import { Probe } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { isCompound } from "./control.ts";
import { rtcpKind, rtpKind } from "./facts.ts";
import { likelyType, payloadBytes } from "./packet.ts";
import { RtcpParser, RtpParser } from "./parser.ts";

export default definePlugin({
  name: "rtp",
  summary: "Media streams and their control messages: RTP and RTCP.",
  kinds: [rtpKind, rtcpKind],
  protocols: [
    {
      name: "rtp",
      transports: ["udp"],
      ports: [],
      // One packet proves little: the parser waits for the second.
      probe: (_side, view) => (payloadBytes(view) > 0 && likelyType((view.bytes[view.at + 1] as number) & 0x7f) ? Probe.maybe : Probe.no),
      create: (context) => new RtpParser(context),
    },
    {
      name: "rtcp",
      transports: ["udp"],
      ports: [5005],
      probe: (_side, view) => (view.length >= 8 && isCompound(view) ? Probe.yes : Probe.no),
      create: (context) => new RtcpParser(context),
    },
  ],
});
