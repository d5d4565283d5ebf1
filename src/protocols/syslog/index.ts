import { definePlugin } from "#contract/plugin.ts";
import { syslogKind } from "./facts.ts";
import { SyslogDatagrams, SyslogStream } from "./parser.ts";
import { probeDatagram, probeStream } from "./probe.ts";

export default definePlugin({
  name: "syslog",
  summary: "Log messages sent to a collector (RFC 3164, RFC 5424).",
  kinds: [syslogKind],
  protocols: [
    { name: "syslog", transports: ["udp"], ports: [514], probe: probeDatagram, create: (context) => new SyslogDatagrams(context) },
    { name: "syslog", transports: ["tcp"], ports: [514, 601], probe: probeStream, create: (context) => new SyslogStream(context) },
  ],
});
