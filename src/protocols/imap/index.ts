import { definePlugin } from "#contract/plugin.ts";
import { imapKind } from "./facts.ts";
import { ImapParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "imap",
  summary: "Mailboxes over IMAP: commands, logins, the messages that are fetched and stored.",
  needs: ["mime"],
  kinds: [imapKind],
  protocols: [{ name: "imap", transports: ["tcp"], ports: [143], probe, create: (context) => new ImapParser(context) }],
});
