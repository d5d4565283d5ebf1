import { boolean, type Field, integer, list, object, optional, text } from "#schema/field.ts";

const row = object("Who is not told.", {
  entry: text("`10.0.0.5`, `10.0.0.5>10.0.0.9`, `scan=10.0.0.0/24`."),
  origin: text("`configuration`: it stands in `detect.allow`; `list`: it was added while the program ran."),
  note: text("Why it is there; may be empty."),
  who: text("Who has put it there, as they call themselves; may be empty."),
  added: optional(text("When it was added; absent in the configuration.")),
  expires: optional(text("Time from which it protects nobody any more; absent for never.")),
  expired: boolean("True when that time has come."),
  hits: integer("Findings that it has kept back."),
  last: optional(text("Time of the newest of them.")),
  pairs: list(
    "Whom it has protected from what, most often first; of many only some.",
    object("A pair.", {
      detector: text("Who would have told it."),
      source: text("Who would have been accused; may be empty."),
      target: text("Whom it was done to; may be empty."),
      hits: integer("Findings that were kept back."),
      last: text("Time of the newest of them."),
    }),
  ),
});

/** Answers about the allow-list, for OpenAPI's components. */
export const allowAnswers = {
  Allowed: object("Who is never told.", {
    entries: list("Those of the configuration, then those that were added.", row),
    hits: integer("Findings that all of them have kept back."),
  }),
  AllowedEntry: row,
} as const satisfies { readonly [name: string]: Field };
