import { Probe } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { websocketKind } from "./facts.ts";
import { WebSocketParser } from "./parser.ts";
import { websocketWords } from "./words.ts";

export default definePlugin({
  name: "websocket",
  summary: "WebSockets: frames, and what travels in their messages.",
  kinds: [websocketKind],
  words: websocketWords,
  protocols: [
    {
      name: "websocket",
      transports: ["tcp"],
      ports: [],
      // Frames have no mark: only the handshake of HTTP says that they follow.
      probe: () => Probe.no,
      create: (context) => new WebSocketParser(context),
    },
  ],
});
