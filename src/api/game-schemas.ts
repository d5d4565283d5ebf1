import { boolean, type Field, integer, list, number, object, optional, text } from "#schema/field.ts";

const plugin = object("A plugin.", {
  file: text("Its file."),
  state: text("`running`, `restarting`, `quarantined`, `stopped` or `refused`."),
  kind: optional(text("`native`, `typescript` or `wasm`.")),
  name: optional(text("Name.")),
  game: optional(text("The game's id.")),
  version: optional(text("Version.")),
  abi: optional(integer("ABI that it reports.")),
  ports: optional(list("Ports of the game's servers.", integer("Port."))),
  restarts: optional(integer("Times that it was started again.")),
  requests: optional(integer("Pieces that it was asked.")),
  failures: optional(integer("Pieces that it failed on.")),
  trouble: optional(text("Its last trouble, or why it is refused.")),
});

const field = object("A guess.", {
  offset: integer("Place in the body.", { unit: "bytes" }),
  bytes: integer("Length.", { unit: "bytes" }),
  looks_like: text("`constant`, `counter`, `timestamp`, `position`, `float`, `text`, `checksum`, `small number` or `varies`."),
  why: text("What it rests on."),
});

const opcode = object("An unknown opcode.", {
  game: text("The game's id."),
  opcode: text("Its name where there is one, else its number: `0x10`."),
  opcode_number: optional(integer("Its number; absent where packets have none.")),
  direction: text("`to_server` or `to_client`."),
  named: boolean("True when it has a name and only lacks a struct."),
  endian: text("Byte order that the guesses were made in: `little` or `big`."),
  count: integer("Packets.", { unit: "packets" }),
  sessions: integer("Sessions that the samples come from."),
  lengths: list(
    "Lengths of the bodies, the most frequent first.",
    object("A length.", { length: integer("Length.", { unit: "bytes" }), count: integer("Packets.", { unit: "packets" }) }),
  ),
  length_min: integer("Shortest body.", { unit: "bytes" }),
  length_max: integer("Longest body.", { unit: "bytes" }),
  entropy: number("Shannon entropy of the bytes.", { unit: "bits/byte" }),
  entropy_says: text("What that means."),
  samples: integer("Packets that the guesses rest on."),
  fields: list("What may stand where.", field),
  example: text("The first body, hexadecimal."),
});

/** Answers about plugins and opcodes of games, for OpenAPI's components. */
export const gameAnswers = {
  Plugins: object("Plugins of games.", { plugins: list("All that are used or were refused.", plugin) }),
  PluginReload: object("What a reload did.", {
    plugins: list(
      "Plugins that were looked at.",
      object("A plugin.", {
        file: text("Its file."),
        name: optional(text("Name.")),
        game: optional(text("The game's id.")),
        outcome: text("`reloaded`, `kept`, `added` or `refused`."),
        why: text("Why."),
        failed: optional(boolean("True when there was a new version and it could not be used.")),
      }),
    ),
  }),
  UnknownOpcodes: object("Opcodes that nobody knows.", {
    opcodes: list("The most frequent first.", opcode),
    refused: integer("Packets of further opcodes, which found no room.", { unit: "packets" }),
  }),
} as const satisfies { readonly [name: string]: Field };
