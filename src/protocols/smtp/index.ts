import { definePlugin } from "#contract/plugin.ts";
import { smtpKind } from "./facts.ts";
import { SmtpParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { smtpWords } from "./words.ts";

export default definePlugin({
  name: "smtp",
  summary: "Mail on its way: envelopes, headers, attachments, logins.",
  needs: ["mime"],
  kinds: [smtpKind],
  words: smtpWords,
  protocols: [{ name: "smtp", transports: ["tcp"], ports: [25, 587, 2525, 24], probe, create: (context) => new SmtpParser(context) }],
});
