import { definePlugin } from "#contract/plugin.ts";
import { xmppKind } from "./facts.ts";
import { XmppParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "xmpp",
  summary: "XMPP (Jabber): streams, logins, STARTTLS.",
  needs: ["mime"],
  kinds: [xmppKind],
  protocols: [{ name: "xmpp", transports: ["tcp"], ports: [5222, 5269, 5280], probe, create: (context) => new XmppParser(context) }],
});
