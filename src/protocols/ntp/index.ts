import { MessageParser } from "#contract/message-parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { ntpKind } from "./facts.ts";
import { probe, read } from "./parser.ts";
import { ntpWords } from "./words.ts";

export default definePlugin({
  name: "ntp",
  summary: "NTP: clocks asked and answered, and its control messages.",
  kinds: [ntpKind],
  words: ntpWords,
  protocols: [{ name: "ntp", transports: ["udp"], ports: [123], probe, create: (context) => new MessageParser(context, "ntp", read) }],
});
