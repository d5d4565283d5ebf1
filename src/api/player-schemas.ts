import { boolean, type Field, integer, list, number, object, open, optional, text } from "#schema/field.ts";

const sessionFields = {
  session: integer("Number of the session in its run of the engine."),
  since: text("Time of its first packet."),
  seen: text("Time of its newest event."),
  age: number("How long it has lasted.", { unit: "s" }),
  state: text("`online` or `left`."),
  address: optional(text("Address of the client.")),
  port: optional(integer("Port of the client.")),
  flow_id: optional(integer("Identity of the flow.")),
  packets_in: integer("Packets of the game to the server.", { unit: "packets" }),
  packets_out: integer("Packets of the game to the client.", { unit: "packets" }),
};

const row = object("A player as its newest event tells it.", {
  ...sessionFields,
  id: text("Id of the player: `lantern:42`."),
  name: optional(text("Name.")),
  game: text("The game's id."),
  level: optional(integer("Level.")),
  position: optional(open("Where it stands: `x`, `y`, `z`, `map`.")),
  health: optional(open("Hit points: `now`, `most`.")),
  rtt_ms: optional(number("Round trip.", { unit: "ms" })),
  actions: integer("Packets that tell what it did.", { unit: "packets" }),
  verdict: optional(text("`human`, `undecided` or `bot`.")),
  score: optional(number("0 (people) to 1 (a program).")),
  watched: boolean("True on the watch list."),
  whitelisted: boolean("True on the whitelist: nothing is found of it."),
  note: text("What people wrote on it; may be empty."),
});

const point = object("A point, from one event.", {
  time: integer("When.", { unit: "µs since 1970" }),
  score: optional(number("0 to 1.")),
  classic: optional(number("The weighted heuristics alone.")),
  rhythm: optional(number("Rhythm, order and repetition.")),
  verdict: optional(text("`human`, `undecided` or `bot`.")),
  actions: integer("Actions until then.", { unit: "packets" }),
});

/** Answers about players, for OpenAPI's components. */
export const playerAnswers = {
  Players: object("Players, each once.", {
    players: list("Those that match.", row),
    next: optional(text("`cursor` of the next page; absent at the end.")),
  }),
  Player: object("A player.", {
    player: row,
    event: open("The newest event, with statistics and evidence."),
    history: list("Score over time, oldest first.", point),
    sessions: list("Its sessions, newest first.", object("A session.", sessionFields)),
    findings: list("What was found of it, newest first.", open("A finding.")),
    truncated: boolean("True when there are older events than were looked at."),
  }),
  PlayerMark: object("What people say of a player.", {
    player: text("Id of the player."),
    note: text("The note; may be empty."),
    watched: boolean("True on the watch list."),
    whitelisted: boolean("True on the whitelist."),
    changed: integer("When it was last changed.", { unit: "ms since 1970" }),
  }),
} as const satisfies { readonly [name: string]: Field };
