import { type Field, integer, list, number, object, optional, text } from "#schema/field.ts";

const capture = object("A capture that somebody gave to be read.", {
  id: text("Twelve hexadecimal digits; `/captures/ID/` is its page, `/captures/ID/api/v1` its API."),
  name: text("As its file was called."),
  bytes: integer("Bytes that have been taken.", { unit: "bytes" }),
  given_at: integer("When it was given.", { unit: "µs since 1970" }),
  state: text("`taking`, `waiting`, `reading`, `ready` or `failed`."),
  share: optional(number("How much has been read, 0 to 1.")),
  packets: optional(integer("Packets in it.", { unit: "packets" })),
  flows: optional(integer("Flows in it.", { unit: "flows" })),
  findings: optional(integer("Findings in it.")),
  cause: optional(text("Why it could not be read.")),
});

/** The answers about captures that are given, for OpenAPI's components. */
export const captureAnswers = {
  Capture: capture,
  Captures: object("Captures that were given, the newest first.", {
    captures: list("Each of them.", capture),
    bytes_max: integer("Largest capture that is taken; 0 where none are taken.", { unit: "bytes" }),
    piece_bytes_max: integer("Largest piece of one request.", { unit: "bytes" }),
  }),
} as const satisfies { readonly [name: string]: Field };
