import { boolean, defineKind, type Kind, object, optional, text } from "#schema/field.ts";

/** The `syslog` event: facility, severity and message as in Zeek's log, the rest as in RFC 5424. */
export const syslogKind: Kind = defineKind({
  name: "syslog",
  summary: "A log message.",
  fields: {
    syslog: object("A message.", {
      facility: optional(text("Part of the system: `kern`, `auth`, `local0` …; absent when the message has no priority.")),
      severity: optional(text("`emerg`, `alert`, `crit`, `err`, `warning`, `notice`, `info`, `debug`.")),
      timestamp: optional(text("Time as it stands in the message.")),
      hostname: optional(text("Who logged it.")),
      app_name: optional(text("Program.")),
      proc_id: optional(text("Its process.")),
      msg_id: optional(text("Kind of message (RFC 5424).")),
      structured_data: optional(text("Named values (RFC 5424).")),
      message: text("The message, at most 2048 bytes."),
      truncated: optional(boolean("True when the message is longer.")),
    }),
  },
  columns: [
    { name: "facility", path: "syslog.facility", type: "text", doc: "Part of the system." },
    { name: "severity", path: "syslog.severity", type: "text", doc: "How bad it is.", index: true },
    { name: "hostname", path: "syslog.hostname", type: "text", doc: "Who logged it.", index: true },
    { name: "app_name", path: "syslog.app_name", type: "text", doc: "Program.", index: true },
    { name: "message", path: "syslog.message", type: "text", doc: "The message." },
  ],
});
