import { definePlugin } from "#contract/plugin.ts";
import { probeQuery, QueryParser } from "./query.ts";
import { probeVoice, VoiceParser } from "./voice.ts";

export default definePlugin({
  name: "teamspeak",
  summary: "TeamSpeak 2 and 3: joining a voice server, and the administration's queries.",
  needs: ["game-query"],
  protocols: [
    {
      name: "teamspeak",
      transports: ["tcp"],
      ports: [10011, 51234],
      probe: probeQuery,
      create: (context) => new QueryParser(context),
    },
    {
      name: "teamspeak-voice",
      transports: ["udp"],
      ports: [9987, 8767],
      encrypts: true,
      probe: probeVoice,
      create: (context) => new VoiceParser(context),
    },
  ],
});
