import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `irc` event. Suricata tells none; nick, user, command and value are Zeek's names. */
export const ircKind: Kind = defineKind({
  name: "irc",
  summary: "A message of IRC: names, channels, what is said, errors.",
  fields: {
    irc: object("The message (RFC 2812). PING and PONG and most numeric replies are left out.", {
      nick: optional(text("Nickname of the client, as far as it is known.")),
      user: optional(text("Name of the client's user.")),
      realname: optional(text("Name that USER gives beside it.")),
      command: text("Command, or three digits of a reply."),
      source: optional(text("Who sent it, in the server's messages: `nick!user@host`.")),
      target: optional(text("Channel or nickname that it is for.")),
      value: optional(text("Its text, at most 512 characters. Passwords and keys are never told.")),
      secret: optional(boolean("True when there was a password or key.")),
      dcc_file_name: optional(text("Name of the file that DCC offers.")),
      dcc_file_size: optional(integer("Its size.", { unit: "bytes" })),
      capabilities: optional(list("Capabilities that CAP lists, at most 32.", text("Name."))),
    }),
  },
  columns: [
    { name: "command", path: "irc.command", type: "text", doc: "Command or reply.", index: true },
    { name: "nick", path: "irc.nick", type: "text", doc: "Nickname of the client.", index: true },
    { name: "user", path: "irc.user", type: "text", doc: "Name of the client's user." },
    { name: "source", path: "irc.source", type: "text", doc: "Who sent it." },
    { name: "target", path: "irc.target", type: "text", doc: "Channel or nickname that it is for.", index: true },
    { name: "value", path: "irc.value", type: "text", doc: "Its text." },
  ],
});
