import { definePlugin } from "#contract/plugin.ts";
import { pop3Kind } from "./facts.ts";
import { Pop3Parser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "pop3",
  summary: "Mailboxes over POP3: commands, logins, the messages that are fetched.",
  needs: ["mime"],
  kinds: [pop3Kind],
  protocols: [{ name: "pop3", transports: ["tcp"], ports: [110], probe, create: (context) => new Pop3Parser(context) }],
});
