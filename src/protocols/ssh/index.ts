import { definePlugin } from "#contract/plugin.ts";
import { sshKind } from "./facts.ts";
import { probe, SshParser } from "./parser.ts";
import { sshWords } from "./words.ts";

export default definePlugin({
  name: "ssh",
  summary: "SSH greetings: versions, software, offered and chosen algorithms, HASSH fingerprints.",
  kinds: [sshKind],
  words: sshWords,
  protocols: [
    { name: "ssh", transports: ["tcp"], encrypts: true, ports: [22, 830, 2222], probe, create: (context) => new SshParser(context) },
  ],
});
