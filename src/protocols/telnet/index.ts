import { definePlugin } from "#contract/plugin.ts";
import { telnetKind } from "./facts.ts";
import { TelnetParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "telnet",
  summary: "Telnet: options, banners, names that log in.",
  kinds: [telnetKind],
  protocols: [{ name: "telnet", transports: ["tcp"], ports: [23, 2323], probe, create: (context) => new TelnetParser(context) }],
});
