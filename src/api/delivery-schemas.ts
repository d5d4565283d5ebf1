import { type Field, integer, list, object, optional, text } from "#schema/field.ts";

/** The answer about receivers, for OpenAPI's components. */
export const deliveryAnswers = {
  Deliveries: object("Receivers of findings and alerts.", {
    deliveries: list(
      "Each that is configured.",
      object("A receiver.", {
        name: text("Its name."),
        kind: text("`webhook` or `syslog`."),
        format: text("`json`, `slack`, `discord`, `teams`, `text` or `rfc5424`."),
        host: text("Host and port."),
        queued: integer("Messages that wait on the disk."),
        sent: integer("Messages that were taken."),
        failed: integer("Attempts that failed and are made again."),
        refused: integer("Messages that the receiver will never take."),
        dropped: integer("Messages that were given up: the queue was full, or they were too old."),
        grouped: integer("Notices that were told together with an earlier one of the same cause."),
        trouble: optional(text("Why the last attempt failed.")),
      }),
    ),
  }),
} as const satisfies { readonly [name: string]: Field };
