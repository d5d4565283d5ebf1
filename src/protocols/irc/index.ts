import { definePlugin } from "#contract/plugin.ts";
import { ircKind } from "./facts.ts";
import { IrcParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "irc",
  summary: "IRC: nicknames, channels, messages, files that are offered.",
  kinds: [ircKind],
  protocols: [
    { name: "irc", transports: ["tcp"], ports: [6667, 6666, 6668, 6669, 7000], probe, create: (context) => new IrcParser(context) },
  ],
});
