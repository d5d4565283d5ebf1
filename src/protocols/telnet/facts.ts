import { boolean, defineKind, type Kind, list, object, optional, text } from "#schema/field.ts";

/** The `telnet` event. Suricata tells none. */
export const telnetKind: Kind = defineKind({
  name: "telnet",
  summary: "A login over Telnet, or the connection when nobody logged in.",
  fields: {
    telnet: object("What could be read of it (RFC 854).", {
      banner: optional(text("Text before the first prompt, at most 512 characters.")),
      user: optional(text("Name that was typed at the prompt.")),
      password: optional(boolean("True when a password was asked for and typed. It is never told.")),
      success: optional(boolean("How the server's next words sound: true for a shell or greeting, false for a refusal.")),
      client_options: optional(list("Options that the client agreed to use (WILL).", text("`NAWS`, or its number."))),
      server_options: optional(list("The same of the server.", text("`ECHO`, or its number."))),
      terminal: optional(text("Type of the client's terminal.")),
      window: optional(text("Its size: `80x24`.")),
      speed: optional(text("Its speed.")),
      display: optional(text("Display of X that the client names.")),
    }),
  },
  columns: [
    { name: "user", path: "telnet.user", type: "text", doc: "Name that was typed.", index: true },
    { name: "success", path: "telnet.success", type: "text", doc: "How the server's next words sound." },
    { name: "banner", path: "telnet.banner", type: "text", doc: "Text before the first prompt." },
    { name: "terminal", path: "telnet.terminal", type: "text", doc: "Type of the terminal." },
  ],
});
